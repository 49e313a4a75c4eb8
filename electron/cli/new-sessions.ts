import { randomUUID } from 'node:crypto';
import type { PSSession } from '../../shared/session.ts';
import type { HeldSession, NewSession } from '../winrm/index.ts';
import { ActingClients } from './acting-clients.ts';
import { askAll } from './ask-all.ts';
import { audited } from './audited.ts';
import { askOptions } from './context.ts';
import type { Context } from './context.ts';
import { readEarlierClients } from './earlier-clients.ts';
import { writeSessions } from './list-sessions.ts';
import type { Found } from './list-sessions.ts';
import { forgetRuns, noteFirst, remember, rememberLeft } from './remembering.ts';
import { actionFailure, openFailure } from './report.ts';
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
  writeSessions(
    context,
    answers.flatMap((answer) => (answer.kind === 'answered' && answer.value) || []),
  );
  held.keepAll();
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

/** @throws what the computer has against it; what goes wrong here, once it is made, is reported */
async function makeOne(
  context: Context,
  { id, target, how }: Wanted,
  found: Found,
): Promise<PSSession | undefined> {
  const { io, held } = context;
  const planned = plannedOf(target, how);
  const client = found.clients.asking;
  let made: HeldSession | undefined;
  let ending: Ending | undefined;
  try {
    // Whatever becomes of this run: a later one knows as which client the session was made.
    await noteFirst(context, target, found, planned);
    made = await audited(context, 'create', target, planned, client, () => client.create(how, io.signal));
    tellSignIn(context, target, client);
    ending = endedUnlessKept(context, target, found, made);
    io.signal.throwIfAborted();
    await remember(context, target, found, made.session, 'Opened');
    return { ...made.session, id };
  } catch (error) {
    if (!made || !ending) {
      await notMade(context, target, found, planned);
      throw error;
    }
    io.signal.throwIfAborted();
    await held.leave(ending);
    const message = `The session ${how.name} was removed again, for no later run would know it as its own: `;
    context.report.error(actionFailure(target.computerName, error, message, 'PSSessionOpenFailed'));
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
    notLeft: (why) => perhapsThere(context, target, session, `it could not be removed again: ${why}`),
  });
  return ending;
}

async function notMade(context: Context, target: Target, found: Found, planned: PSSession): Promise<void> {
  if (context.perhapsMade.has(planned.instanceId)) {
    perhapsThere(context, target, planned, 'its creation was cut off, and nobody heard what became of it.');
    return;
  }
  await rememberLeft(context, target, found, planned, 'gone');
  await forgetRuns(context, planned);
}

const perhapsThere = (
  { report }: Context,
  { computerName }: Target,
  { name, instanceId }: PSSession,
  why: string,
): void =>
  report.warn(
    `[${computerName}] The session ${name} (${instanceId}) may be there all the same: ${why} Get-PSSession -ComputerName ${computerName} -InstanceId ${instanceId} shows it, Remove-PSSession ends it.`,
  );

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
