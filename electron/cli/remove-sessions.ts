import type { PSSession } from '../../shared/session.ts';
import { audited, leaveFirst } from './audited.ts';
import { actOnEach } from './act-on-each.ts';
import { inUseBy, rememberLeft } from './connect-sessions.ts';
import type { Context } from './context.ts';
import { writeSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { actionFailure } from './report.ts';
import type { Target } from './target.ts';

/** Remove-PSSession: ends sessions and what runs in them. One in use is spared, unless it is forced or our own. */
export async function removeSessions(context: Context): Promise<void> {
  const removed = await actOnEach(context, (target, found, session) =>
    removeOne(context, target, found, session),
  );
  // PowerShell writes nothing here.
  if (context.request.json) writeSessions(context, removed);
}

async function removeOne(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<PSSession | undefined> {
  const { request, io, report } = context;
  const ours = found.clients.isOurs(session);
  const client = found.clients.of(session);
  try {
    const isBusyByUs = ours && session.availability === 'Busy' && !request.force;
    if (isBusyByUs) await leaveFirst(context, target, client, session);
    const free: PSSession = isBusyByUs ? { ...session, availability: 'None' } : session;
    const action = request.force ? 'forceRemove' : 'remove';
    await audited(context, action, target, session, client, () =>
      client.remove(free, { force: request.force }, io.signal),
    );
    if (ours) await rememberLeft(context, target, found, session, 'gone');
    return { ...session, state: 'Closed' };
  } catch (error) {
    io.signal.throwIfAborted();
    const failure = actionFailure(target.computerName, error, '', 'InvalidOperation');
    const inUse = session.availability === 'Busy' && !request.force;
    const hints = inUse
      ? [inUseBy(session), 'Remedy : -Force removes it without connecting to it.']
      : failure.hints;
    report.error({ ...failure, ...(hints ? { hints } : {}) });
    return undefined;
  }
}
