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

/**
 * Sorts, given how it was sorted before: only rows that came anew are compared with more than their neighbour, so that
 * a change costs what it changes and one walk over the rest.
 */
export function resort(rows: readonly Row[], compare: Compare, before: readonly Row[] = []): readonly Row[] {
  const now = new Set(rows);
  const kept = before.filter((row) => now.has(row));
  // From nothing, or nearly, sorting at once is cheaper.
  if (kept.length * 2 < rows.length) return rows.toSorted(compare);
  const was = new Set(kept);
  const added = rows.filter((row) => !was.has(row)).toSorted(compare);
  if (added.length === 0) return kept.length === before.length ? before : kept;
  return merge(kept, added, compare);
}

function merge(one: readonly Row[], other: readonly Row[], compare: Compare): Row[] {
  const merged: Row[] = [];
  let at = 0;
  for (const row of one) {
    while (at < other.length && compare(other[at]!, row) < 0) merged.push(other[at++]!);
    merged.push(row);
  }
  while (at < other.length) merged.push(other[at++]!);
  return merged;
}
