import { ChevronDown, ChevronUp } from 'lucide-react';
import { useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { shownTable, useApp, useAppStore } from '../app-context.ts';
import type { Layout } from '../column-layout.ts';
import { columnOf, FIXED_COLUMNS } from '../columns.ts';
import type { ColumnId } from '../columns.ts';
import { changeTable, sortBy } from '../table-actions.ts';
import { moved, sized, stepped } from '../table-settings.ts';

interface Props {
  readonly layout: Layout;
  readonly scale: number;
  /** A width while it is dragged, before it is kept; undefined when it is not any more. */
  readonly drag: (column: ColumnId, width: number | undefined) => void;
  readonly menu: (at: { x: number; y: number }) => void;
}

/** Pixels after which a press is a drag and no click. */
const DRAG_FROM = 5;
const STEP = 16;

/** The columns: sorted by a click, moved and sized by dragging or by the arrows with Alt and Shift. */
export function TableHead({ layout, scale, drag, menu }: Props) {
  return (
    <div role="row" className="row head" aria-rowindex={1}>
      {layout.columns.map(({ column, width }, i) => (
        <Head key={column} column={column} index={i} width={width} scale={scale} drag={drag} menu={menu} />
      ))}
    </div>
  );
}

interface HeadProps extends Omit<Props, 'layout'> {
  readonly column: ColumnId;
  readonly index: number;
  readonly width: number;
}

function Head({ column, index, width, scale, drag, menu }: HeadProps) {
  const store = useAppStore();
  const sort = useApp((state) => shownTable(state).sort);
  const [over, setOver] = useState(false);
  const press = useRef<{ x: number; dragged: boolean }>(undefined);
  const { title, figures } = columnOf(column);
  const at = sort.findIndex((one) => one.column === column);
  const sorted = at < 0 ? 'none' : sort[at]!.descending ? 'descending' : 'ascending';
  const Arrow = sorted === 'descending' ? ChevronDown : ChevronUp;
  const arrange = (columns: ReturnType<typeof moved>) => changeTable(store.getState(), { columns });
  const columns = () => shownTable(store.getState()).columns;
  const sizeBy = (by: number) => arrange(sized(columns(), column, width / scale + by));

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if (event.key === 'Enter' || event.key === ' ') sortBy(store.getState(), column, event.shiftKey);
    else if (step && event.altKey) arrange(stepped(columns(), column, step));
    else if (step && event.shiftKey) sizeBy(step * STEP);
    else if (!goTo(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const from = press.current;
    if (!from || (!from.dragged && Math.abs(event.clientX - from.x) < DRAG_FROM)) return;
    from.dragged = true;
    setOver(true);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const from = press.current;
    press.current = undefined;
    setOver(false);
    if (!from) return;
    const target = from.dragged && headAt(event);
    if (target) arrange(moved(columns(), column, target));
    else if (!from.dragged) sortBy(store.getState(), column, event.shiftKey);
  };
  return (
    <div
      role="columnheader"
      aria-colindex={index + 1}
      aria-sort={sorted}
      aria-description="Enter sorts, Alt and the arrows move, Shift and the arrows size"
      tabIndex={-1}
      data-column={column}
      data-fixed={FIXED_COLUMNS.includes(column) ? column : undefined}
      className={[figures && 'num', over && 'dragged'].filter(Boolean).join(' ') || undefined}
      title={title}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        press.current = { x: event.clientX, dragged: false };
        // A quick hand is in the next column before this one hears of it.
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        press.current = undefined;
        setOver(false);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        menu({ x: event.clientX, y: event.clientY });
      }}
    >
      <span className="cut">{title}</span>
      {sorted !== 'none' && <Arrow className="i" aria-hidden="true" />}
      {at >= 0 && sort.length > 1 && (
        <span className="nth" aria-hidden="true">
          {at + 1}
        </span>
      )}
      <Edge
        width={width}
        scale={scale}
        drag={(next) => drag(column, next)}
        keep={(next) => arrange(sized(columns(), column, next))}
      />
    </div>
  );
}

/** The arrows go from head to head, down into the rows. @returns whether they led anywhere */
function goTo({ key, currentTarget: head }: KeyboardEvent<HTMLElement>): boolean {
  const neighbours: Readonly<Record<string, Element | null>> = {
    ArrowLeft: head.previousElementSibling,
    ArrowRight: head.nextElementSibling,
    ArrowDown: head.closest('[role=treegrid]'),
  };
  if (!(key in neighbours)) return false;
  (neighbours[key] as HTMLElement | null)?.focus();
  return true;
}

/** The column under the pointer. */
function headAt({ currentTarget, clientX }: PointerEvent<HTMLElement>): ColumnId | undefined {
  const heads = [...(currentTarget.parentElement?.children ?? [])] as HTMLElement[];
  const under = heads.find((head) => {
    const { left, right } = head.getBoundingClientRect();
    return left <= clientX && clientX < right;
  });
  return under?.dataset['column'] as ColumnId | undefined;
}

interface EdgeProps {
  readonly width: number;
  readonly scale: number;
  readonly drag: (width: number | undefined) => void;
  readonly keep: (width: number | undefined) => void;
}

/** The right edge, which sizes; a double-click gives the column its own width back. */
function Edge({ width, scale, drag, keep }: EdgeProps) {
  const from = useRef<{ x: number; width: number }>(undefined);
  const widthAt = ({ clientX }: PointerEvent) =>
    from.current && from.current.width + (clientX - from.current.x) / scale;
  return (
    <span
      className="edge"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, width: width / scale };
      }}
      onPointerMove={(event) => {
        event.stopPropagation();
        const next = widthAt(event);
        if (next !== undefined) drag(next);
      }}
      onPointerUp={(event) => {
        event.stopPropagation();
        const next = widthAt(event);
        const isMoved = from.current && from.current.x !== event.clientX;
        from.current = undefined;
        drag(undefined);
        if (isMoved) keep(next);
      }}
      onDoubleClick={() => keep(undefined)}
    />
  );
}
