import type { Computer, ConnectionOptions, Group, GroupId, SignIn } from '../shared/computer.ts';
import type { Origin } from '../shared/inheritance.ts';
import { readOption, writeOption } from './option-fields.ts';
import type { OptionFieldId } from './option-fields.ts';
import type { OptionValue } from './option-inputs.ts';

/** Several that differ where one value would stand. */
export const VARIOUS = Symbol('<various>');
export type Various = typeof VARIOUS;

/** What all of them share. */
export function common<T>(values: readonly T[], same: (a: T, b: T) => boolean = Object.is): T | Various {
  const [first, ...rest] = values;
  return rest.every((one) => same(one, first as T)) ? (first as T) : VARIOUS; // nothing has one value: undefined
}

/** What was changed, and nothing else: all that is not here stays with each as it is. `null` inherits again. */
export interface Changes {
  /** Of one alone. */
  readonly name?: string;
  readonly options?: Readonly<Partial<Record<OptionFieldId, OptionValue | null>>>;
  readonly signIn?: SignIn | null;
  readonly unpin?: true;
  /** Send on to nowhere any more. */
  readonly stay?: true;
  readonly joins?: readonly GroupId[];
  readonly leaves?: readonly GroupId[];
  readonly tags?: readonly string[];
  readonly untags?: readonly string[];
  readonly favourite?: boolean;
  readonly notes?: string;
  /** Of groups alone. */
  readonly safeMode?: boolean | null;
  readonly refreshEveryS?: number | null;
}

export const NO_CHANGES: Changes = {};
export const isChanged = (changes: Changes): boolean => Object.keys(changes).length > 0;

/** With an option changed so; undefined takes its change back. */
export function withOption(
  changes: Changes,
  id: OptionFieldId,
  value: OptionValue | null | undefined,
): Changes {
  const { [id]: _, ...others } = changes.options ?? {};
  return { ...changes, options: value === undefined ? others : { ...others, [id]: value } };
}

/** Without the fields that are set to undefined, which the profile does not know. */
const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

const orOwn = <T>(changed: T | null | undefined, own: T | undefined): T | undefined =>
  changed === undefined ? own : (changed ?? undefined);

function changeOptions(
  options: ConnectionOptions,
  { options: changes = {}, unpin, stay }: Changes,
): ConnectionOptions {
  let next = options;
  for (const [id, value] of Object.entries(changes) as [OptionFieldId, OptionValue | null][]) {
    next = writeOption(next, id, value ?? undefined);
  }
  if (!unpin && !stay) return next;
  const { pinnedCertificate, redirectTo } = next;
  return defined({
    ...next,
    pinnedCertificate: unpin ? undefined : pinnedCertificate,
    redirectTo: stay ? undefined : redirectTo,
  });
}

export function changeComputer(computer: Computer, changes: Changes): Computer {
  const { joins = [], leaves = [], tags = [], untags = [] } = changes;
  const without = <T>(list: readonly T[], out: readonly T[], added: readonly T[]) => [
    ...new Set([...list.filter((one) => !out.includes(one)), ...added]),
  ];
  return defined({
    ...computer,
    computerName: changes.name ?? computer.computerName,
    options: changeOptions(computer.options, changes),
    signIn: orOwn(changes.signIn, computer.signIn),
    groupIds: without(computer.groupIds, leaves, joins),
    tags: without(computer.tags, untags, tags),
    favourite: changes.favourite ?? computer.favourite,
    notes: (changes.notes ?? computer.notes) || undefined,
  });
}

export function changeGroup(group: Group, changes: Changes): Group {
  return defined({
    ...group,
    name: changes.name ?? group.name,
    options: changeOptions(group.options, changes),
    signIn: orOwn(changes.signIn, group.signIn),
    safeMode: orOwn(changes.safeMode, group.safeMode),
    refreshEveryS: orOwn(changes.refreshEveryS, group.refreshEveryS) as Group['refreshEveryS'],
    favourite: changes.favourite ?? group.favourite,
    notes: (changes.notes ?? group.notes) || undefined,
  });
}

/** One that is edited, with those it inherits from, nearest first. */
export interface Subject {
  readonly own: Computer | Group;
  readonly above: readonly Group[];
}

/** What a field shows of several subjects: what they set themselves, what counts, and whence. */
export interface Shown<T> {
  readonly own: T | undefined | Various;
  readonly effective: T | undefined | Various;
  readonly origin: Origin | Various;
}

const sameOrigin = (a: Origin, b: Origin) =>
  a.kind === b.kind && (a.kind !== 'group' || (b.kind === 'group' && a.groupId === b.groupId));

/** @param same whether two values are one; by identity when absent */
export function shownOf<T>(
  subjects: readonly Subject[],
  pick: (from: Computer | Group) => T | undefined,
  same: (a: T | undefined, b: T | undefined) => boolean = Object.is,
): Shown<T> {
  const all = subjects.map(({ own, above }) => {
    const mine = pick(own);
    if (mine !== undefined) return { own: mine, value: mine, origin: { kind: 'own' } as Origin };
    const group = above.find((one) => pick(one) !== undefined);
    const origin: Origin = group ? { kind: 'group', groupId: group.id } : { kind: 'default' };
    return { own: undefined, value: group && pick(group), origin };
  });
  return {
    own: common(
      all.map(({ own }) => own),
      same,
    ),
    effective: common(
      all.map(({ value }) => value),
      same,
    ),
    origin: common(
      all.map(({ origin }) => origin),
      sameOrigin,
    ),
  };
}

export const optionShown = (subjects: readonly Subject[], id: OptionFieldId): Shown<OptionValue> =>
  shownOf(subjects, ({ options }) => readOption(options, id));

export const sameSignIn = (a: SignIn | undefined, b: SignIn | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
