import type { GROUPINGS } from '../shared/settings.ts';
import type { Settings, TableSettings } from '../shared/settings.ts';
import { FIRST_COLUMNS, FIXED_COLUMNS, isColumn } from './columns.ts';
import type { ColumnId } from './columns.ts';
import type { WantedColumn } from './column-layout.ts';
import type { Place } from './place.ts';

export type Grouping = (typeof GROUPINGS)[number];

export interface Sort {
  readonly column: ColumnId;
  readonly descending: boolean;
}

/** How a table looks. */
export interface Table {
  readonly columns: readonly WantedColumn[];
  /** The first counts most. */
  readonly sort: readonly Sort[];
  readonly groupBy: Grouping;
}

type Tables = Readonly<Record<string, TableSettings>>;

/** What was chosen for this place, else for all, else what a table is at first. */
export function tableOf(
  chosen: Tables,
  settings: Settings | undefined,
  place: Place,
  firstGrouping: Grouping,
): Table {
  const kept = settings?.tables ?? {};
  const { columns, sort, groupBy } = chosen[place] ?? kept[place] ?? chosen['*'] ?? kept['*'] ?? {};
  const known = (columns ?? []).flatMap(({ column, width }) => (isColumn(column) ? [{ column, width }] : []));
  const there = new Set(known.map(({ column }) => column));
  return {
    // Kept by a version that had other columns, or none of those that a row is told by.
    columns: FIXED_COLUMNS.every((id) => there.has(id)) ? known : FIRST_COLUMNS.map((column) => ({ column })),
    sort: (sort ?? []).flatMap(({ column, descending }) =>
      isColumn(column) ? [{ column, descending }] : [],
    ),
    groupBy: groupBy ?? firstGrouping,
  };
}

/** What the settings hold. */
const MOST_SORTS = 5;

/** Ascending, descending, not at all. `add` keeps what it was sorted by before, in front. */
export function sortedBy(sort: readonly Sort[], column: ColumnId, add: boolean): readonly Sort[] {
  const first = { column, descending: false };
  if (add && !sort.some((one) => one.column === column)) return [...sort, first].slice(0, MOST_SORTS);
  if (add || (sort.length === 1 && sort[0]?.column === column))
    return sort.flatMap((one) => (one.column === column ? turned(one) : one));
  return [first];
}

const turned = (sort: Sort): Sort[] => (sort.descending ? [] : [{ ...sort, descending: true }]);

/** Shown or not; a column that comes back comes last. Those that a row is told by stay. */
export function toggled(columns: readonly WantedColumn[], column: ColumnId): readonly WantedColumn[] {
  if (FIXED_COLUMNS.includes(column)) return columns;
  const without = columns.filter((one) => one.column !== column);
  return without.length < columns.length ? without : [...columns, { column }];
}

/** To the place of another column: before it when it comes from the right, behind it when from the left. */
export function moved(
  columns: readonly WantedColumn[],
  column: ColumnId,
  to: ColumnId | undefined,
): readonly WantedColumn[] {
  const from = columns.findIndex((one) => one.column === column);
  const at = columns.findIndex((one) => one.column === to);
  if (from < 0 || at < 0 || from === at) return columns;
  return columns.toSpliced(from, 1).toSpliced(at, 0, columns[from]!);
}

/** One place further left or right. */
export const stepped = (columns: readonly WantedColumn[], column: ColumnId, by: 1 | -1) =>
  moved(columns, column, columns[columns.findIndex((one) => one.column === column) + by]?.column);

const NARROWEST = 40;
const WIDEST = 1200;

/** @param width pixels at compact density; undefined gives it back its own */
export const sized = (
  columns: readonly WantedColumn[],
  column: ColumnId,
  width: number | undefined,
): readonly WantedColumn[] =>
  columns.map((one) => {
    if (one.column !== column) return one;
    if (width === undefined) return { column };
    return { column, width: Math.round(Math.max(NARROWEST, Math.min(WIDEST, width))) };
  });
