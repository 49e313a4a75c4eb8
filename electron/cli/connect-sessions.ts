import type { PSSession } from '../../shared/session.ts';
import type { HeldSession } from '../winrm/index.ts';
import { withRecord } from '../store/clients.ts';
import { audited } from './audited.ts';
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
  const isHeldByUs = isOurs(found, session) && session.availability === 'Busy';
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
    // Only the computer knows whether that earlier run holds it still: it is left, and taken up again.
    if (isHeldByUs) await found.computer.disconnect(session, {}, io.signal);
    taken = await takeUp(context, target, found, { ...session, availability: 'None' });
    held.add(taken, found.computer);
    io.signal.throwIfAborted();
    await remember(context, target, found, session, 'Opened');
    return taken.session;
  } catch (error) {
    io.signal.throwIfAborted();
    // What no later run would know as its own must not stay in use.
    if (taken) await held.leave(taken);
    const message = `The connect operation failed for session ${session.name} with the following error message: `;
    report.error(actionFailure(target.computerName, error, message, 'PSSessionConnectFailed'));
    return undefined;
  }
}

/** An earlier run is connected to it, or was and left it. */
export function isOurs({ stored }: Found, { instanceId }: PSSession): boolean {
  return stored?.sessions.some((one) => one.instanceId === instanceId) ?? false;
}

/** As the same client where an earlier run left it; where the computer does not know that client any more, anew. */
export function takeUp(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<HeldSession> {
  return audited(context, 'connect', target, session, () => connectAgain(context, found, session));
}

async function connectAgain({ io }: Context, found: Found, session: PSSession): Promise<HeldSession> {
  if (!isOurs(found, session)) return found.computer.connect(session, io.signal);
  try {
    return await found.computer.reconnect(session, io.signal);
  } catch {
    io.signal.throwIfAborted();
    return found.computer.connect(session, io.signal);
  }
}

/** Keeps in the state file how this client left a session; the sample fleet is gone with the run. */
export async function remember(
  { request, store, userNameOf }: Context,
  target: Target,
  { computer }: Found,
  { instanceId, name }: PSSession,
  state: 'Opened' | 'Disconnected' | 'gone',
): Promise<void> {
  if (request.sample) return;
  const client = { url: target.url, userName: userNameOf(target), sessionId: computer.sessionId };
  await store.update(client, (sessions) => withRecord(sessions, { instanceId, name, state }));
}

/** Who has it, as far as the computer says. */
export function inUseBy({ shell }: PSSession): string {
  const who = shell.owner ? ` by ${shell.owner}` : '';
  const where = shell.clientIP ? ` from ${shell.clientIP}` : '';
  return `It is in use${who}${where}: a session can have one client at a time.`;
}
