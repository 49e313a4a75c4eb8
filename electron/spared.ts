import { isInUse } from '../shared/session.ts';
import type { PSSession } from '../shared/session.ts';
import { WinRMError } from './winrm/index.ts';

/** As the end of a sentence. */
export const whoIsIn = ({ name, computerName, shell: { owner, clientIP } }: PSSession): string =>
  `${owner ?? 'another client'} is in ${name} on ${computerName}${clientIP ? ` from ${clientIP}` : ''} now.`;

/** @throws WinRMError 'denied' with who is in it, where somebody is */
export function spare(session: PSSession | undefined, cause?: WinRMError): void {
  if (!session || !isInUse(session)) return;
  throw new WinRMError('denied', `It was not removed: ${whoIsIn(session)}`, { ...cause?.info, cause });
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
