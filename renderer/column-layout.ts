import { columnOf, FIXED_COLUMNS } from './columns.ts';
import type { ColumnId } from './columns.ts';

/** A column as it is wanted; `width`, in pixels at compact density, where a person chose one. */
export interface WantedColumn {
  readonly column: ColumnId;
  readonly width?: number | undefined;
}

export interface Layout {
  readonly columns: readonly { readonly column: ColumnId; readonly width: number }[];
  /** Pixels of all columns together; more than there are when the table scrolls sideways. */
  readonly width: number;
  /** There is room for PowerShell's words and for whole configurations. */
  readonly wide: boolean;
  /** For a column that stays in sight: how far from the left. */
  readonly sticky: ReadonlyMap<ColumnId, number>;
}

/** From so many pixels of table on, everything gets its words. */
const WIDE_FROM = 1020;

/**
 * Who gets how much room. Short of it, Memory leaves first; if that does not do, the columns keep their least and the
 * table scrolls sideways.
 *
 * @param room pixels of the table
 * @param scale of the density: widths are given for compact and multiplied
 */
export function layOut(wanted: readonly WantedColumn[], room: number, scale: number): Layout {
  const least = (columns: readonly WantedColumn[], roomy: boolean) =>
    columns.map(({ column, width }) => {
      const { min, wide = min } = columnOf(column);
      return Math.round((width ?? (roomy ? wide : min)) * scale);
    });
  const sum = (widths: readonly number[]) => widths.reduce((all, width) => all + width, 0);
  const fits = sum(least(wanted, false)) <= room;
  const columns = fits
    ? wanted
    : wanted.filter(({ column, width }) => column !== 'memory' || width !== undefined);
  const isWide = room >= WIDE_FROM && sum(least(columns, true)) <= room;
  const widths = grown(columns, least(columns, isWide), room, isWide);
  return {
    columns: columns.map(({ column }, i) => ({ column, width: widths[i]! })),
    width: sum(widths),
    wide: isWide,
    sticky: stickyOf(columns, widths),
  };
}

/** What is left goes to the columns that grow, by weight; one whose least is more than its share keeps its least. */
function grown(
  columns: readonly WantedColumn[],
  least: readonly number[],
  room: number,
  wide: boolean,
): number[] {
  const weights = columns.map(({ column, width }) =>
    width === undefined ? columnOf(column).grow[wide ? 1 : 0] : 0,
  );
  const growing = new Set(weights.flatMap((weight, i) => (weight > 0 ? [i] : [])));
  let unit = 0;
  for (let again = true; again;) {
    const taken = least.reduce((all, width, i) => all + (growing.has(i) ? 0 : width), 0);
    const weight = weights.reduce<number>((all, one, i) => all + (growing.has(i) ? one : 0), 0);
    unit = weight > 0 ? (room - taken) / weight : 0;
    again = false;
    for (const i of growing) {
      if (weights[i]! * unit >= least[i]!) continue;
      growing.delete(i);
      again = true;
    }
  }
  return least.map((width, i) => (growing.has(i) ? Math.floor(weights[i]! * unit) : width));
}

function stickyOf(columns: readonly WantedColumn[], widths: readonly number[]): Map<ColumnId, number> {
  const sticky = new Map<ColumnId, number>();
  let left = 0;
  for (const [i, { column }] of columns.entries()) {
    if (!FIXED_COLUMNS.includes(column)) continue;
    sticky.set(column, left);
    left += widths[i]!;
  }
  return sticky;
}
