import type { StreamName } from '../../shared/output.ts';
import type { PSSession } from '../../shared/session.ts';
import { OutputRenderer } from '../winrm/index.ts';
import type { HeldSession, PipelineEvent } from '../winrm/index.ts';
import { audited, leaveFirst } from './audited.ts';
import { heldFor, inUseBy, takeUp } from './connect-sessions.ts';
import type { Context } from './context.ts';
import type { CommandIO } from './io.ts';
import { actOnSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { plainJson, plainText } from './plain-text.ts';
import { remember, rememberLeft } from './remembering.ts';
import { actionFailure } from './report.ts';
import { theOnly } from './target.ts';
import type { Target } from './target.ts';

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
  const isHeldByUs = found.clients.mayLeave(session);
  if (session.availability !== 'None' && !isHeldByUs) {
    const message = `Cannot connect PSSession "${session.name}", either because it is not in the Disconnected state, or it is not available for connection.`;
    const errorId = 'ReceivePSSessionCannotConnectSession';
    report.error({ computerName, message, errorId, hints: [inUseBy(session, found)] });
    return;
  }
  let held: HeldSession;
  try {
    // An earlier run connected it and never read its command: once left, it is taken up like any other.
    if (isHeldByUs) await leaveFirst(context, target, found.clients.of(session), session);
    held = await takeUp(context, target, found, { ...session, availability: 'None' });
  } catch (error) {
    fail(error);
    return;
  }
  heldFor(context, target, found, held);
  try {
    await receiveFrom(context, computerName, held);
  } catch (error) {
    fail(error);
  }
  await leave(context, target, found, held);
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

async function leave(context: Context, target: Target, found: Found, held: HeldSession): Promise<void> {
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

const PREFIX: Readonly<Record<StreamName, string>> = {
  output: '',
  host: '',
  error: 'ERROR: ',
  warning: 'WARNING: ',
  verbose: 'VERBOSE: ',
  debug: 'DEBUG: ',
  information: 'INFORMATION: ',
  progress: 'PROGRESS: ',
};
const COLOUR: Partial<Record<StreamName, string>> = {
  error: '\u001B[31;1m',
  warning: '\u001B[33;1m',
  verbose: '\u001B[33m',
  debug: '\u001B[33m',
  progress: '\u001B[36m',
};

function createWriter({ request, io }: Context) {
  return (lines: readonly { readonly stream: StreamName; readonly text: string }[]) => {
    const [first] = lines;
    if (!first) return;
    if (request.json) {
      io.stdout.write(
        `${plainJson({ stream: first.stream, text: lines.map(({ text }) => text).join('\n') })}\n`,
      );
      return;
    }
    for (const { stream, text } of lines) {
      // Tabs belong to a text; all else that drives a terminal does not.
      const line = PREFIX[stream] + text.split('\t').map(plainText).join('\t');
      const colour = io.stderr.isTTY ? COLOUR[stream] : undefined;
      if (stream === 'output') io.stdout.write(`${line}\n`);
      else io.stderr.write(colour ? `${colour}${line}\u001B[0m\n` : `${line}\n`);
    }
  };
}
