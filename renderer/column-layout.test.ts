import { expect, test } from 'vitest';
import { layOut } from './column-layout.ts';
import { COLUMN_IDS, columnOf, FIRST_COLUMNS } from './columns.ts';
import { DENSITY } from './density.ts';

const first = FIRST_COLUMNS.map((column) => ({ column }));
const widthOf = (layout: ReturnType<typeof layOut>, id: string) =>
  layout.columns.find(({ column }) => column === id)?.width;

test('what room is left goes to the columns that grow, and no column gets less than its least', () => {
  const layout = layOut(first, 900, 1);
  expect(layout.width).toBeLessThanOrEqual(900);
  expect(layout.width).toBeGreaterThan(890);
  for (const { column, width } of layout.columns)
    expect(width, column).toBeGreaterThanOrEqual(columnOf(column).min);
  expect(widthOf(layout, 'idle')).toBe(columnOf('idle').min);
});

test('short of room Memory leaves first, then the table is wider than its room', () => {
  const columns = (room: number) => layOut(first, room, DENSITY.normal.scale).columns.length;
  expect([columns(1000), columns(880), columns(500)]).toEqual([10, 9, 9]);
  const narrow = layOut(first, 500, DENSITY.normal.scale);
  expect(narrow.width).toBeGreaterThan(500);
  expect([...narrow.sticky]).toEqual([
    ['state', 0],
    ['name', widthOf(narrow, 'state')],
  ]);
});

test('a width that a person chose is kept, also when it does not fit, and Memory then stays', () => {
  const wanted = first.map((one) => (one.column === 'memory' ? { ...one, width: 90 } : one));
  expect(widthOf(layOut(wanted, 500, 1.2), 'memory')).toBe(108);
});

test('words that are left out for lack of room come with it', () => {
  expect(layOut(first, 1019, 1).wide).toBe(false);
  const wide = layOut(first, 1020, 1);
  expect(wide.wide).toBe(true);
  expect(widthOf(wide, 'state')).toBe(168);
  const all = COLUMN_IDS.map((column) => ({ column }));
  expect(layOut(all, 1100, 1).wide).toBe(false); // so many columns leave no room for words
});
