import type { PSSession } from '../../shared/session.ts';
import type { HeldRecord } from '../store/clients.ts';
import { toErrorInfo, WinRMError } from '../winrm/index.ts';
import type { Context } from './context.ts';
import { otherRun, staysConnected } from './earlier-clients.ts';
import type { OtherRun } from './earlier-clients.ts';
import type { Found } from './list-sessions.ts';
import type { Target } from './target.ts';

/** As it stands in the state file: which session, and how it is to this client. */
type State = HeldRecord['state'];

/**
 * Before anything is sent that takes a session up, leaves it or ends it: whatever becomes of this run then, a later one
 * knows as which client the session was taken up and can leave it, and another that runs now keeps out of it.
 *
 * @throws WinRMError 'denied' when another run was faster: as the same client it would be no conflict to the computer, which
 *   would give what the session says to both, a part to each
 * @throws as ClientStore.note where the session is to stay connected; elsewhere that is a warning, and the session is read
 */
export async function noteFirst(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<void> {
  if (!keeps(context, found)) return;
  const { store, runs, io, report } = context;
  const client = clientOf(context, target, found, session);
  let faster: OtherRun | undefined;
  try {
    const run = await runs.claim(session.instanceId, client.sessionId);
    faster = run && otherRun(run, io);
    if (!faster) await store.note(client, recordOf(session, 'Opened'));
  } catch (error) {
    if (staysConnected(context)) throw error;
    const { message } = toErrorInfo(error);
    const { computerName } = target;
    report.warn(
      `[${computerName}] If this run is broken off, no later one can leave ${session.name}: ${message}`,
    );
  }
  if (faster) throw new WinRMError('denied', anotherRun(faster));
}

/** Who is in it, and what to do. */
export function anotherRun({ processId, host, isElsewhere }: OtherRun): string {
  const leave = 'Disconnect-PSSession has it leave; what runs there goes on.';
  if (!isElsewhere) return `Another run of pssm (process ${processId}) is in it. ${leave}`;
  const where = host === undefined ? '' : ` on ${host}`;
  return `Another run of pssm (process ${processId}${where}) was in it when it was last heard of, and whether it still runs cannot be seen from here. ${leave}`;
}

/** After a Connect that failed: unless the session may be ours all the same, what was known of it before counts. */
export async function noteNotTaken(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<void> {
  if (!keeps(context, found) || context.notLeft.has(session.instanceId)) return;
  const left: State = session.availability === 'None' ? 'Disconnected' : 'Opened';
  const state: State = found.clients.isOurs(session) ? left : 'gone';
  await context.store
    .note(clientOf(context, target, found, session), recordOf(session, state))
    .catch(() => undefined); // a record that is out of date does no harm
}

/** After a Create of which nothing is left. */
export async function noteNotMade(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<void> {
  if (!keeps(context, found)) return;
  await remember(context, target, found, session, 'gone').catch(() => undefined); // as above
}

/** Keeps how this client left a session. @throws as ClientStore.record */
export async function remember(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
  state: State,
): Promise<void> {
  if (context.request.sample) return; // it is gone with the run
  await context.store.record(clientOf(context, target, found, session), recordOf(session, state));
}

/** The same where the session is out of our hands already: a record that is out of date does no harm, so it is a warning. */
export async function rememberLeft(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
  state: 'Disconnected' | 'gone',
): Promise<void> {
  if (!keeps(context, found)) return;
  try {
    if (state === 'gone' || found.clients.isOurs(session))
      await remember(context, target, found, session, state);
    else await context.store.note(clientOf(context, target, found, session), recordOf(session, 'gone'));
  } catch (error) {
    const done = state === 'gone' ? 'removed' : 'disconnected';
    const { message } = toErrorInfo(error);
    context.report.warn(`[${target.computerName}] ${session.name} was ${done}, but: ${message}`);
  }
}

/** Whoever was in it is not any more. Never rejects. */
export async function forgetRuns({ request, runs }: Context, { instanceId }: PSSession): Promise<void> {
  if (!request.sample) await runs.forget(instanceId);
}

/** Where the file could not be read that was said, and it is left alone. */
const keeps = ({ request }: Context, { clients }: Found): boolean =>
  !request.sample && clients.earlier !== undefined;

const recordOf = ({ instanceId, name }: PSSession, state: State): HeldRecord => ({ instanceId, name, state });

function clientOf({ userNameOf }: Context, target: Target, { clients }: Found, session: PSSession) {
  const { sessionId } = clients.of(session);
  return { url: target.url, userName: userNameOf(target), sessionId };
}
