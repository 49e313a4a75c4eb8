import { useVirtualizer } from '@tanstack/react-virtual';
import { Plus } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { placeOf } from '../place.ts';
import { outline, useApp, viewCount } from '../app-context.ts';
import { useSlowly } from '../slowly.ts';
import type { AppState } from '../store.ts';
import { countTree } from '../tree-counts.ts';
import type { TreeCounts } from '../tree-counts.ts';
import type { TreeLine } from '../tree-items.ts';
import { ToolButton } from './tool-button.tsx';
import { TreeRow } from './tree-row.tsx';
import { useTreeDrag } from './use-tree-drag.ts';
import { useTree } from './use-tree.ts';

const ROWS = { compact: 24, normal: 28, roomy: 32 } as const;
const SECTION = 24;
const SECTION_GAP = 12;

/** Navigation: favourites, saved views, groups with their computers, everything. */
export function Tree() {
  const tree = useTree();
  const { lines, selected, focus, pick, toggle } = tree;
  const row = ROWS[useApp(({ settings }) => settings?.density ?? 'normal')];
  const renaming = useApp((state) => state.renaming);
  const counts = useTreeCounts();
  const totals = useTotals();
  const drag = useTreeDrag(selected);
  const scroller = useRef<HTMLDivElement>(null);
  const sizeOf = (line: TreeLine | undefined, i: number) =>
    line?.kind === 'section' ? SECTION + (i === 0 ? 0 : SECTION_GAP) : row;
  // eslint-disable-next-line react-hooks/incompatible-library -- known: the virtualizer is not memoizable
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => sizeOf(lines[i], i),
    getItemKey: (i) => lines[i]?.key ?? i,
    overscan: 6,
    paddingEnd: 8,
    initialRect: { width: 0, height: window.innerHeight }, // drawn once, with items, and only then measured
  });
  const measured = useRef({ lines, row });
  useEffect(() => {
    if (measured.current.lines === lines && measured.current.row === row) return;
    measured.current = { lines, row };
    virtual.measure();
  }, [virtual, lines, row]);
  const at = lines.findIndex(({ key }) => key === focus);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
    // Only where the focus goes; not when lines come and go around it.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- as said above
  }, [focus]);
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
        aria-multiselectable="true"
        tabIndex={0}
        aria-activedescendant={at < 0 ? undefined : `tree-${focus}`}
        onKeyDown={(event) => event.target === event.currentTarget && tree.onKeyDown(event)}
      >
        <div className="tall" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const line = lines[index]!;
            return (
              <div
                key={key}
                className="slot"
                role="presentation"
                style={{ transform: `translateY(${start}px)` }}
              >
                {line.kind === 'section' ? (
                  <div
                    className={index === 0 ? 'tree-section first' : 'tree-section'}
                    role="presentation"
                    {...(line.label === 'Groups' && drag.target('top'))}
                  >
                    {line.label}
                  </div>
                ) : (
                  <TreeRow
                    item={line}
                    counts={countsAt(counts, line.place)}
                    total={totals.get(line.place)}
                    selected={selected.has(line.key)}
                    focused={line.key === focus}
                    renaming={renaming === line.key || (renaming === line.place && line.key === focus)}
                    pick={pick}
                    toggle={toggle}
                    drag={drag}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </nav>
  );
}

const COUNT_MS = 250;
const VIEW_COUNT_MS = 1_000;
const statusesOf = ({ statuses }: AppState) => statuses;

function useTreeCounts(): TreeCounts | undefined {
  const profile = useApp(outline);
  const statuses = useSlowly(statusesOf, COUNT_MS);
  return useMemo(() => profile && countTree(profile, statuses), [profile, statuses]);
}

/** As text, so that the same figures are the same. */
const viewFigures = (state: AppState): string =>
  (state.profile?.views ?? []).map((view) => `${view.id} ${viewCount(state, view)}`).join(',');

/** How many sessions each saved view has, and how many computers there are. */
function useTotals(): ReadonlyMap<string, number> {
  const computers = useApp(({ profile }) => profile?.computers.length ?? 0);
  const views = useSlowly(viewFigures, VIEW_COUNT_MS);
  return useMemo(() => {
    const counted = views.split(',').map((one): [string, number] => {
      const [id, n] = one.split(' ');
      return [placeOf('view', id ?? ''), Number(n)];
    });
    return new Map<string, number>([...counted, ['all', computers]]);
  }, [computers, views]);
}

function countsAt(counts: TreeCounts | undefined, place: string) {
  if (!counts || place === 'all' || place === 'credentials') return undefined;
  if (place === 'failed') return { ready: 0, inUse: 0, failed: counts.all.failed };
  const id = place.slice(place.indexOf(':') + 1);
  return place.startsWith('group:') ? counts.groups.get(id) : counts.computers.get(id);
}
