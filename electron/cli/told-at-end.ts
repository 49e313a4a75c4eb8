import type { PSSession } from '../../shared/session.ts';
import type { AuditedAction } from '../audit.ts';
import { commandFor } from './command-for.ts';
import type { Reporter } from './report.ts';
import type { Target } from './target.ts';

type Named = Pick<PSSession, 'name' | 'instanceId'>;

/** @param why a sentence */
export const mayBeInUse = (target: Target, { name, instanceId }: Named, why: string): string =>
  `[${target.computerName}] ${name} may still read as in use, for it could not be left: ${why} ${commandFor('Disconnect-PSSession', target, instanceId)} tries again, as the same client.`;

/** What is said of one that this run may have taken up, and could not leave. @param mayBeGone its removal had no answer */
export function notLeftOf(target: Target, { name, instanceId }: Named, mayBeGone: boolean): string {
  const leaves = `${commandFor('Disconnect-PSSession', target, instanceId)} leaves it`;
  return mayBeGone
    ? `[${target.computerName}] ${name} may have been removed by now, or still read as in use: ${commandFor('Get-PSSession', target, instanceId)} shows it. Where it is there, ${leaves}.`
    : `[${target.computerName}] ${name} could not be left and may still read as in use; ${leaves}.`;
}

/** What is said of an act whose end nobody waits for any more; undefined of one that changes nobody's hold on a session. */
export function cutOff(
  action: AuditedAction,
  { report }: { readonly report: Pick<Reporter, 'warn'> },
  target: Target,
  session: Named,
): ((why: string) => void) | undefined {
  const { computerName } = target;
  const { name, instanceId } = session;
  const shown = commandFor('Get-PSSession', target, instanceId);
  switch (action) {
    case 'create':
      return (why) =>
        report.warn(
          `[${computerName}] The session ${name} (${instanceId}) may be there all the same: ${why} ${shown} shows it, Remove-PSSession ends it.`,
        );
    case 'connect':
      return (why) => report.warn(mayBeInUse(target, session, why));
    case 'remove':
    case 'forceRemove':
      return (why) =>
        report.warn(
          `[${computerName}] The session ${name} (${instanceId}) may be removed, in use or as it was: ${why} ${shown} shows it.`,
        );
    default:
      return undefined;
  }
}
