import type { PSSession } from '../../shared/session.ts';
import type { HeldSession } from '../winrm/index.ts';
import { audited, leaveFirst } from './audited.ts';
import { actOnEach } from './act-on-each.ts';
import type { Context } from './context.ts';
import { writeSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { noteFirst, noteNotTaken, remember, rememberLeft } from './remembering.ts';
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
  const isHeldByUs = found.clients.mayLeave(session);
  if (session.availability !== 'None' && !isHeldByUs) {
    report.error({
      computerName: target.computerName,
      message: `Cannot connect PSSession "${session.name}", either because it is not in the Disconnected state, or it is not available for connection.`,
      errorId: 'PSSessionConnectFailed',
      hints: [inUseBy(session, found)],
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
export function heldFor(context: Context, target: Target, found: Found, taken: HeldSession): void {
  const { session } = taken;
  const client = found.clients.of(session);
  context.held.add(taken, client, {
    around: async (act) => {
      await audited(context, 'disconnect', target, session, client, act, 'app');
      await rememberLeft(context, target, found, session, 'Disconnected');
    },
    notLeft: (why) =>
      context.report.warn(
        `[${target.computerName}] ${session.name} may still read as in use, for it could not be left: ${why} Disconnect-PSSession tries again, as the same client.`,
      ),
  });
}

/**
 * As the same client where an earlier run left it; where the computer does not know that client any more, anew. As whom is
 * kept before it is asked.
 */
export async function takeUp(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<HeldSession> {
  const client = found.clients.of(session);
  const act = () => connectAgain(context, found, session);
  await noteFirst(context, target, found, session);
  try {
    return await audited(context, 'connect', target, session, client, act);
  } catch (error) {
    await noteNotTaken(context, target, found, session);
    throw error;
  }
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

/** Who has it, as far as the computer says. */
export function inUseBy(session: PSSession, { clients }: Pick<Found, 'clients'>): string {
  const { shell } = session;
  const processId = clients.runInside(session);
  if (processId !== undefined)
    return `Another run of pssm (process ${processId}) is in it. Disconnect-PSSession has it leave; what runs there goes on.`;

  const who = shell.owner ? ` by ${shell.owner}` : '';
  const where = shell.clientIP ? ` from ${shell.clientIP}` : '';
  return `It is in use${who}${where}: a session can have one client at a time.`;
}
