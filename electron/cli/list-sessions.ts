import type { SessionFilter } from '../../shared/query.ts';
import type { PSSession } from '../../shared/session.ts';
import { chooseSessions, WinRMError } from '../winrm/index.ts';
import type { Miss, SessionAnswer } from '../winrm/index.ts';
import { ActingClients } from './acting-clients.ts';
import { askAll } from './ask-all.ts';
import type { Answer } from './ask-all.ts';
import { EXTENSIONS } from './cmdlets.ts';
import { commonMisses } from './common-misses.ts';
import { numbered } from './numbered.ts';
import { chooseByOwnName, hintsFor, leftWithoutName, reportNameless } from './own-names.ts';
import type { Choose, Chosen } from './own-names.ts';
import { askOptions } from './context.ts';
import type { Context } from './context.ts';
import { readEarlierClients } from './earlier-clients.ts';
import { plainJson } from './plain-text.ts';
import { actionFailure, queryFailure } from './report.ts';
import { sessionJson } from './session-json.ts';
import { sessionTable, unlistedTable } from './session-table.ts';
import { theOnly } from './target.ts';
import type { Target } from './target.ts';
import { tellSignIn } from './tell-sign-in.ts';

/** Get-PSSession: the sessions of all computers, in the order in which they were asked for. */
export async function getSessions(context: Context): Promise<void> {
  const { request, targets, io } = context;
  const filter = ofAnyName(request.filter);
  const answers = await askAll(
    targets,
    async (target) => {
      const computer = context.open(target);
      try {
        const found = await computer.list(narrowed(filter, target), {
          strict: request.strict,
          signal: io.signal,
        });
        tellSignIn(context, target, computer);
        return found;
      } finally {
        computer.close();
      }
    },
    askOptions(context),
  );
  const found = answers.flatMap((answer) => reportQuery(context, answer) ?? []);
  const sessions = numbered(found.flatMap((one) => one.sessions));
  const chosen = choose(context, sessions);
  reportMisses(context, chosen.misses);
  writeSessions(context, chosen.sessions);
}

function choose({ request, report, cmdletName }: Context, sessions: readonly PSSession[]): SessionAnswer {
  try {
    return chooseSessions(sessions, request.filter);
  } catch (error) {
    if (!(error instanceof WinRMError)) throw error;
    for (const name of new Set(sessions.map(({ computerName }) => computerName)))
      report.error(queryFailure(cmdletName, name, error));
    return { sessions: [], misses: [] };
  }
}

/** All that names and ids choose among, once it is there and numbered. */
const ofAnyName = ({ name: _names, instanceId: _ids, ...others }: SessionFilter): SessionFilter => others;

/** A saved computer may be narrowed to one configuration; one that is asked for at the prompt counts instead. */
const narrowed = (filter: SessionFilter, { options: { configurationName } }: Target): SessionFilter =>
  configurationName ? { configurationName, ...filter } : filter;

/** The filtered sessions of one computer, asked as the client that an earlier run was. */
export interface Found {
  readonly clients: ActingClients;
  /** Those that are meant. */
  readonly sessions: readonly PSSession[];
}

/**
 * Asks every computer for the sessions that are meant, then acts on each computer's, one after the other.
 * What an act throws ends that computer's acts alone.
 *
 * @param choose which of a computer's sessions are meant
 */
export async function actOnSessions<T>(
  context: Context,
  act: (target: Target, found: Found) => Promise<T>,
  choose: Choose = chooseSessions,
): Promise<T[]> {
  const { request, targets, io } = context;
  const { filter } = request;
  // What an earlier run holds stays in reach, whatever its configuration.
  const isHolders = context.cmdletName === 'Disconnect-PSSession';
  const earlier = await readEarlierClients(context);
  if (earlier === false) return [];
  const runs = earlier && !context.request.sample ? await context.runs.all() : [];
  const isNew = firstTime(context);
  const chosen = new Map<Target, Chosen>();
  const answers = await askAll(
    targets,
    async (target) => {
      const clients = new ActingClients(context, target, { earlier, runs });
      try {
        const any = ofAnyName(filter);
        const { sessions: found } = await clients.asking.list(isHolders ? any : narrowed(any, target), {
          strict: false,
          signal: io.signal,
        });
        tellSignIn(context, target, clients.asking);
        // Of several computers nobody knows Get-PSSession's numbers before all have answered.
        const all = targets.length === 1 ? numbered(found) : found;
        const answer = chooseByOwnName(all, filter, choose);
        chosen.set(target, { all, answer });
        const sessions = request.force ? answer.sessions : listed(context, answer);
        return await act(target, { clients, sessions: sessions.filter((one) => isNew(target, one)) });
      } finally {
        clients.close();
      }
    },
    askOptions(context),
  );
  reportNotChosen(
    context,
    targets.flatMap((target) => chosen.get(target) ?? []),
    choose,
  );
  return answers.flatMap((answer) => {
    if (answer.kind === 'failed')
      context.report.error(queryFailure(context.cmdletName, answer.item.computerName, answer.error));
    return answer.kind === 'answered' ? [answer.value] : [];
  });
}

