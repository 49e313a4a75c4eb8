import type { Computer } from '../shared/computer.ts';
import { keyOf } from '../shared/contract.ts';
import type { ComputerStatus, SessionKey } from '../shared/contract.ts';
import { plainText } from '../shared/plain-text.ts';
import { badgeOf } from '../shared/session.ts';
import type { BadgeState, PSSession, Shell } from '../shared/session.ts';
import { wildcard } from '../shared/wildcard.ts';
import { computersOf } from './place.ts';
import type { Place } from './place.ts';
import type { Mirror } from './fold.ts';

export interface Row extends SessionKey {
  readonly key: string;
  /** As it is shown: what could deceive the eye is replaced. Whoever asks for it goes by `instanceId`. */
  readonly session: PSSession;
  readonly badge: BadgeState;
  /** When its computer told of it, epoch milliseconds. */
  readonly at: number;
  /** Its computer has not answered since: what is shown may be over. */
  readonly stale: boolean;
}


/** The words of a row's badge are its accessible name, too. */
export const rowLabel = ({ badge, session }: Row): string =>
  `${BADGE_WORDS[badge]}, ${session.name || 'no name'} on ${session.computerName}`;

export const SORTS = {
  state: ({ badge }: Row) => BADGE_WORDS[badge],
  availability: ({ session }: Row) => session.availability,
  name: ({ session }: Row) => session.name.toLowerCase(),
  computer: ({ session }: Row) => session.computerName.toLowerCase(),
  configuration: ({ session }: Row) => session.configurationName.toLowerCase(),
  owner: ({ session }: Row) => session.shell.owner?.toLowerCase() ?? '',
  idle: ({ session }: Row) => session.shell.shellInactivityMs ?? -1,
  expires: ({ session }: Row) => session.expiresOn ?? Number.MAX_SAFE_INTEGER,
  memory: ({ session }: Row) => session.shell.memoryUsedBytes ?? -1,
} as const;
export type SortColumn = keyof typeof SORTS;

export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** Every session of the place, in the computers' own order. */
export function rowsOf({ profile, statuses }: Pick<Mirror, 'profile' | 'statuses'>, place: Place): Row[] {
  return (profile ? computersOf(place, profile) : []).flatMap((computer) =>
    rowsOfComputer(computer, statuses.get(computer.id)),
  );
}

/** Each status is made into rows once, however often the others change. */
const known = new WeakMap<ComputerStatus, Row[]>();

function rowsOfComputer({ id: computerId }: Computer, status: ComputerStatus | undefined): Row[] {
  if (!status?.last) return [];
  const { sessions, at } = status.last;
  const stale = status.kind === 'failed';
  const rows =
    known.get(status) ??
    sessions.map((session) => {
      const { instanceId } = session;
      const key = keyOf({ computerId, instanceId });
      return { key, computerId, instanceId, session: shown(session), badge: badgeOf(session), at, stale };
    });
  known.set(status, rows);
  return rows;
}

/** Names and all else that a computer, or a person there, wrote freely. */
function shown(session: PSSession): PSSession {
  const { commands } = session;
  return {
    ...plainly(session),
    shell: plainly<Shell>(session.shell),
    ...(commands && { commands: commands.map(plainly) }),
  };
}

const plainly = <T extends object>(value: T): T =>
  Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, typeof one === 'string' ? plainText(one) : one]),
  ) as T;

/** Rows that have every word in a cell, or a name that fits a pattern such as `Night*`. */
export function filterRows(rows: readonly Row[], filter: string): readonly Row[] {
  const tests = filter.trim().split(/\s+/).filter(Boolean).map(toTest);
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

function toTest(word: string): (row: Row) => boolean {
  if (/[*?[]/.test(word)) {
    try {
      const fits = wildcard(word);
      return ({ session }) => fits(session.name) || fits(session.computerName);
    } catch {
      // A pattern that is not finished yet is taken by its letters.
    }
  }
  const wanted = word.toLowerCase();
  return ({ session, badge }) =>
    [
      BADGE_WORDS[badge],
      session.state,
      session.availability,
      session.name,
      session.computerName,
      session.configurationName,
      session.shell.owner ?? '',
      session.shell.clientIP ?? '',
    ].some((cell) => cell.toLowerCase().includes(wanted));
}

/** Stable: equal rows keep the computers' order. */
export function sortRows(rows: readonly Row[], sort: Sort | undefined): readonly Row[] {
  if (!sort) return rows;
  const by = SORTS[sort.column];
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0));
}

export type Tally = Readonly<Partial<Record<BadgeState, number>>>;

export function tally(rows: readonly Row[]): Tally {
  const counts: Partial<Record<BadgeState, number>> = {};
  for (const { badge } of rows) counts[badge] = (counts[badge] ?? 0) + 1;
  return counts;
}
