import { MIN_IDLE_TIMEOUT_MS } from '../../shared/idle-timeout.ts';
import type { PSSession } from '../../shared/session.ts';
import { isGone, isLeftAlready } from '../winrm/index.ts';
import { audited } from './audited.ts';
import { actOnEach } from './act-on-each.ts';
import { inUseBy } from './connect-sessions.ts';
import type { Context } from './context.ts';
import { notOurs } from './earlier-clients.ts';
import { writeSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { forgetRuns, rememberLeft } from './remembering.ts';
import { actionFailure } from './report.ts';
import type { Target } from './target.ts';

/** What a computer allows that does not say. */
const MAX_IDLE_MS = 0x7f_ff_ff_ff;

/** Disconnect-PSSession: leaves what an earlier run connected to. What runs there goes on. */
export async function disconnectSessions(context: Context): Promise<void> {
  const left = await actOnEach(context, (target, found, session) =>
    disconnectOne(context, target, found, session),
  );
  writeSessions(context, left);
}

async function disconnectOne(
  context: Context,
  target: Target,
  found: Found,
  session: PSSession,
): Promise<PSSession | undefined> {
  const { report, request, io } = context;
  const { computerName } = target;
  const refusal = badIdleTime(session, request.disconnect.idleTimeoutMs);
  if (refusal) {
    const errorId = 'CannotDisconnectSessionWithInvalidIdleTimeout';
    report.error({ computerName, message: refusal, errorId });
    return undefined;
  }
  // PowerShell writes one that is disconnected already as it is.
  if (session.availability === 'None') return session;
  try {
    const client = found.clients.of(session);
    const leave = () => client.disconnect(session, request.disconnect, io.signal);
    // Another was faster, and it is as PowerShell writes one that is disconnected already.
    await audited(context, 'disconnect', target, session, client, leave).catch((error: unknown) => {
      if (!isLeftAlready(error)) throw error;
    });
    await rememberLeft(context, target, found, session, 'Disconnected');
    await forgetRuns(context, session);
    return { ...session, state: 'Disconnected', availability: 'None' };
  } catch (error) {
    io.signal.throwIfAborted();
    const failure = actionFailure(
      computerName,
      error,
      `The disconnect operation failed for session ${session.name} with the following error message: `,
      'PSSessionDisconnectFailed',
    );
    const why = `${inUseBy(session, found)} ${notOurs(found.clients.earlier, session)}`;
    // Who has it is no matter where nobody does.
    const isPlain = found.clients.isOurs(session) || isGone(error);
    report.error(isPlain ? failure : { ...failure, hints: [why, ...(failure.hints ?? [])] });
    return undefined;
  }
}

function badIdleTime({ name, shell }: PSSession, idleTimeoutMs: number | undefined): string | undefined {
  const maxMs = shell.maxIdleTimeoutMs ?? MAX_IDLE_MS;
  if (idleTimeoutMs === undefined || (idleTimeoutMs >= MIN_IDLE_TIMEOUT_MS && idleTimeoutMs <= maxMs))
    return undefined;
  const seconds = (ms: number) => Math.floor(ms / 1000);
  return `The session ${name} cannot be disconnected because the specified idle time-out value ${seconds(idleTimeoutMs)} (seconds) is either greater than the server maximum allowed ${seconds(maxMs)} (seconds), or less than the minimum allowed ${seconds(MIN_IDLE_TIMEOUT_MS)} (seconds).  Specify an idle time-out value that is within the allowed range, and try again.`;
}
