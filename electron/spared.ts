import { isIn } from '../shared/in-use-words.ts';
import { isInUse } from '../shared/session.ts';
import type { PSSession } from '../shared/session.ts';
import { WinRMError } from './winrm/index.ts';

/** As the end of a sentence. */
export const whoHasIt = ({ name, computerName, shell }: PSSession): string =>
  `${isIn(shell, `${name} on ${computerName}`)} now.`;

/** @throws WinRMError 'denied' with who is in it, where somebody is */
export function spare(session: PSSession | undefined, cause?: WinRMError): void {
  if (!session || !isInUse(session)) return;
  throw new WinRMError('denied', `It was not removed: ${whoHasIt(session)}`, { ...cause?.info, cause });
}

/** As a computer would have it that has noticed that its client is gone. */
export const asFree = (session: PSSession): PSSession => ({
  ...session,
  state: 'Disconnected',
  availability: 'None',
});

/** Of one whose connection was lost here. */
export function notLetGo(
  { name, computerName }: Pick<PSSession, 'name' | 'computerName'>,
  cause: WinRMError,
) {
  const message =
    `${name} was not removed: ${computerName} still takes the client for connected whose connection was lost here. ` +
    'It can be removed as soon as the computer has noticed, or by force.';
  return new WinRMError('denied', message, { ...cause.info, cause });
}
