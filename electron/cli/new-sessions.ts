import { randomUUID } from 'node:crypto';
import type { PSSession } from '../../shared/session.ts';
import type { HeldSession, NewSession, Unremoved } from '../winrm/index.ts';
import { ActingClients } from './acting-clients.ts';
import { askAll } from './ask-all.ts';
import { audited } from './audited.ts';
import { commandFor } from './command-for.ts';
import { askOptions } from './context.ts';
import type { Context } from './context.ts';
import { readEarlierClients } from './earlier-clients.ts';
import { writeSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { untilAborted } from './reading.ts';
import { forgetRuns, noteFirst, noteNotMade, remember, rememberLeft } from './remembering.ts';
import { notKept, openFailure } from './report.ts';
import type { Target } from './target.ts';
import { tellSignIn } from './tell-sign-in.ts';

/** One session to make; PowerShell numbers them in the order asked, whatever becomes of each. */
interface Wanted {
  readonly id: number;
  readonly target: Target;
  readonly how: NewSession;
}

/** New-PSSession: makes a session on each computer and leaves it connected, to a client that later runs continue. */
export async function newSessions(context: Context): Promise<void> {
  const { io, held } = context;
  const earlier = await readEarlierClients(context);
  if (earlier === false) return;
  const { gateOf = () => undefined, ...options } = askOptions(context);
  const answers = await askAll(
    wantedOf(context),
    async (wanted) => {
      const clients = new ActingClients(context, wanted.target, { earlier, runs: [] });
      try {
        return await makeOne(context, wanted, { clients, sessions: [] });
      } finally {
        clients.close();
      }
    },
    { ...options, gateOf: ({ target }) => gateOf(target) },
  );
  for (const answer of answers) {
    if (answer.kind === 'failed')
      context.report.error(openFailure(answer.item.target.computerName, answer.error));
  }
  // Stopped half-way, the run ends what it has made so far, too; and nothing stays connected that was not told.
  io.signal.throwIfAborted();
  const made = answers.flatMap((answer) => (answer.kind === 'answered' && answer.value) || []);
  writeSessions(
    context,
    made.map(({ session }) => session),
  );
  await untilAborted(io.stdout.written(), io.signal); // where it cannot be written, that stops the run
  if (io.signal.aborted) io.stdout.giveUp(); // nobody is to read of what is removed now
  io.signal.throwIfAborted();
  for (const { ending } of made) held.release(ending); // but none that is to be removed still
}

/** A name for each, as PowerShell finds it: the one that stands in its place, else `Runspace` and its number. */
function wantedOf({ request, targets }: Context): Wanted[] {
  const { names = [], configurationName: asked, applicationArguments } = request.create ?? {};
  return targets.map((target, index) => {
    const id = index + 1;
    const configurationName = asked ?? target.options.configurationName;
    const name = names[index] || `Runspace${id}`;
    const how = { name, instanceId: randomUUID(), configurationName, applicationArguments };
    return { id, target, how };
  });
}

interface Made {
  readonly session: PSSession;
  readonly ending: Ending;
}

/** @throws what the computer has against it; what goes wrong here, before or after, is reported */
async function makeOne(
  context: Context,
  { id, target, how }: Wanted,
  found: Found,
): Promise<Made | undefined> {
  const { io, report } = context;
  const planned = plannedOf(target, how);
  const client = found.clients.asking;
  try {
    // Whatever becomes of this run: a later one knows as which client the session was made.
    await noteFirst(context, target, found, planned);
  } catch (error) {
    const message = `The session ${how.name} was not made, for no later run would know it as its own: `;
    report.error(notKept(target.computerName, error, message));
    return undefined;
  }
  let made: HeldSession;
  try {
    made = await audited(context, 'create', target, planned, client, () => client.create(how, io.signal));
  } catch (error) {
    await notMade(context, target, found, planned);
    throw error;
  }
  tellSignIn(context, target, client);
  const ending = endedUnlessKept(context, target, found, made);
  io.signal.throwIfAborted();
  try {
    await remember(context, target, found, made.session, 'Opened');
    return { session: { ...made.session, id }, ending };
  } catch (error) {
    io.signal.throwIfAborted();
    const isRemoved = await context.held.leave(ending);
    const what = isRemoved ? 'was removed again' : 'could not be removed again yet, and should be';
    const message = `The session ${how.name} ${what}, for no later run would know it as its own: `;
    report.error(notKept(target.computerName, error, message));
    return undefined;
  }
}

interface Ending {
  readonly disconnect: (options: object, signal: AbortSignal) => Promise<void>;
}

/** From now on the run ends it at its own end, unless it is to stay. */
function endedUnlessKept(context: Context, target: Target, found: Found, made: HeldSession): Ending {
  const { session } = made;
  const client = found.clients.asking;
  const ending: Ending = { disconnect: (_, signal) => made.remove(signal) };
  context.held.add(ending, client, {
    around: async (act) => {
      await audited(context, 'remove', target, session, client, act, 'app');
      await rememberLeft(context, target, found, session, 'gone');
      await forgetRuns(context, session);
    },
    notLeft: (why) =>
      tellOf(context, target, session, `may be there all the same: it could not be removed again: ${why}`),
  });
  return ending;
}

async function notMade(context: Context, target: Target, found: Found, planned: PSSession): Promise<void> {
  const left = context.perhapsMade.get(planned.instanceId);
  if (left) {
    tellOf(context, target, planned, wordsFor(left));
    return;
  }
  await noteNotMade(context, target, found, planned);
  await forgetRuns(context, planned);
}

function wordsFor({ isThere, why }: Unremoved): string {
  const reason = why === undefined ? '.' : `: ${why}`;
  switch (isThere) {
    case 'there':
      return `is there all the same: it was made, but did not open, and could not be removed again${reason}`;
    case 'made':
      return `may be there all the same: it was made, but did not open, and nobody heard whether it was removed again${reason}`;
    case 'perhaps': {
      const cut = 'its creation was cut off, and nobody heard what became of it.';
      return `may be there all the same: ${cut}${why === undefined ? '' : ` It could not be removed again: ${why}`}`;
    }
  }
}

function tellOf({ report }: Context, target: Target, { name, instanceId }: PSSession, words: string): void {
  const { computerName } = target;
  report.warn(
    `[${computerName}] The session ${name} (${instanceId}) ${words} ${commandFor('Get-PSSession', target, instanceId)} shows it, Remove-PSSession ends it.`,
  );
}

/** What is known of it before it is there. */
function plannedOf({ computerName }: Target, { name, instanceId }: NewSession): PSSession {
  return {
    id: 0,
    name,
    computerName,
    instanceId,
    state: 'Opening',
    availability: 'None',
    configurationName: '',
    shell: { shellId: instanceId },
  };
}
