import type { PSSession } from '../../shared/session.ts';
import { toErrorInfo } from '../winrm/index.ts';
import type { HeldSession } from '../winrm/index.ts';
import type { HeldRecord } from '../store/clients.ts';
import { audited, leaveFirst } from './audited.ts';
import { actOnEach } from './act-on-each.ts';
import type { Context } from './context.ts';
import { writeSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { actionFailure } from './report.ts';
import type { Target } from './target.ts';

/** Connect-PSSession: takes the sessions up and leaves them connected, to a client that later runs continue. */
export async function connectSessions(context: Context): Promise<void> {
  const opened = await actOnEach(context, (target, found, session) =>
    connectOne(context, target, found, session),
  );
  // Stopped half-way, the run leaves what it has taken up so far, too.
  context.io.signal.throwIfAborted();
  context.held.keepAll();
  writeSessions(context, opened);
}

async function connectOne(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<PSSession | undefined> {
  const { report, held, io } = context;
  let taken: HeldSession | undefined;
  const isHeldByUs = found.clients.isOurs(session) && session.availability === 'Busy';
  if (session.availability !== 'None' && !isHeldByUs) {
    report.error({
      computerName: target.computerName,
      message: `Cannot connect PSSession "${session.name}", either because it is not in the Disconnected state, or it is not available for connection.`,
      errorId: 'PSSessionConnectFailed',
      hints: [inUseBy(session)],
    });
    return undefined;
  }
  try {
    if (isHeldByUs) await leaveFirst(context, target, found.clients.of(session), session);
    taken = await takeUp(context, target, found, { ...session, availability: 'None' });
    heldFor(context, target, found, taken);
    io.signal.throwIfAborted();
    await remember(context, target, found, session, 'Opened');
    return taken.session;
  } catch (error) {
    io.signal.throwIfAborted();
    // What no later run would know as its own must not stay in use.
    if (taken) await held.leave(taken);
    const message = taken
      ? `The session ${session.name} was left again, for no later run would know it as its own: `
      : `The connect operation failed for session ${session.name} with the following error message: `;
    report.error(actionFailure(target.computerName, error, message, 'PSSessionConnectFailed'));
    return undefined;
  }
}

/** From now on the run leaves it at its end, unless it is released. */
export function heldFor(context: Context, target: Target, { clients }: Found, taken: HeldSession): void {
  const { session } = taken;
  const client = clients.of(session);
  context.held.add(taken, client, (act) =>
    audited(context, 'disconnect', target, session, client, act, 'app'),
  );
}

/** As the same client where an earlier run left it; where the computer does not know that client any more, anew. */
export function takeUp(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<HeldSession> {
  const client = found.clients.of(session);
  return audited(context, 'connect', target, session, client, () => connectAgain(context, found, session));
}

async function connectAgain({ io }: Context, found: Found, session: PSSession): Promise<HeldSession> {
  const client = found.clients.of(session);
  if (!found.clients.isOurs(session)) return client.connect(session, io.signal);
  try {
    return await client.reconnect(session, io.signal);
  } catch {
    io.signal.throwIfAborted();
    return client.connect(session, io.signal);
  }
}

/** Keeps in the state file how this client left a session; the sample fleet is gone with the run. @throws as ClientStore.record */
export async function remember(
  { request, store, userNameOf }: Context,
  target: Target,
  { clients }: Found,
  session: PSSession,
  state: HeldRecord['state'],
): Promise<void> {
  if (request.sample) return;
  const { sessionId } = clients.of(session);
  const client = { url: target.url, userName: userNameOf(target), sessionId };
  const { instanceId, name } = session;
  await store.record(client, { instanceId, name, state });
}

/** The same where the session is out of our hands already: a record that is out of date does no harm, so it is a warning. */
export async function rememberLeft(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
  state: 'Disconnected' | 'gone',
): Promise<void> {
  try {
    await remember(context, target, found, session, state);
  } catch (error) {
    const done = state === 'gone' ? 'removed' : 'disconnected';
    const { message } = toErrorInfo(error);
    context.report.warn(`[${target.computerName}] ${session.name} was ${done}, but: ${message}`);
  }
}

/** Who has it, as far as the computer says. */
export function inUseBy({ shell }: PSSession): string {
  const who = shell.owner ? ` by ${shell.owner}` : '';
  const where = shell.clientIP ? ` from ${shell.clientIP}` : '';
  return `It is in use${who}${where}: a session can have one client at a time.`;
}
