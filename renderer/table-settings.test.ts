import { expect, test } from 'vitest';
import { FIRST_COLUMNS } from './columns.ts';
import { moved, sized, sortedBy, stepped, tableOf, toggled } from './table-settings.ts';
import type { Sort } from './table-settings.ts';

const words = (sort: readonly Sort[]) =>
  sort.map(({ column, descending }) => `${descending ? '-' : ''}${column}`).join();
const columns = FIRST_COLUMNS.map((column) => ({ column }));
const names = (list: readonly { column: string }[]) => list.map(({ column }) => column).join();

test('a click sorts up, down, not at all; another column begins anew', () => {
  let sort = sortedBy([], 'name', false);
  expect(words(sort)).toBe('name');
  sort = sortedBy(sort, 'name', false);
  expect(words(sort)).toBe('-name');
  expect(words(sortedBy(sort, 'name', false))).toBe('');
  expect(words(sortedBy(sort, 'idle', false))).toBe('idle');
});

test('with Shift a column is added behind, turned in its place, and taken away', () => {
  let sort = sortedBy(sortedBy([], 'state', false), 'name', true);
  expect(words(sort)).toBe('state,name');
  sort = sortedBy(sort, 'state', true);
  expect(words(sort)).toBe('-state,name');
  expect(words(sortedBy(sort, 'state', true))).toBe('name');
  for (const one of ['idle', 'memory', 'owner', 'running'] as const) sort = sortedBy(sort, one, true);
  expect(words(sort)).toBe('-state,name,idle,memory,owner');
  expect(words(sortedBy(sort, 'name', false))).toBe('name');
});

test('columns come and go, but never those that a row is told by', () => {
  expect(names(toggled(columns, 'memory'))).not.toContain('memory');
  expect(names(toggled(toggled(columns, 'idle'), 'idle'))).toMatch(/,idle$/);
  expect(toggled(columns, 'name')).toBe(columns);
});

test('a column is moved to the place of another, from either side', () => {
  const some = columns.slice(0, 4);
  expect(names(moved(some, 'state', 'name'))).toBe('availability,name,state,computer');
  expect(names(moved(some, 'computer', 'availability'))).toBe('state,computer,availability,name');
  expect(names(stepped(some, 'name', -1))).toBe('state,name,availability,computer');
  expect(stepped(some, 'state', -1)).toBe(some);
});

test('a width stays within reason, and can be given back', () => {
  const widthOf = (width: number | undefined) =>
    sized(columns, 'name', width).find(({ column }) => column === 'name');
  expect(widthOf(3)?.width).toBe(40);
  expect(widthOf(9_999)?.width).toBe(1200);
  expect(widthOf(undefined)).toEqual({ column: 'name' });
});

test('what was chosen here comes before what was kept, and that before what holds for all', () => {
  const kept = { version: 1, tables: { all: { groupBy: 'owner' }, '*': { groupBy: 'state' } } } as const;
  const groupBy = (chosen: Parameters<typeof tableOf>[0], place: 'all' | 'failed') =>
    tableOf(chosen, kept, place, 'group').groupBy;
  expect(groupBy({ all: { groupBy: 'none' } }, 'all')).toBe('none');
  expect(groupBy({}, 'all')).toBe('owner');
  expect(groupBy({}, 'failed')).toBe('state');
  expect(tableOf({}, undefined, 'all', 'group').groupBy).toBe('group');
});

test('columns that this version does not know are left out; without the fixed ones it begins anew', () => {
  const withOdd = {
    all: { columns: [{ column: 'state' }, { column: 'odd' }, { column: 'name', width: 200 }] },
  };
  expect(tableOf(withOdd, undefined, 'all', 'none').columns).toEqual([
    { column: 'state' },
    { column: 'name', width: 200 },
  ]);
  expect(names(tableOf({ all: { columns: [{ column: 'idle' }] } }, undefined, 'all', 'none').columns)).toBe(
    names(columns),
  );
});
