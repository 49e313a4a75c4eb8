import type { PSSession } from '../../shared/session.ts';
import { isGone, OutputRenderer } from '../winrm/index.ts';
import type { HeldSession, PipelineEvent } from '../winrm/index.ts';
import { audited } from './audited.ts';
import { heldFor, inUseBy, takeUp } from './connect-sessions.ts';
import type { Context } from './context.ts';
import type { CommandIO } from './io.ts';
import { actOnSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { remember, rememberLeft } from './remembering.ts';
import { actionFailure } from './report.ts';
import { createWriter } from './stream-writer.ts';
import { theOnly } from './target.ts';
import type { Target } from './target.ts';
import { wouldDo } from './what-if.ts';

/**
 * Receive-PSSession: takes one session up, writes what it said and says until its command ends, and leaves it.
 * Output goes to stdout, the other streams to stderr; with -Json a line for each thing said, all on stdout.
 */
export async function receiveSession(context: Context): Promise<void> {
  // PowerShell takes the first whose name is the one given, letter by letter, so no pattern may come between.
  const { name: [wanted] = [], ...filter } = context.request.filter;
  const isWanted = ({ name }: PSSession) =>
    wanted === undefined || name.toLowerCase() === wanted.toLowerCase();
  let isFound = false;
  const answered = await actOnSessions(
    context,
    async (target, found) => {
      const session = found.sessions.find(isWanted);
      if (!session) return;
      isFound = true;
      if (wouldDo(context, session)) return;
      await receiveOne(context, target, found, session);
    },
    filter,
  );
  if (wanted !== undefined && !isFound && answered.length > 0) reportNothing(context, wanted);
}

/** Real PowerShell says nothing here, which helps nobody. */
function reportNothing({ report, targets }: Context, name: string): void {
  const message = `The command cannot find a PSSession that has the name "${name}".`;
  report.error({ ...theOnly(targets), message, errorId: 'PSSessionNameMatchFail' });
}

async function receiveOne(context: Context, target: Target, found: Found, session: PSSession): Promise<void> {
  const { report, io } = context;
  const { computerName } = target;
  const fail = (error: unknown) => {
    io.signal.throwIfAborted();
    const message = `The receive operation failed for session ${session.name} with the following error message: `;
    report.error(actionFailure(computerName, error, message, 'ReceivePSSessionCannotConnectSession'));
  };
  if (session.availability !== 'None' && !found.clients.mayLeave(session)) {
    const message = `Cannot connect PSSession "${session.name}", either because it is not in the Disconnected state, or it is not available for connection.`;
    const errorId = 'ReceivePSSessionCannotConnectSession';
    report.error({ computerName, message, errorId, hints: [inUseBy(session, found)] });
    return;
  }
  let held: HeldSession;
  try {
    held = await takeUp(context, target, found, session);
  } catch (error) {
    fail(error);
    return;
  }
  heldFor(context, target, found, held);
  let isToldGone = false;
  try {
    await receiveFrom(context, computerName, held);
  } catch (error) {
    fail(error);
    isToldGone = isGone(error);
  }
  await leave(context, target, found, held, isToldGone);
}

async function receiveFrom(context: Context, computerName: string, held: HeldSession): Promise<void> {
  const { report, io } = context;
  const write = createWriter(context);
  const renderer = new OutputRenderer();
  const sink = (event: PipelineEvent) => {
    write(renderer.render(event));
    return drained(io);
  };
  const outcome = await held.receive(sink, io.signal);
  write(renderer.end());
  if (outcome === undefined) {
    const message = 'There is no disconnected command associated with this runspace.';
    report.error({ computerName, message, errorId: 'InvalidOperation' });
  } else if (outcome.state === 'Failed') {
    report.error({ computerName, message: outcome.error ?? 'The command failed.', errorId: 'JobFailure' });
  }
}

async function leave(
  context: Context,
  target: Target,
  found: Found,
  held: HeldSession,
  isToldGone: boolean,
): Promise<void> {
  const { request, report, io } = context;
  try {
    if (request.keep) await remember(context, target, found, held.session, 'Opened');
    else
      await audited(context, 'disconnect', target, held.session, found.clients.of(held.session), () =>
        held.disconnect(request.disconnect, io.signal),
      );
    context.held.release(held);
    if (!request.keep) await rememberLeft(context, target, found, held.session, 'Disconnected');
  } catch (error) {
    io.signal.throwIfAborted();
    if (isGone(error)) {
      context.held.release(held);
      await rememberLeft(context, target, found, held.session, 'gone');
      if (isToldGone) return;
    }
    const { name } = held.session;
    const message = request.keep
      ? `The session ${name} is not kept, for no later run would know it as its own: `
      : `The session ${name} could not be left: `;
    report.error(actionFailure(target.computerName, error, message, 'PSSessionDisconnectFailed'));
  }
}

/** A reader that is slower than the computer must not make all that it said pile up here. */
function drained({ stdout, stderr }: CommandIO): Promise<unknown> | undefined {
  const full = [stdout.drained(), stderr.drained()].filter((one) => one !== undefined);
  return full.length > 0 ? Promise.all(full) : undefined;
}
