import type { SessionFilter } from '../../shared/query.ts';
import { isNameless } from '../../shared/session.ts';
import type { PSSession } from '../../shared/session.ts';
import type { chooseSessions } from '../winrm/index.ts';
import type { SessionAnswer } from '../winrm/index.ts';
import type { Context } from './context.ts';
import { numbered } from './numbered.ts';
import { theOnly } from './target.ts';

/** Which of the sessions are meant. @throws as chooseSessions */
export type Choose = typeof chooseSessions;

/** How many sessions without a name one error tells of. */
const MOST_TOLD = 10;

/**
 * Those that are meant to be acted on: by the names that they have on their computer. One without a name there is shown by
 * its number in a list, which another session may have in the next, so only a pattern that fits no name as well (`*`)
 * chooses it.
 *
 * @throws as chooseSessions
 */
export function chooseByOwnName(
  sessions: readonly PSSession[],
  filter: SessionFilter,
  choose: Choose,
): SessionAnswer {
  const shown = new Map(sessions.map((one) => [isNameless(one) ? { ...one, name: '' } : one, one]));
  const answer = choose([...shown.keys()], filter);
  return { ...answer, sessions: answer.sessions.map((one) => shown.get(one) ?? one) };
}

/** What was found where sessions were to be chosen, computer by computer in the order asked. */
export interface Chosen {
  /** All that are there. */
  readonly all: readonly PSSession[];
  /** Objects of `all`. */
  readonly answer: SessionAnswer;
}

/** The sessions without a name that were not chosen, called as Get-PSSession would call them now. */
export function leftWithoutName({ request }: Context, found: readonly Chosen[]): PSSession[] {
  const all = found.flatMap((one) => one.all);
  const chosen = new Set(found.flatMap(({ answer }) => answer.sessions));
  return numbered(all).filter((one, index) => {
    const isInReach = request.force || one.unlisted === undefined;
    return isInReach && isNameless(one) && !chosen.has(all[index] ?? one);
  });
}

/**
 * Says of each name by which Get-PSSession lists some of these that they were left, and how they are meant.
 *
 * @returns the names of which that was said
 */
export function reportNameless(
  { report, request, targets }: Context,
  nameless: readonly PSSession[],
  choose: Choose,
): ReadonlySet<string> {
  const told = new Set<string>();
  for (const name of new Set(request.filter.name)) {
    const called = choose(nameless, { name: [name] }).sessions;
    if (called.length === 0) continue;
    told.add(name);
    report.error({
      ...theOnly(targets),
      message: `What Get-PSSession lists for "${name}" though it has no name on its computer is left as it is: what it is called there is a number in one list, and may be another session's in the next. -InstanceId says which is meant.`,
      errorId: 'PSSessionHasNoName',
      hints: hintsOf(called),
    });
  }
  return told;
}

/** PowerShell takes the first of a name, and is silent about the others, which may hold output of their own. */
export function warnOfNamesakes(
  { report }: Context,
  { name, computerName, instanceId }: PSSession,
  others: readonly PSSession[],
): void {
  if (others.length === 0) return;
  const ids = others.slice(0, MOST_TOLD).map((one) => one.instanceId);
  const more = others.length > ids.length ? ', …' : '';
  const who = others.length === 1 ? 'Another session has' : `${others.length} more sessions have`;
  report.warn(
    `[${computerName}] ${who} the name ${name} and ${others.length === 1 ? 'is' : 'are'} not received: -InstanceId ${ids.join(', ')}${more}. This is the first, ${instanceId}, as in PowerShell.`,
  );
}

/** Of a name that nothing has any more: which it may have been. */
export const hintsFor = (name: string, nameless: readonly PSSession[]): string[] =>
  /^Runspace\d+$/i.test(name) ? hintsOf(nameless) : [];

function hintsOf(nameless: readonly PSSession[]): string[] {
  const more = nameless.length - MOST_TOLD;
  return [
    ...nameless
      .slice(0, MOST_TOLD)
      .map(
        ({ name, computerName, instanceId, shell: { owner } }) =>
          `Now    : ${name} on ${computerName} is -InstanceId ${instanceId}${owner ? `, of ${owner}` : ''}`,
      ),
    ...(more > 0 ? [`Now    : and ${more} more; Get-PSSession -Json lists them all`] : []),
  ];
}
