import type { PSSession } from '../../shared/session.ts';
import { isGone, isLeftAlready } from '../winrm/index.ts';
import { audited, leaveFirst } from './audited.ts';
import { actOnEach } from './act-on-each.ts';
import { inUseBy } from './connect-sessions.ts';
import { BindingError } from './binding/binding-error.ts';
import type { Context } from './context.ts';
import { writeSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { forgetRuns, noteFirst, noteNotTaken, rememberLeft } from './remembering.ts';
import { actionFailure } from './report.ts';
import type { Target } from './target.ts';

/** Remove-PSSession: ends sessions and what runs in them. One in use is spared, unless it is forced or our own. */
export async function removeSessions(context: Context): Promise<void> {
  demandUnsafe(context);
  const removed = await actOnEach(context, (target, found, session) =>
    removeOne(context, target, found, session),
  );
  // PowerShell writes nothing here.
  if (context.request.json) writeSessions(context, removed);
}

/** The window has a number typed there, which a prompt that may be a script's cannot. @throws BindingError */
function demandUnsafe({ request, targets }: Context): void {
  const safe = targets.filter((target) => target.isSafe);
  if (safe.length === 0 || request.whatIf || request.unasked) return;
  const names = safe.slice(0, 3).map(({ computerName }) => computerName);
  const all = `${names.join(', ')}${safe.length > names.length ? ', …' : ''}`;
  throw new BindingError(
    'SafeMode',
    `Nothing was removed: ${all} ${safe.length > 1 ? 'stand' : 'stands'} in a group in safe mode. -WhatIf shows what would go, -Confirm:$false removes it.`,
  );
}

async function removeOne(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<PSSession | undefined> {
  const { request, io, report } = context;
  const client = found.clients.of(session);
  let known = session;
  try {
    const isBusyByUs = found.clients.mayLeave(session) && !request.force;
    // Without -Force it is connected first, and must not stay so if the run ends in between.
    const connects = !request.force && (session.availability === 'None' || isBusyByUs);
    if (connects) await noteFirst(context, target, found, session);
    const free: PSSession = isBusyByUs ? { ...session, availability: 'None' } : session;
    let isAsked = false;
    const action = request.force ? 'forceRemove' : 'remove';
    try {
      if (isBusyByUs) await leaveFirst(context, target, client, session);
      known = free;
      io.signal.throwIfAborted();
      isAsked = true;
      await audited(context, action, target, session, client, () =>
        client.remove(free, { force: request.force }, io.signal),
      );
    } catch (error) {
      if (connects) await noteNotTaken(context, target, found, known);
      // The answer was not waited for, so what it would have said nobody knows.
      if (io.signal.aborted && isAsked) context.perhapsRemoved.add(session.name);
      throw error;
    }
    if (connects || found.clients.isOurs(session))
      await rememberLeft(context, target, found, session, 'gone');
    if (request.force) await forgetRuns(context, session);
    return { ...session, state: 'Closed' };
  } catch (error) {
    io.signal.throwIfAborted();
    const failure = actionFailure(target.computerName, error, '', 'InvalidOperation');
    // It was when it was listed; somebody may have left or ended it since.
    const isFree = isGone(error) || isLeftAlready(error);
    const inUse = known.availability === 'Busy' && !request.force && !isFree;
    const hints = inUse
      ? [inUseBy(session, found), 'Remedy : -Force removes it without connecting to it.']
      : failure.hints;
    report.error({ ...failure, ...(hints ? { hints } : {}) });
    return undefined;
  }
}
