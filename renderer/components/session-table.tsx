import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useSyncExternalStore } from 'react';
import type { CSSProperties, MouseEvent, RefObject } from 'react';
import { flushSync } from 'react-dom';
import {
  facts,
  heldCommands,
  keptRows,
  selectedRows,
  isYours,
  shownFolds,
  shownItems,
  shownKeys,
  shownTable,
  useApp,
  useAppStore,
  useNow,
  waitingKeys,
  yourKeys,
} from '../app-context.ts';
import { layOut } from '../column-layout.ts';
import type { WantedColumn } from '../column-layout.ts';
import { densityOf } from '../density.ts';
import { useOverlays } from '../overlays.ts';
import { groupOf, isGroup, isOpen } from '../row-groups.ts';
import type { Item, RowGroup } from '../row-groups.ts';
import type { Row } from '../rows.ts';
import { RowViewport } from '../row-viewport.ts';
import type { Range } from '../row-viewport.ts';
import { isRowKey, prune, select } from '../selection.ts';
import type { Mode } from '../selection.ts';
import { setFold } from '../table-actions.ts';
import { sized } from '../table-settings.ts';
import { EmptyTable } from './empty-table.tsx';
import { GroupRow } from './group-row.tsx';
import { SessionRow } from './session-row.tsx';
import { TableHead } from './table-head.tsx';
import { useAskRunning } from './use-ask-running.ts';
import { usePressedRow } from './use-pressed-row.ts';
import { useSeen } from './use-seen.ts';
import { useTableKeys } from './use-table-keys.ts';
import { useWidth } from './use-width.ts';

type Menu = { readonly kind: 'row' | 'columns'; readonly at: { x: number; y: number } };

