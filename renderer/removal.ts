import { isSafe } from '../shared/inheritance.ts';
import type { ProfileContent } from '../shared/computer.ts';
import type { Facts } from './facts.ts';
import { bytes, count } from './format.ts';
import type { Row } from './rows.ts';

/** What would become of a session: `forced` throws out whoever is in it, or ends what PowerShell could not. */
export type Fate = 'deleted' | 'forced' | 'alone';

export interface Removal {
  readonly row: Row;
  readonly fate: Fate;
  /** Deleted without a connect first, which does not ask whether another client holds it. */
  readonly force: boolean;
  readonly words: string;
}

export interface RemovalPlan {
  readonly removals: readonly Removal[];
  /** Those that go. */
  readonly going: readonly Removal[];
  /** Among the rows, whether they go or not. */
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
}

/** From so many on, the number is typed. */
const TYPED_FROM = 10;

/** What removing these would do, before it is done. */
export function planRemoval(
  rows: readonly Row[],
  { profile, facts, withInUse, force }: Context,
): RemovalPlan {
  const removals = rows
    .map((row): Removal => {
      const fate = fateOf(row, withInUse, force);
      const isForced = fate === 'forced' || row.badge === 'broken';
      return { row, fate, force: isForced, words: WORDS[fate](row) };
    })
    .toSorted((a, b) => ORDER.indexOf(a.fate) - ORDER.indexOf(b.fate));
  const going = removals.filter(({ fate }) => fate !== 'alone');
  const inUse = rows.filter(({ badge }) => badge === 'inuse').length;
  const forcedInUse = going.some(({ row }) => row.badge === 'inuse');
  const safe = safeGroup(going, profile, facts);
  const mustType = going.length > 0 && (safe !== undefined || going.length >= TYPED_FROM || forcedInUse);
  return {
    removals,
    going,
    inUse,
    sum: sumOf(removals),
    safe,
    phrase: mustType ? `remove ${going.length}` : undefined,
  };
}

/** Those in use, which hurt somebody, stand first. */
const ORDER: readonly Fate[] = ['forced', 'deleted', 'alone'];

function fateOf({ badge }: Row, withInUse: boolean, force: boolean): Fate {
  if (badge === 'inuse') return withInUse ? 'forced' : 'alone';
  if (badge === 'other' || badge === 'unreadable') return force ? 'forced' : 'alone';
  return force && badge === 'ready' ? 'forced' : 'deleted';
}

const commandOf = ({ session }: Row) => session.commands?.map(({ commandLine }) => commandLine).join('; ');

const WORDS: Readonly<Record<Fate, (row: Row) => string>> = {
  alone: ({ badge }) =>
    badge === 'inuse'
      ? 'Left alone: somebody is in it'
      : badge === 'other'
        ? 'Left alone: not a PowerShell session'
        : 'Left alone: PowerShell does not list it',
  forced: (row) => {
    const { owner, clientIP } = row.session.shell;
    const command = commandOf(row);
    if (row.badge !== 'inuse') return command ? `Forced, with ${command}` : 'Forced, without connecting';
    const who = `${owner?.replace(/^.*\\/, '') ?? 'its client'}${clientIP ? ` from ${clientIP}` : ''}`;
    return `Forced: ${who} loses ${command || 'it'}`;
  },
  deleted: (row) => {
    const command = commandOf(row);
    if (row.badge === 'broken') return 'Deleted, the connection to it was lost';
    if (row.badge === 'available' || row.badge === 'busy') return 'Deleted, and its console closed';
    if (command === undefined) return 'Deleted; what it runs was not asked yet';
    return command ? `Deleted, with ${command} and its buffered output` : 'Deleted, runs nothing';
  },
};

function sumOf(removals: readonly Removal[]): string {
  const number = (fate: Fate) => removals.filter((one) => one.fate === fate).length;
  const parts = [
    [number('deleted'), 'deleted'],
    [number('forced'), 'forced'],
    [number('alone'), 'left alone'],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, words]) => `${n} ${words}`);
  const going = removals.filter(({ fate }) => fate !== 'alone');
  const memory = going.reduce((sum, { row }) => sum + (row.session.shell.memoryUsedBytes ?? 0), 0);
  const frees =
    going.length > 0 && `frees ${memory > 0 ? `${bytes(memory)} and ` : ''}${count(going.length, 'shell')}`;
  return [...said, frees].filter(Boolean).join(' · ');
}

function safeGroup(
  going: readonly Removal[],
  profile: ProfileContent,
  facts: ReadonlyMap<string, Facts>,
): string | undefined {
  for (const { row } of going) {
    const its = facts.get(row.computerId);
    if (!its || !isSafe(profile, its.groupIds)) continue;
    const safe = profile.groups.find(({ name, safeMode }) => safeMode && its.groups.includes(name));
    return safe?.name ?? its.computerName;
  }
  return undefined;
}

/** Whether what was typed is what was asked for. */
export const isConfirmed = ({ going, phrase }: RemovalPlan, typed: string): boolean =>
  going.length > 0 && (phrase === undefined || typed.trim().replace(/\s+/g, ' ').toLowerCase() === phrase);
