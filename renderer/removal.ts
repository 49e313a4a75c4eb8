import { isSafe, pathOf } from '../shared/inheritance.ts';
import type { ProfileContent } from '../shared/computer.ts';
import type { RemovedSession } from '../shared/bulk-act.ts';
import type { Facts } from './facts.ts';
import { groupNames } from './group-names.ts';
import { canBeNamed, isInUse } from '../shared/session.ts';
import { bytes, count, figures } from './format.ts';
import { commandOf, whoIn } from './removal-changes.ts';
import { computerOf } from './rows.ts';
import type { Row } from './rows.ts';

/**
 * What would become of a session: `forced` throws out whoever is in it, or ends what PowerShell could not; nothing is
 * forced that was not asked to be. `same` is what stands in another line, too, under another name of its computer;
 * `gone` is what is not listed any more.
 */
export type Fate = 'deleted' | 'forced' | 'alone' | 'same' | 'gone';

/** Of a line that is looked at by itself. */
type OwnFate = Exclude<Fate, 'same'>;

export interface Removal {
  readonly row: Row;
  readonly fate: Fate;
  readonly words: string;
}

export interface RemovalPlan {
  readonly removals: readonly Removal[];
  /** Those that go. */
  readonly going: readonly Removal[];
  /** Those that would go if what is in use were included, whether it is or not. */
  readonly inUse: number;
  /** `11 deleted, 2 forced, 1 left alone; frees 1.9 GB` */
  readonly sum: string;
  /** The group in safe mode that one of those that go stands in, if any. */
  readonly safe: string | undefined;
  /** What has to be typed; undefined where a click suffices. */
  readonly phrase: string | undefined;
}

interface Context {
  readonly profile: ProfileContent;
  readonly facts: ReadonlyMap<string, Facts>;
  /** Also what is in use; and, asked for by force, what only force can remove. */
  readonly withInUse: boolean;
  readonly force: boolean;
  /** Asked for as well, and not listed any more. */
  readonly gone?: readonly Row[];
}

/** From so many on, the number is typed. */
const TYPED_FROM = 10;

/** What removing these would do, before it is done. */
export function planRemoval(
  rows: readonly Row[],
  { profile, facts, withInUse, force, gone = [] }: Context,
): RemovalPlan {
  const removal = (row: Row, fate: OwnFate): Removal => ({
    row,
    fate,
    words: WORDS[fate](row),
  });
  const twins = listedTwice(rows);
  const once = rows.filter((row) => !twins.has(row));
  const removals = [
    ...once.map((row) => removal(row, fateOf(row, withInUse, force))),
    ...[...twins].map(([row, counts]) => sameAs(row, counts, facts)),
    ...gone.map((row) => removal(row, 'gone')),
  ].toSorted((a, b) => ORDER.indexOf(a.fate) - ORDER.indexOf(b.fate));
  const going = removals.filter(({ fate }) => fate === 'deleted' || fate === 'forced');
  const inUse = once.filter((row) => isInUse(row.session) && fateOf(row, true, force) === 'forced').length;
  const hurts = going.some(({ row, fate }) => fate === 'forced' && mayBeInUse(row));
  const goes = new Set(going.map(({ row }) => row));
  const also = [...twins].filter(([, counts]) => goes.has(counts)).map(([row]) => row);
  const safe = safeGroup([...goes, ...also], profile, facts);
  const mustType = going.length > 0 && (safe !== undefined || going.length >= TYPED_FROM || hurts);
  return {
    removals,
    going,
    inUse,
    sum: sumOf(removals, going),
    safe,
    phrase: mustType ? `remove ${going.length}` : undefined,
  };
}

/** Those in use, which hurt somebody, stand first. */
const ORDER: readonly Fate[] = ['forced', 'deleted', 'alone', 'same', 'gone'];

/**
 * A computer that is reached under two names lists its sessions under both; what is removed under one is gone under the
 * other. The line that goes is the one that is held here, else one whose computer answers, else the first.
 *
 * @returns the lines that do not count, each with the one that does
 */
function listedTwice(rows: readonly Row[]): ReadonlyMap<Row, Row> {
  const rank = ({ badge, stale }: Row) => (badge === 'available' || badge === 'busy' ? 2 : stale ? 0 : 1);
  const same = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.badge === 'closed') continue;
    const key = JSON.stringify([row.instanceId.toLowerCase(), row.session.shell.owner?.toLowerCase()]);
    same.set(key, [...(same.get(key) ?? []), row]);
  }
  const twins = new Map<Row, Row>();
  for (const lines of same.values()) {
    const counts = lines.reduce((best, row) => (rank(row) > rank(best) ? row : best));
    for (const row of lines) if (row !== counts) twins.set(row, counts);
  }
  return twins;
}

function sameAs(row: Row, counts: Row, facts: Context['facts']): Removal {
  const on = ({ session, computerId }: Row) => computerOf(session, facts.get(computerId)?.computerName);
  const where = on(counts);
  const words = where === on(row) ? 'in another line' : `on ${where}`;
  return { row, fate: 'same', words: `The same session as ${words}` };
}