/** The sessions: only the lines that are seen are drawn, so that tens of thousands scroll as one does. */
export function SessionTable() {
  const store = useAppStore();
  const items = useApp(shownItems);
  const keys = useApp(shownKeys);
  const selection = useApp((state) => state.selection);
  const wanted = useWanted();
  const { row: height, head } = useApp(({ settings }) => densityOf(settings));
  const scroller = useRef<HTMLDivElement>(null);
  const view = useViewport(scroller, { keys, height, head, wanted, focus: selection.focus });
  const { isMeasured, style, layout, columns, scale, drag } = useColumns(scroller);
  const [menu, setMenu] = useState<Menu>();
  const overlays = useOverlays();
  const dialog = useApp((state) => state.dialog);
  usePruning(keys);

  const { viewport } = view;
  const pick = useCallback(
    (key: string, mode: Mode) => {
      const { selection: before, show } = store.getState();
      const now = shownKeys(store.getState());
      show({ selection: select(before, now, key, mode) });
      viewport.reveal(now.indexOf(key));
    },
    [store, viewport],
  );
  const onKeyDown = useTableKeys({
    pick,
    page: () => viewport.page(),
    reveal: (index) => flushSync(() => viewport.reveal(index)),
    scroller,
    openMenu: (at) => setMenu({ kind: 'row', at }),
  });
  const lines = items.slice(view.first, view.end);
  useAskRunning(lines);
  useSeen(lines);

  return (
    <div
      id="pane-table"
      ref={scroller}
      role="treegrid"
      aria-label="Sessions"
      aria-multiselectable="true"
      aria-rowcount={items.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={selection.focus && items.length > 0 ? `row-${selection.focus}` : undefined}
      tabIndex={0}
      className={gridClass(layout.wide, layout.width > layout.room)}
      style={style}
      data-pane
      onKeyDown={onKeyDown}
      onScroll={viewport.scrolled}
      onContextMenu={(event) => {
        const key = keyAt(event);
        if (key === undefined) return;
        event.preventDefault();
        if (!store.getState().selection.selected.has(key)) pick(key, 'replace');
        setMenu({ kind: 'row', at: { x: event.clientX, y: event.clientY } });
      }}
      onFocus={({ target, currentTarget }) => {
        // Whoever comes by the pointer means the row under it, which must not move before the click is done.
        if (target !== currentTarget || !currentTarget.matches(':focus-visible')) return;
        const seen = keys.slice(viewport.firstSeen());
        const first = seen.find(isRowKey) ?? keys.find(isRowKey) ?? keys[0];
        if (!store.getState().selection.focus && first) pick(first, 'move');
      }}
    >
      {isMeasured && (
        <>
          <TableHead
            layout={layout}
            scale={scale}
            drag={drag}
            menu={(at) => setMenu({ kind: 'columns', at })}
          />
          <div className="tall" role="rowgroup" style={{ height: items.length * height }}>
            <Lines {...{ items: lines, first: view.first, whole: view.whole, columns, height, pick }} />
          </div>
        </>
      )}
      <EmptyTable />
      {menu && overlays && <overlays.TableMenu {...menu} close={() => setMenu(undefined)} />}
      {dialog?.kind === 'inUse' && overlays && <overlays.InUsePopover row={dialog.row} />}
    </div>
  );
}

const gridClass = (wide: boolean, sideways: boolean) =>
  ['grid sessions', wide && 'wide', sideways && 'sideways'].filter(Boolean).join(' ');

const keyAt = ({ target }: MouseEvent): string | undefined =>
  (target as Element).closest('[role=row][id]')?.id.replace(/^row-/, '');

/** Changes when other lines, or another order, are wanted: then the table may jump, and must not otherwise. */
function useWanted(): unknown {
  const place = useApp((state) => state.place);
  const filter = useApp((state) => state.filter);
  const folds = useApp((state) => state.folds);
  const { sort, groupBy } = useApp(shownTable);
  return useMemo(() => ({ place, filter, folds, sort, groupBy }), [place, filter, folds, sort, groupBy]);
}

function useViewport(scroller: RefObject<HTMLElement | null>, lines: Parameters<RowViewport['show']>[0]) {
  const [viewport] = useState(() => new RowViewport());
  const range = useSyncExternalStore(viewport.subscribe, viewport.range);
  useLayoutEffect(() => viewport.attach(scroller.current!), [viewport, scroller]);
  useLayoutEffect(() => viewport.show(lines));
  return { viewport, ...viewport.drawn(range, lines) };
}

function usePruning(keys: readonly string[]): void {
  const store = useAppStore();
  const before = useRef(keys);
  useEffect(() => {
    // Whoever types a filter may go through one that nothing fits, and means the same rows after it.
    if (keys.length === 0) return;
    const state = store.getState();
    const { selected, focus } = state.selection;
    const isWhole = selectedRows(state).length === selected.size || keptRows(state).length === selected.size;
    const was = before.current;
    before.current = keys;
    if (isWhole && (focus === undefined || keys.includes(focus))) return;
    const folded = keptRows(state).map(({ key }) => key);
    const over = focus === undefined ? undefined : groupOf(shownItems(state), focus)?.key;
    state.show({ selection: prune(state.selection, keys, was, { folded, over }) });
  }, [store, keys]);
}

/** Pixels of a line before its first cell. */
const LEAD = 10;

function useColumns(scroller: RefObject<HTMLElement | null>) {
  const { columns: kept } = useApp(shownTable);
  const { scale } = useApp(({ settings }) => densityOf(settings));
  const [dragged, setDragged] = useState<readonly WantedColumn[]>();
  const width = useWidth(scroller);
  const room = width - LEAD;
  const layout = useMemo(() => layOut(dragged ?? kept, room, scale), [dragged, kept, room, scale]);
  const names = layout.columns.map(({ column }) => column).join();
  // The rows know the columns, not their widths: sizing one redraws no row.
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `names` stands for them
  const columns = useMemo(() => layout.columns.map(({ column }) => column), [names]);
  const drag = useCallback(
    (column: Parameters<typeof sized>[1], width: number | undefined) =>
      setDragged(width === undefined ? undefined : sized(kept, column, width)),
    [kept],
  );
  const style = {
    '--cols': layout.columns.map(({ width }, i) => `${width + (i === 0 ? LEAD : 0)}px`).join(' '),
    '--total': `${layout.width + LEAD}px`,
    '--room': `${room + LEAD}px`,
    '--left-name': `${(layout.sticky.get('name') ?? 0) + LEAD}px`,
  } as CSSProperties; // custom properties are not in React's type
  // Lines drawn before would all be laid out twice.
  return { isMeasured: width > 0, style, layout: { ...layout, room }, columns, scale, drag };
}

/** More lines than are drawn at once in all but the highest windows. */
const SLOTS = 96;

interface LinesProps {
  readonly items: readonly Item[];
  /** Index of the first of them. */
  readonly first: number;
  readonly whole: Range['whole'];
  readonly columns: Parameters<typeof SessionRow>[0]['columns'];
  readonly height: number;
  readonly pick: (key: string, mode: Mode) => void;
}

/** Lines that fly past show no time, and none of them is drawn anew for it. */
function useStandingNow(isHasty: boolean): number {
  const now = useNow();
  const [shown, setShown] = useState(now);
  if (!isHasty && shown !== now) setShown(now);
  return shown;
}

function Lines({ items, first, whole, columns, height, pick }: LinesProps) {
  const store = useAppStore();
  const { selected, focus } = useApp((state) => state.selection);
  const known = useApp(facts);
  const folds = useApp(shownFolds);
  const marks = useApp((state) => state.marks);
  const seen = useApp((state) => state.seen);
  const running = useApp(heldCommands);
  const waiting = useApp(waitingKeys);
  const left = useApp(yourKeys);
  const grouped = useApp((state) => shownTable(state).groupBy !== 'none');
  const now = useStandingNow(whole.end !== Infinity);
  const openRow = useCallback((row: Row) => void store.getState().open([row]), [store]);
  const { onPress, onClick, onOpen } = usePressedRow(pick, openRow);
  const onFold = useCallback(
    (group: RowGroup) => {
      // Before it has the focus: a row of it that had it may be all that it stands open for.
      const open = isOpen(group, shownFolds(store.getState()));
      pick(group.key, 'move');
      setFold(store.getState(), group.key, !open);
    },
    [store, pick],
  );
  return items.map((item, i) => {
    const place = { index: first + i, start: (first + i) * height, now };
    // A line that scrolls out of sight lends its elements to the one that comes in.
    const slot = (first + i) % Math.max(SLOTS, items.length);
    const focused = focus === item.key;
    if (isGroup(item))
      return (
        <GroupRow
          key={slot}
          {...place}
          group={item}
          open={isOpen(item, folds)}
          focused={focused}
          onClick={onFold}
        />
      );
    const its = known.get(item.computerId);
    return (
      <SessionRow
        key={slot}
        {...place}
        row={item}
        columns={columns}
        whole={first + i >= whole.first && first + i < whole.end}
        facts={its}
        running={running.get(item.key)}
        yours={left.has(item.key) || isYours(item, its)}
        waiting={waiting.has(item.key)}
        fresh={(marks.fresh.get(item.key) ?? 0) > (seen.get(item.key) ?? 0)}
        level={grouped || marks.behind.get(item.computerId) === 'offline' ? 2 : 1}
        selected={selected.has(item.key)}
        focused={focused}
        onPress={onPress}
        onClick={onClick}
        onOpen={onOpen}
      />
    );
  });
}
