import { memo } from 'react';
import type { MouseEvent } from 'react';
import { columnOf, FIXED_COLUMNS } from '../columns.ts';
import type { ColumnId } from '../columns.ts';
import type { Facts } from '../facts.ts';
import { clock, duration } from '../format.ts';
import { rowLabel } from '../rows.ts';
import type { Row } from '../rows.ts';
import { CELLS } from './cells.tsx';

interface Props {
  readonly row: Row;
  readonly columns: readonly ColumnId[];
  /** False while it flies past: then it shows no more than its name. */
  readonly whole: boolean;
  readonly facts: Facts | undefined;
  readonly running: string | undefined;
  readonly yours: boolean;
  readonly waiting: boolean;
  /** New or in another state since the sweep before, and not yet seen. */
  readonly fresh: boolean;
  /** Below the line of a group. */
  readonly level: 1 | 2;
  readonly index: number;
  /** Pixels from the list's top. */
  readonly start: number;
  readonly now: number;
  readonly selected: boolean;
  readonly focused: boolean;
  readonly onPress: (key: string, event: MouseEvent) => void;
  readonly onClick: (key: string, event: MouseEvent) => void;
  readonly onOpen: (row: Row) => void;
}

export const SessionRow = memo(function SessionRow(props: Props) {
  const { row, columns, whole, facts, running, yours, waiting, fresh, level, index, start, now } = props;
  const { selected, focused, onPress, onClick, onOpen } = props;
  const { badge, stale, at } = row;
  const classes = [
    ...['row', focused && 'is-active', stale && 'stale'],
    ...[fresh && 'new', badge === 'closed' && 'closed-row'],
  ];
  const news = [waiting && 'connects when free', fresh && 'new'].filter(Boolean).join(', ');
  return (
    <div
      id={`row-${row.key}`}
      role="row"
      aria-label={rowLabel(row, facts?.computerName)}
      aria-description={news || undefined}
      aria-level={level}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes.filter(Boolean).join(' ')}
      style={{ top: start }}
      title={stale ? `Last known at ${clock(at, now)}, ${duration(now - at)} ago` : undefined}
      onMouseDown={(event) => onPress(row.key, event)}
      onClick={(event) => onClick(row.key, event)}
      onDoubleClick={() => onOpen(row)}
    >
      {columns.map((column, i) => {
        if (!whole && column !== 'name') return null;
        const { content, title, className } = CELLS[column]({ row, facts, now, running, yours, waiting });
        const names = [columnOf(column).figures && 'num', className].filter(Boolean).join(' ');
        return (
          <div
            key={column}
            role={column === 'state' ? 'rowheader' : 'gridcell'}
            aria-colindex={i + 1}
            className={names || undefined}
            style={whole ? undefined : { gridColumn: i + 1 }}
            data-fixed={FIXED_COLUMNS.includes(column) ? column : undefined}
            title={title}
          >
            {content}
          </div>
        );
      })}
    </div>
  );
});
