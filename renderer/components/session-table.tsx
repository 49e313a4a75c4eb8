import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import type { Computer } from '../../shared/computer.ts';
import { placeRows, shownKeys, shownRows, useApp, useAppStore, useNow } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { clock, count } from '../format.ts';
import type { SortColumn } from '../rows.ts';
import { prune, select, stepTo } from '../selection.ts';
import type { Mode } from '../selection.ts';
import { SessionRow } from './session-row.tsx';

const COLUMNS: readonly {
  readonly column: SortColumn;
  readonly title: string;
  readonly figures?: boolean;
}[] = [
  { column: 'state', title: 'State' },
  { column: 'availability', title: 'Availability' },
  { column: 'name', title: 'Name' },
  { column: 'computer', title: 'Computer' },
  { column: 'configuration', title: 'Configuration' },
  { column: 'owner', title: 'In use by' },
  { column: 'idle', title: 'Idle', figures: true },
  { column: 'expires', title: 'Expires in', figures: true },
  { column: 'memory', title: 'Memory', figures: true },
];

const NONE: readonly Computer[] = [];

/** --row at normal density. */
const ROW = 32;
/** About what the bars leave to the rows, pixels: so the first frame is drawn once, with rows, and only then measured. */
const BARS = 150;

/** The sessions: a virtual list, so that tens of thousands scroll as one does. */
export function SessionTable() {
  const store = useAppStore();
  const rows = useApp(shownRows);
  const keys = useApp(shownKeys);
  const names = useApp(({ profile }) => namesOf(profile?.computers ?? NONE));
  const selection = useApp((state) => state.selection);
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- known: the virtualizer is not memoizable
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
    initialRect: { width: 0, height: window.innerHeight - BARS },
    scrollPaddingStart: ROW, // the head covers the first row's height
    getItemKey: (i) => rows[i]!.key,
  });

  useEffect(() => {
    const { selection: before, show } = store.getState();
    const after = prune(before, keys);
    if (after !== before) show({ selection: after });
  }, [store, keys]);

  const pick = (key: string, mode: Mode) => {
    const { selection: before, show } = store.getState();
    show({ selection: select(before, keys, key, mode) });
    virtual.scrollToIndex(keys.indexOf(key));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 2);
    const isFirst = selection.focus === undefined || selection.focus === keys[0];
    if (event.key === 'ArrowUp' && isFirst && !event.shiftKey) {
      event.preventDefault();
      return scroller.current?.querySelector<HTMLElement>('[role=columnheader]')?.focus();
    }
    const to = event.altKey ? undefined : stepTo(keys, selection.focus, event.key, page);
    if (to === undefined) return;
    event.preventDefault();
    pick(to, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'move' : 'replace');
  };
  const onClick = (key: string, event: MouseEvent) =>
    pick(key, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'replace');

  return (
    <div
      id="pane-table"
      ref={scroller}
      role="treegrid"
      aria-label="Sessions"
      aria-multiselectable="true"
      aria-rowcount={rows.length + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={selection.focus ? `row-${selection.focus}` : undefined}
      tabIndex={0}
      className="grid sessions"
      data-pane
      onKeyDown={onKeyDown}
      onFocus={() => {
        const [first] = keys;
        if (!store.getState().selection.focus && first) pick(first, 'move');
      }}
    >
      <TableHead />
      <div className="tall" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index]!;
          return (
            <SessionRow
              key={key}
              row={row}
              computer={names.get(row.computerId) ?? row.session.computerName}
              index={index}
              start={start}
              now={now}
              selected={selection.selected.has(row.key)}
              focused={selection.focus === row.key}
              onClick={onClick}
              onOpen={() => void store.getState().open([row])}
            />
          );
        })}
      </div>
      {rows.length === 0 && <EmptyTable />}
    </div>
  );
}

/** Enter and Space sort, the arrows go from head to head, down into the rows. */
function onHeadKey(event: KeyboardEvent<HTMLElement>, sort: () => void): void {
  const { key, currentTarget: head } = event;
  const neighbours: Readonly<Record<string, Element | null>> = {
    ArrowLeft: head.previousElementSibling,
    ArrowRight: head.nextElementSibling,
    ArrowDown: head.closest('[role=treegrid]'),
  };
  if (key === 'Enter' || key === ' ') sort();
  else if (key in neighbours) (neighbours[key] as HTMLElement | null)?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function TableHead() {
  const sort = useApp((state) => state.sort);
  const sortBy = useApp((state) => state.sortBy);
  return (
    <div role="row" className="row head" aria-rowindex={1}>
      {COLUMNS.map(({ column, title, figures }) => {
        const sorted = sort?.column === column ? (sort.descending ? 'descending' : 'ascending') : 'none';
        const Arrow = sorted === 'descending' ? ChevronDown : ChevronUp;
        return (
          <div
            key={column}
            role="columnheader"
            aria-sort={sorted}
            tabIndex={-1}
            className={figures ? 'num' : undefined}
            onClick={() => sortBy(column)}
            onKeyDown={(event) => onHeadKey(event, () => sortBy(column))}
          >
            {title}
            {sorted !== 'none' && <Arrow className="i" aria-hidden="true" />}
          </div>
        );
      })}
    </div>
  );
}

/** One sentence where the first row would be. */
function EmptyTable() {
  const total = useApp((state) => placeRows(state).length);
  const statuses = useApp((state) => state.statuses);
  const place = useApp((state) => state.place);
  const sweep = useApp((state) => state.sweep);
  const show = useApp((state) => state.show);
  const now = useNow();
  if (total > 0) {
    return (
      <p className="empty">
        None of {total} match.{' '}
        <button type="button" className="link" onClick={() => show({ filter: '' })}>
          Clear filter
        </button>
      </p>
    );
  }
  const asked = place === 'all' ? [...statuses.values()] : [statuses.get(place)];
  const answered = asked.filter((status) => status?.kind === 'answered');
  const at = sweep?.endedAt;
  if (answered.length === 0 || at === undefined) return null;
  return (
    <p className="empty">
      No sessions on {count(answered.length, 'computer')}, asked at {clock(at, now)}.
    </p>
  );
}
