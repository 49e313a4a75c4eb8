import type { SessionFilter } from '../../shared/query.ts';
import type { PSSession } from '../../shared/session.ts';
import { chooseSessions, OutputRenderer } from '../winrm/index.ts';
import type { HeldSession, Outcome, PipelineEvent, SessionAnswer } from '../winrm/index.ts';
import { audited } from './audited.ts';
import { heldFor, inUseBy, noMoreHeld, takeUp } from './connect-sessions.ts';
import type { Context } from './context.ts';
import type { CommandIO } from './io.ts';
import { lostOutput } from './lost-output.ts';
import { warnOfNamesakes } from './own-names.ts';
import { actOnSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { remember, rememberLeft } from './remembering.ts';
import { Reading, untilAborted } from './reading.ts';
import { actionFailure } from './report.ts';
import type { Failure } from './report.ts';
import { createWriter } from './stream-writer.ts';
import type { Target } from './target.ts';
import { mayBeInUse } from './told-at-end.ts';
import { wouldDo } from './what-if.ts';

/**
 * Receive-PSSession: takes one session up, writes what it said and says until its command ends, and leaves it.
 * Output goes to stdout, the other streams to stderr; with -Json a line for each thing said, all on stdout.
 */
export async function receiveSession(context: Context): Promise<void> {
  await actOnSessions(
    context,
    async (target, found) => {
      const [session, ...others] = found.sessions;
      if (!session || wouldDo(context, session)) return;
      warnOfNamesakes(context, session, others);
      await receiveOne(context, target, found, session);
    },
    chooseWhole,
  );
}

/**
 * PowerShell takes the name letter by letter, so no pattern may come between. It is silent where nothing has it, which
 * helps nobody.
 */
function chooseWhole(sessions: readonly PSSession[], { name, ...others }: SessionFilter): SessionAnswer {
  const answer = chooseSessions(sessions, others);
  const [wanted] = name ?? [];
  if (wanted === undefined) return answer;
  const found = answer.sessions.filter((one) => one.name.toLowerCase() === wanted.toLowerCase());
  return { sessions: found, misses: found.length > 0 ? [] : [{ kind: 'name', value: wanted }] };
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
  let isLeft = false;
  try {
    isLeft = await receiveFrom(context, computerName, held);
  } catch (error) {
    fail(error);
  }
  await leave(context, target, found, held, isLeft);
}

/** @returns whether it was disconnected meanwhile, as another run does it: then its command goes on */
async function receiveFrom(context: Context, computerName: string, held: HeldSession): Promise<boolean> {
  const { io, request } = context;
  const write = createWriter(context, held);
  const renderer = new OutputRenderer(request.json ? WHOLE : undefined);
  const reading = new Reading(io);
  const { patience } = reading;
  let isHeard = false;
  const sink = (event: PipelineEvent) => {
    if (event.kind === 'unheard') {
      reading.isUnheard = true;
      return undefined;
    }
    if (event.kind !== 'interrupted') {
      isHeard = true;
      reading.heard();
    }
    write(renderer.render(event));
    return drained(io);
  };
  const beforeMore = async () => {
    await untilAborted(written(io), patience);
    reading.goesOn();
  };
  // Of what was handed out already the computer's answer comes all the same, and tells one that waits from none.
  const leaveNow = () => void (lostOutput(io.signal) ?? context.held.begin(held));
  const tellAtOnce = () => {
    tellLost(context, computerName, held);
    tellUnheard(context, held, reading);
  };
  io.signal.addEventListener('abort', leaveNow);
  io.insisted.addEventListener('abort', tellAtOnce);
  try {
    let outcome: Outcome | undefined;
    try {
      outcome = await held.receive(sink, reading.signal, beforeMore);
    } finally {
      write(renderer.end());
      // What stopped the run is no reader's doing, so each may take what is there.
      await (lostOutput(io.signal) ? written(io) : untilAborted(written(io), patience));
    }
    if (!lostOutput(io.signal)) io.signal.throwIfAborted();
    tellOutcome(context, held, outcome, isHeard);
    return outcome?.state === 'Disconnected';
  } finally {
    reading.end();
    io.signal.removeEventListener('abort', leaveNow);
    io.insisted.removeEventListener('abort', tellAtOnce);
    if (io.signal.aborted) tellLost(context, computerName, held);
    tellUnheard(context, held, reading);
  }
}

/** A program may want what PowerShell's display leaves out, and the computer gives it once. */
const WHOLE = { line: Infinity, lines: Infinity, isWhole: true };

/** @param isHeard whether the computer said anything */
function tellOutcome(
  { report }: Context,
  { session: { computerName, name } }: HeldSession,
  outcome: Outcome | undefined,
  isHeard: boolean,
): void {
  if (outcome === undefined) report.error(nothingLeft(computerName));
  else if (outcome.state === 'Failed' && !isHeard)
    report.error({ ...nothingLeft(computerName), hints: ENDED_BEFORE });
  else if (outcome.state === 'Failed')
    report.error({ computerName, message: outcome.error ?? 'The command failed.', errorId: 'JobFailure' });
  else if (outcome.state === 'Disconnected') {
    report.failed = true; // nobody has all of it
    report.warn(
      `[${computerName}] ${name} was disconnected while it was received, as another run does it. Its command goes on, and what it says from now on waits for the next Receive-PSSession.`,
    );
  }
}

/** Once. */
function tellUnheard({ report }: Context, { session }: HeldSession, reading: Reading): void {
  if (!reading.isUnheard) return;
  reading.isUnheard = false;
  report.warn(
    `[${session.computerName}] An answer about ${session.name} may have been on its way, and was not waited for any longer. What it held, if any, is lost: a computer gives it once.`,
  );
}

const written = ({ stdout, stderr }: CommandIO) => Promise.all([stdout.written(), stderr.written()]);

const nothingLeft = (computerName: string): Failure => ({
  computerName,
  message: 'There is no disconnected command associated with this runspace.',
  errorId: 'InvalidOperation',
});

/** The computer closed it without a word, so nobody knows more. */
const ENDED_BEFORE: readonly string[] = [
  'Perhaps: The command has ended, and all that it said, its end too, was received before. A computer gives it once.',
  'Perhaps: Somebody else ended it.',
];

/** What a computer gave of this session and nobody has it now: for from now on nobody is waited for. */
function tellLost({ io, report }: Context, computerName: string, held: HeldSession): void {
  let lines = 0;
  for (const output of [io.stdout, io.stderr]) {
    output.giveUp();
    lines += output.unwritten(held);
  }
  if (lines === 0) return;
  const { name } = held.session;
  const code = lostOutput(io.signal)?.code;
  const nobody = code === undefined ? 'nobody took it before the run ended' : 'nobody reads any more';
  const reason = code === undefined || code === 'EPIPE' ? nobody : 'it could not be written';
  report.warn(
    `[${computerName}] About ${lines} ${lines === 1 ? 'line' : 'lines'} of what ${name} said ${lines === 1 ? 'is' : 'are'} lost: received, but ${reason}. A computer gives it once.`,
  );
}

async function leave(
  context: Context,
  target: Target,
  found: Found,
  held: HeldSession,
  isLeft: boolean,
): Promise<void> {
  const { request, report, io } = context;
  const { session } = held;
  if (isLeft) {
    context.held.release(held);
    await rememberLeft(context, target, found, session, 'Disconnected');
    return;
  }
  try {
    if (request.keep) await remember(context, target, found, session, 'Opened');
    const state = request.keep
      ? 'Opened'
      : await audited(context, 'disconnect', target, session, found.clients.of(session), () =>
          held.disconnect(request.disconnect, io.signal),
        ).then(() => 'Disconnected' as const, noMoreHeld);
    context.held.release(held);
    if (state !== 'Opened') await rememberLeft(context, target, found, session, state);
  } catch (error) {
    io.signal.throwIfAborted();
    if (request.keep) {
      const message = `The session ${session.name} is not kept, for no later run would know it as its own: `;
      report.error(actionFailure(target.computerName, error, message, 'PSSessionDisconnectFailed'));
      return;
    }
    // It is tried again when the run ends, and what comes of that is what counts.
    heldFor(context, target, found, held, (why) => {
      const message = `The session ${session.name} could not be left: ${why}`;
      report.error({ computerName: target.computerName, message, errorId: 'PSSessionDisconnectFailed' });
      report.warn(mayBeInUse(target, session, why));
    });
  }
}

/** A reader that is slower than the computer must not make all that it said pile up here. */
function drained({ stdout, stderr, signal }: CommandIO): Promise<unknown> | undefined {
  if (signal.aborted) return undefined; // what is here is all that comes
  const full = [stdout.drained(), stderr.drained()].filter((one) => one !== undefined);
  return full.length > 0 ? untilAborted(Promise.all(full), signal) : undefined;
}
