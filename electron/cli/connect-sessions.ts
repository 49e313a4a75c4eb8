import type { PSSession } from '../../shared/session.ts';
import { isFault, isGone, isLeftAlready } from '../winrm/index.ts';
import type { HeldSession } from '../winrm/index.ts';
import { audited, leaveFirst } from './audited.ts';
import { actOnEach } from './act-on-each.ts';
import type { Context } from './context.ts';
import { writeSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { anotherRun, noteFirst, noteNotTaken, remember, rememberLeft } from './remembering.ts';
import { actionFailure } from './report.ts';
import type { Target } from './target.ts';
import { mayBeInUse } from './told-at-end.ts';

/** Connect-PSSession: takes the sessions up and leaves them connected, to a client that later runs continue. */
export async function connectSessions(context: Context): Promise<void> {
  const opened = await actOnEach(context, (target, found, session) =>
    connectOne(context, target, found, session),
  );
  // Stopped half-way, the run leaves what it has taken up so far, too; and nothing stays connected that was not told.
  context.io.signal.throwIfAborted();
  writeSessions(context, opened);
  context.held.keepAll();
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
    taken = await takeUp(context, target, found, session);
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

/**
 * From now on the run leaves it at its end, unless it is released.
 *
 * @param notLeft is told, then, why it could not be left: a sentence
 */
export function heldFor(
  context: Context,
  target: Target,
  found: Found,
  taken: HeldSession,
  notLeft = (why: string) => context.report.warn(mayBeInUse(target, taken.session, why)),
): void {
  const { session } = taken;
  const client = found.clients.of(session);
  context.held.add(taken, client, {
    around: async (act) => {
      const left = audited(context, 'disconnect', target, session, client, act, 'app');
      const state = await left.then(() => 'left' as const, noMoreHeld);
      // That somebody else had left it is the computer's word: were it not so, nobody but this client could leave it.
      if (state === 'Disconnected') return;
      await rememberLeft(context, target, found, session, state === 'left' ? 'Disconnected' : state);
    },
    notLeft,
  });
}

/** What is not there any more need not be left, nor what somebody else had disconnected. */
export function noMoreHeld(error: unknown): 'gone' | 'Disconnected' {
  if (isGone(error)) return 'gone';
  if (isLeftAlready(error)) return 'Disconnected';
  throw error;
}

/**
 * As the same client where an earlier run left it; where the computer does not know that client any more, anew. What an
 * earlier run connected is left first, and then taken up like any other. As whom is kept before the computer is asked.
 *
 * @throws as noteFirst, and what the computer has against it
 */
export async function takeUp(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<HeldSession> {
  const client = found.clients.of(session);
  await noteFirst(context, target, found, session);
  let known = session;
  try {
    if (found.clients.mayLeave(session)) await leaveFirst(context, target, client, session);
    const free: PSSession = { ...session, availability: 'None' };
    known = free;
    return await audited(context, 'connect', target, session, client, () =>
      connectAgain(context, found, free),
    );
  } catch (error) {
    await noteNotTaken(context, target, found, known);
    throw error;
  }
}

async function connectAgain({ io }: Context, found: Found, session: PSSession): Promise<HeldSession> {
  const client = found.clients.of(session);
  if (!found.clients.isOurs(session)) return client.connect(session, io.signal);
  try {
    return await client.reconnect(session, io.signal);
  } catch (error) {
    io.signal.throwIfAborted();
    // After anything else than its word it may have been carried out, and whoever asks again would stand in its way.
    if (!isFault(error)) throw error;
    return client.connect(session, io.signal);
  }
}

/** Who has it, as far as the computer says. */
export function inUseBy(session: PSSession, { clients }: Pick<Found, 'clients'>): string {
  const { shell } = session;
  const other = clients.runInside(session);
  if (other) return anotherRun(other);

  const who = shell.owner ? ` by ${shell.owner}` : '';
  const where = shell.clientIP ? ` from ${shell.clientIP}` : '';
  return `It is in use${who}${where}: a session can have one client at a time.`;
}
