import type { PSSession } from '../../shared/session.ts';
import { auditedError } from '../audit.ts';
import type { AuditedAction, AuditedBy } from '../audit.ts';
import { isLeftAlready, toErrorInfo, WinRMError } from '../winrm/index.ts';
import type { RemoteComputer } from '../winrm/index.ts';
import type { Context } from './context.ts';
import type { Target } from './target.ts';
import { cutOff } from './told-at-end.ts';

/** Does something to a session by a client, and has it written down with what came of it, and where. @throws what the act throws */
export async function audited<T>(
  context: Context,
  action: AuditedAction,
  target: Target,
  session: Pick<PSSession, 'name' | 'instanceId'>,
  client: Pick<RemoteComputer, 'url'>,
  act: () => Promise<T>,
  by: AuditedBy = 'person',
): Promise<T> {
  const { audit, io, userNameOf, held } = context;
  const { name, instanceId } = session;
  const write = (failure?: { readonly errorId: string }) =>
    audit({
      at: io.now(),
      action,
      by,
      computer: target.computerName,
      endpoint: client.url,
      session: { name, instanceId },
      account: userNameOf(target),
      result: failure ? 'failed' : 'done',
      ...failure,
    });
  try {
    const notLeft = by === 'person' ? cutOff(action, context, target, session) : undefined;
    const value = await (notLeft ? held.underWay(act, { notLeft }) : act());
    write();
    return value;
  } catch (error) {
    // Whoever stops the run ends its requests with a reason of their own.
    const isStopped = io.signal.aborted && !(error instanceof WinRMError);
    write({ errorId: isStopped ? 'cancelled' : auditedError(toErrorInfo(error)) });
    throw error;
  }
}

/**
 * Leaves a session that an earlier run of ours holds still, for what the person wants done needs that first. Only the
 * computer knows whether it does: another may be in it by now, and a run that was faster may have left it.
 */
export async function leaveFirst(
  context: Context,
  target: Target,
  client: RemoteComputer,
  session: PSSession,
): Promise<void> {
  const leave = () => client.disconnect(session, {}, context.io.signal);
  try {
    await audited(context, 'disconnect', target, session, client, leave, 'app');
  } catch (error) {
    if (!isLeftAlready(error)) throw error;
  }
}
