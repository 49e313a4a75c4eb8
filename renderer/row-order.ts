import type { ComputerId } from '../shared/computer.ts';
import { columnOf } from './columns.ts';
import type { ColumnFacts } from './columns.ts';
import type { Row } from './rows.ts';
import type { Sort } from './table-settings.ts';

export type Compare = (a: Row, b: Row) => number;

type Key = string | number | undefined;

/**
 * By several columns; equal rows keep the computers' order. What is compared is worked out once for each row.
 *
 * @param rank of each computer in the profile
 */
export function compareBy(
  sort: readonly Sort[],
  rank: ReadonlyMap<ComputerId, number>,
  facts: ReadonlyMap<ComputerId, ColumnFacts>,
): Compare {
  const known = new WeakMap<Row, readonly Key[]>();
  const keysOf = (row: Row): readonly Key[] => {
    let keys = known.get(row);
    if (!keys) {
      keys = sort.map(({ column }) => columnOf(column).key(row, facts.get(row.computerId)));
      known.set(row, keys);
    }
    return keys;
  };
  return (a, b) => {
    const [as, bs] = [keysOf(a), keysOf(b)];
    for (let i = 0; i < sort.length; i += 1) {
      const [x, y] = [as[i], bs[i]];
      if (x === y) continue;
      // Nothing known comes last, whichever way.
      if (x === undefined) return 1;
      if (y === undefined) return -1;
      return x < y === sort[i]!.descending ? 1 : -1;
    }
    return (rank.get(a.computerId) ?? 0) - (rank.get(b.computerId) ?? 0) || a.position - b.position;
  };
}

/** What was sorted before, and what came of it. */
export interface Sorted {
  /** In the computers' own order. */
  readonly rows: readonly Row[];
  readonly sorted: readonly Row[];
}

/** From so many new rows on, sorting all at once is cheaper. */
const FEW = 1_000;

/**
 * Sorts, given what was sorted before: rows that came anew are put where they belong, so that a change costs what it
 * changes and a copy of the list.
 */
export function resort(
  rows: readonly Row[],
  compare: Compare,
  rank: ReadonlyMap<ComputerId, number>,
  before?: Sorted,
): readonly Row[] {
  if (!before) return rows.toSorted(compare);
  const { gone, added } = difference(before.rows, rows, rank);
  if (added.length > FEW) return rows.toSorted(compare);
  const kept = gone.size === 0 ? before.sorted : before.sorted.filter((row) => !gone.has(row));
  return added.length === 0 ? kept : merge(kept, added.toSorted(compare), compare);
}

/** Both in the computers' order, and of one computer mostly the same: one walk along both finds what differs. */
function difference(
  before: readonly Row[],
  now: readonly Row[],
  rank: ReadonlyMap<ComputerId, number>,
): { gone: ReadonlySet<Row>; added: readonly Row[] } {
  const gone = new Set<Row>();
  const added: Row[] = [];
  const rankOf = (row: Row | undefined) => (row ? (rank.get(row.computerId) ?? 0) : Infinity);
  let [i, j] = [0, 0];
  while (i < before.length || j < now.length) {
    if (before[i] === now[j]) {
      i += 1;
      j += 1;
      continue;
    }
    // All of the computer whose turn it is, on either side: what stays the same comes back with what is added.
    const turn = Math.min(rankOf(before[i]), rankOf(now[j]));
    for (; i < before.length && rankOf(before[i]) === turn; i += 1) gone.add(before[i]!);
    for (; j < now.length && rankOf(now[j]) === turn; j += 1) added.push(now[j]!);
  }
  return { gone, added };
}

/** Few into many: each finds its place by halving. */
function merge(many: readonly Row[], few: readonly Row[], compare: Compare): Row[] {
  const merged: Row[] = [];
  let from = 0;
  for (const row of few) {
    let [low, high] = [from, many.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(many[middle]!, row) <= 0) low = middle + 1;
      else high = middle;
    }
    for (; from < low; from += 1) merged.push(many[from]!);
    merged.push(row);
  }
  for (; from < many.length; from += 1) merged.push(many[from]!);
  return merged;
}