/** What was asked for and is nobody's, or a session's that has no name. */
function reportNotChosen(context: Context, chosen: readonly Chosen[], choose: Choose): void {
  const nameless = leftWithoutName(context, chosen);
  const told = reportNameless(context, nameless, choose);
  const answers = chosen.map(({ answer }) => answer);
  const misses = commonMisses(
    isOwnSet(context) ? answers.map(withMissesOf(context.request.filter)) : answers,
  ).filter(({ kind, value }) => kind !== 'name' || !told.has(value));
  reportMisses(context, misses, nameless);
}

/** PowerShell has no set of these that asks a computer, so nothing is as silent there: a script would take it for done. */
const isOwnSet = ({ cmdletName }: Context) => cmdletName in EXTENSIONS;

/** A computer without a session misses all: in a query of PowerShell's it has no say. */
const withMissesOf =
  ({ instanceId, name = [] }: SessionFilter) =>
  (answer: SessionAnswer): SessionAnswer => {
    if (answer.sessions.length > 0 || answer.misses.length > 0) return answer;
    const kind = instanceId ? 'instanceId' : 'name';
    return { ...answer, misses: (instanceId ?? name).map((value) => ({ kind, value })) };
  };

/** Two patterns may match one session, and a computer be named twice: what is acted on is so once. */
function firstTime({ userNameOf }: Context): (target: Target, session: PSSession) => boolean {
  const seen = new Set<string>();
  return (target, { instanceId }) => {
    const key = JSON.stringify([target.url.toLowerCase(), userNameOf(target).toLowerCase(), instanceId]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  };
}

/** Without those that PowerShell cannot take up; who asked for one by its very name or id is told. */
function listed({ request, report }: Context, { sessions }: SessionAnswer): PSSession[] {
  const { name: names = [], instanceId } = request.filter;
  for (const { unlisted, name, computerName } of sessions) {
    const isMeant = instanceId !== undefined || names.some((one) => one.toLowerCase() === name.toLowerCase());
    if (!unlisted || !isMeant) continue;
    const message = `"${name}" is no session that PowerShell could connect to; Remove-PSSession -Force can end it.`;
    report.error({ computerName, message, errorId: 'NotAPSSession' });
  }
  return sessions.filter(({ unlisted }) => unlisted === undefined);
}

function reportQuery(context: Context, answer: Answer<Target, SessionAnswer>): SessionAnswer | undefined {
  if (answer.kind === 'failed')
    context.report.error(queryFailure(context.cmdletName, answer.item.computerName, answer.error));
  return answer.kind === 'answered' ? answer.value : undefined;
}

/** Of several computers none is named: none has it. @param nameless what may have been meant by a name that was made up */
function reportMisses(
  { report, targets }: Context,
  misses: readonly Miss[],
  nameless: readonly PSSession[] = [],
): void {
  for (const { kind, value } of misses) {
    const [errorId, words] =
      kind === 'name'
        ? ['PSSessionNameMatchFail', 'that has the name']
        : ['PSSessionIdMatchFail', 'with an InstanceId value of'];
    report.error({
      ...theOnly(targets),
      message: `The command cannot find a PSSession ${words} "${value}".`,
      errorId,
      hints: kind === 'name' ? hintsFor(value, nameless) : [],
    });
  }
}

/** As a table, or as JSON when that was asked for. */
export function writeSessions({ request, io, report }: Context, sessions: readonly PSSession[]): void {
  if (request.json) {
    const written = sessions.flatMap((session) => {
      try {
        return sessionJson(session);
      } catch (error) {
        // Our own mistake with one must not hide the others.
        report.error(actionFailure(session.computerName, error, `${session.name}: `, 'InvalidOperation'));
        return [];
      }
    });
    io.stdout.write(`${plainJson(written, 2)}\n`);
    return;
  }
  io.stdout.write(sessionTable(sessions.filter(({ unlisted }) => unlisted === undefined)));
  io.stdout.write(unlistedTable(sessions.filter(({ unlisted }) => unlisted !== undefined)));
}
