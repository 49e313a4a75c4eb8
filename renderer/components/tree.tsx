import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleX, Clock3, LayoutList, Plus, Server } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useRef } from 'react';
import type { ComputerId } from '../../shared/computer.ts';
import type { ComputerStatus } from '../../shared/contract.ts';
import type { BadgeState } from '../../shared/session.ts';
import { allRows, useApp, useAppStore } from '../app-context.ts';
import { namesOf } from '../computer-names.ts';
import { BADGE_WORDS, tally } from '../rows.ts';
import type { Place, Row, Tally } from '../rows.ts';
import { NOTHING, stepTo } from '../selection.ts';
import { Shape, toneOf } from './badge.tsx';
import { ToolButton } from './tool-button.tsx';

interface Item {
  readonly place: Place;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly counts: Tally;
  readonly failed: number;
  /** Said when there is nothing to count. */
  readonly total?: number;
}

const ROW = 28;
const HEADING = 32;
/** After the two views of everything comes a heading. */
const VIEWS = 2;

/** Navigation: everything, what failed, then each computer with its counts. */
export function Tree() {
  const store = useAppStore();
  const place = useApp((state) => state.place);
  const items = useItems();
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- known: the virtualizer is not memoizable
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (i === VIEWS ? ROW + HEADING : ROW),
    overscan: 6,
    initialRect: { width: 0, height: window.innerHeight }, // drawn once, with items, and only then measured
  });
  const at = items.findIndex((item) => item.place === place);
  const go = (next: Place | undefined) => {
    if (next === undefined) return;
    store.getState().show({ place: next, selection: NOTHING });
    virtual.scrollToIndex(items.findIndex((item) => item.place === next));
  };
  return (
    <nav aria-label="Computers" className="tree-pane" data-pane>
      <header className="pane-head">
        <h2>Computers</h2>
        <span className="grow" />
        <ToolButton id="computer.add" icon={Plus} look="icon" label="Add computers" />
      </header>
      <div
        id="pane-tree"
        ref={scroller}
        className="tree"
        role="tree"
        aria-label="Computers"
        tabIndex={0}
        aria-activedescendant={at < 0 ? undefined : `place-${place}`}
        onKeyDown={(event) => {
          const next = stepTo(
            items.map((item) => item.place),
            place,
            event.key,
            10,
          );
          if (next === undefined) return;
          event.preventDefault();
          go(next);
        }}
      >
        <div className="tall" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const item = items[index]!;
            return (
              <div
                key={item.place}
                className="slot"
                role="presentation"
                style={{ transform: `translateY(${start}px)` }}
              >
                {index === VIEWS && (
                  <div className="tree-section" role="presentation">
                    By name
                  </div>
                )}
                <TreeItem
                  item={item}
                  selected={item.place === place}
                  index={index}
                  size={items.length}
                  go={go}
                />
              </div>
            );
          })}
        </div>
      </div>
    </nav>
  );
}

interface TreeItemProps {
  readonly item: Item;
  readonly selected: boolean;
  readonly index: number;
  readonly size: number;
  readonly go: (place: Place) => void;
}

const TreeItem = ({
  item: { place, label, icon: Icon, counts, failed, total },
  selected,
  index,
  size,
  go,
}: TreeItemProps) => (
  <div
    id={`place-${place}`}
    role="treeitem"
    aria-label={label}
    aria-level={1}
    aria-selected={selected}
    aria-posinset={index + 1}
    aria-setsize={size}
    className="tree-item"
    onClick={() => go(place)}
  >
    <Icon className="i" aria-hidden="true" />
    <span className="cut grow">{label}</span>
    {total !== undefined ? (
      <span className="counts num">{total}</span>
    ) : (
      <Counts counts={counts} failed={failed} />
    )}
  </div>
);

const COUNTED: readonly BadgeState[] = ['available', 'busy', 'ready', 'inuse', 'broken'];

/** `3 ready · 1 in use · 2 failed`, drawn as shapes with figures. */
function Counts({ counts, failed }: { counts: Tally; failed: number }) {
  const there = COUNTED.filter((badge) => counts[badge]);
  const words = there.map((badge) => `${counts[badge]} ${BADGE_WORDS[badge].toLowerCase()}`);
  if (failed) words.push(`${failed} failed`);
  if (words.length === 0) return null;
  return (
    <span className="counts" role="img" aria-label={words.join(', ')}>
      {there.map((badge) => (
        <span key={badge} className={toneOf(badge)}>
          <Shape badge={badge} />
          {counts[badge]}
        </span>
      ))}
      {failed > 0 && (
        <span className="is-broken">
          <Shape badge="broken" />
          {failed > 1 ? failed : ''}
        </span>
      )}
    </span>
  );
}

function useItems(): Item[] {
  const profile = useApp((state) => state.profile);
  const statuses = useApp((state) => state.statuses);
  const rows = useApp(allRows);
  const computers = profile?.computers ?? [];
  if (computers.length === 0) return [];
  const names = namesOf(computers);
  const byComputer = groupByComputer(rows);
  const failed = computers.filter(({ id }) => statuses.get(id)?.kind === 'failed').length;
  return [
    {
      place: 'all',
      label: 'All computers',
      icon: LayoutList,
      counts: {},
      failed: 0,
      total: computers.length,
    },
    { place: 'failed', label: 'Offline or failed', icon: CircleX, counts: {}, failed },
    ...computers.map(({ id, computerName }) => ({
      place: id,
      label: names.get(id) ?? computerName,
      icon: iconOf(statuses.get(id)),
      counts: tally(byComputer.get(id) ?? []),
      failed: statuses.get(id)?.kind === 'failed' ? 1 : 0,
    })),
  ];
}

const iconOf = (status: ComputerStatus | undefined): LucideIcon =>
  status?.kind === 'waiting' ? Clock3 : Server;

function groupByComputer(rows: readonly Row[]): ReadonlyMap<ComputerId, readonly Row[]> {
  const groups = new Map<ComputerId, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.computerId);
    if (group) group.push(row);
    else groups.set(row.computerId, [row]);
  }
  return groups;
}