/** How many of these lines are sessions of their own, and on how many computers. */
export function countOnce(rows: readonly Row[]): { readonly sessions: number; readonly computers: number } {
  const twins = listedTwice(rows);
  const once = rows.filter((row) => !twins.has(row));
  return { sessions: once.length, computers: new Set(once.map(({ computerId }) => computerId)).size };
}

function fateOf({ badge, session }: Row, withInUse: boolean, force: boolean): OwnFate {
  if (badge === 'closed' || !canBeNamed(session)) return 'alone';
  if ((badge === 'other' || badge === 'unreadable') && !force) return 'alone';
  if (isInUse(session)) return withInUse ? 'forced' : 'alone';
  // One that is held here is let go of by the way.
  return force && badge !== 'available' && badge !== 'busy' ? 'forced' : 'deleted';
}

/** Of one whose connection was lost here nobody knows who took it up since. */
const mayBeInUse = ({ badge, session }: Row) => isInUse(session) || badge === 'broken';

/** What would go, and who would lose it: what was typed for one such list says nothing of another. */
export const signatureOf = ({ going }: RemovalPlan): string =>
  JSON.stringify(going.map(({ row, fate }) => [row.key, fate, isInUse(row.session) && whoIn(row)]));

/** As it is asked for: all in one, however each goes, so that it can be stopped as one. */
export const removedSessions = ({ going }: RemovalPlan): RemovedSession[] =>
  going.map(({ row: { computerId, instanceId, session }, fate }) => ({
    computerId,
    instanceId,
    inUse: isInUse(session),
    force: fate === 'forced',
  }));

/** A computer that gave no answer when it was asked last is asked again, and what it had may be gone. */
const IF_IT_ANSWERS = 'if its computer answers again: it did not when it was asked last';

const WORDS: Readonly<Record<OwnFate, (row: Row) => string>> = {
  gone: () => 'Gone: it is not listed any more',
  alone: ({ badge, session }) => {
    if (badge === 'closed') return 'Left alone: it has ended';
    if (!canBeNamed(session)) return 'Left alone: its computer gives it no id to ask for it by';
    if (badge === 'other') return 'Left alone: not a PowerShell session';
    return isInUse(session) ? 'Left alone: somebody is in it' : 'Left alone: PowerShell does not list it';
  },
  forced: (row) => {
    const command = commandOf(row);
    if (row.stale) return `Forced, ${IF_IT_ANSWERS}`;
    if (isInUse(row.session)) return `Forced: ${whoIn(row)} loses ${command || 'it'}`;
    if (row.badge === 'broken') return 'Forced, whoever its computer has in it by now';
    return command ? `Forced, with ${command}` : 'Forced, without connecting';
  },
  deleted: (row) => {
    const command = commandOf(row);
    if (row.badge === 'broken') return 'Deleted, if its computer has noticed the lost connection';
    if (row.stale) return `Deleted, ${IF_IT_ANSWERS}`;
    if (row.badge === 'available' || row.badge === 'busy') return 'Deleted, and its console closed';
    if (command === undefined) return 'Deleted; what it runs is not known';
    if (row.session.commandsAreOld)
      return command
        ? `Deleted; when it was asked last it ran ${command}`
        : 'Deleted; it ran nothing when it was asked last';
    return command ? `Deleted, with ${command} and its buffered output` : 'Deleted, runs nothing';
  },
};

function sumOf(removals: readonly Removal[], going: readonly Removal[]): string {
  const number = (fate: Fate) => removals.filter((one) => one.fate === fate).length;
  const parts = [
    [number('deleted'), 'deleted'],
    [number('forced'), 'forced'],
    [number('alone'), 'left alone'],
    [number('same'), 'listed twice'],
    [number('gone'), 'gone'],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, words]) => `${figures(n)} ${words}`);
  const answering = going.filter(({ row }) => !row.stale);
  const silent = going.length - answering.length;
  if (silent > 0) said.push(`${figures(silent)} on computers that do not answer`);
  const memory = answering.reduce((sum, { row }) => sum + (row.session.shell.memoryUsedBytes ?? 0), 0);
  const frees =
    answering.length > 0 &&
    `frees ${memory > 0 ? `${bytes(memory)} and ` : ''}${count(answering.length, 'shell')}`;
  return [...said, frees].filter(Boolean).join(' · ');
}

function safeGroup(
  rows: readonly Row[],
  profile: ProfileContent,
  facts: ReadonlyMap<string, Facts>,
): string | undefined {
  for (const row of rows) {
    const its = facts.get(row.computerId);
    if (!its || !isSafe(profile, its.groupIds)) continue;
    const safe = its.groupIds.flatMap((id) => pathOf(profile, id)).find(({ safeMode }) => safeMode);
    return safe ? groupNames(profile).get(safe.id) : its.computerName;
  }
  return undefined;
}

/** Whether what was typed is what was asked for. */
export const isConfirmed = ({ going, phrase }: RemovalPlan, typed: string): boolean =>
  going.length > 0 && (phrase === undefined || typed.trim().replace(/\s+/g, ' ').toLowerCase() === phrase);
