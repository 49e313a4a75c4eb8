import {
  ChevronDown,
  ChevronRight,
  CircleX,
  Clock3,
  Folder,
  Funnel,
  KeyRound,
  LayoutList,
  Server,
  Star,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { MouseEvent } from 'react';
import type { BadgeState } from '../../shared/session.ts';
import { useApp } from '../app-context.ts';
import { figures } from '../format.ts';
import { idIn } from '../place.ts';
import type { Mode } from '../selection.ts';
import { countsInWords } from '../tree-counts.ts';
import type { Counts } from '../tree-counts.ts';
import type { TreeItem, TreeKind } from '../tree-items.ts';
import { Shape, toneOf } from './badge.tsx';
import { RenameField } from './rename-field.tsx';
import type { TreeDrag } from './use-tree-drag.ts';

const ICONS: Readonly<Record<TreeKind, LucideIcon>> = {
  group: Folder,
  computer: Server,
  view: Funnel,
  all: LayoutList,
  failed: CircleX,
  credentials: KeyRound,
};

/** Pixels. */
const FIRST_INDENT = 2;
const INDENT = 15;

const WAITS = 'waits for a password';

interface Props {
  readonly item: TreeItem;
  readonly counts: Counts | undefined;
  /** Said instead of the counts. */
  readonly total: number | undefined;
  readonly selected: boolean;
  readonly focused: boolean;
  readonly renaming: boolean;
  readonly pick: (key: string, mode: Mode) => void;
  readonly toggle: (item: TreeItem) => void;
  readonly drag: TreeDrag;
}

export function TreeRow({ item, counts, total, selected, focused, renaming, pick, toggle, drag }: Props) {
  const { key, kind, place, label, level, open, position, brothers } = item;
  const id = idIn(place, 'computer');
  const isWaiting = useApp(({ statuses }) => id !== undefined && statuses.get(id)?.kind === 'waiting');
  const Icon = key.startsWith('favourites/') ? Star : isWaiting ? Clock3 : ICONS[kind];
  const Twist = open ? ChevronDown : ChevronRight;
  const groupId = idIn(place, 'group');
  const isMovable = (kind === 'group' || kind === 'computer') && !renaming;
  const classes = ['tree-item', focused && 'is-active', groupId && drag.over === groupId && 'over'];
  const onClick = (event: MouseEvent) =>
    pick(key, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'replace');
  return (
    <div
      id={`tree-${key}`}
      role="treeitem"
      aria-label={label}
      aria-description={isWaiting ? WAITS : undefined}
      aria-level={level}
      aria-selected={selected}
      aria-expanded={open}
      aria-posinset={position}
      aria-setsize={brothers}
      className={classes.filter(Boolean).join(' ')}
      style={{ paddingLeft: FIRST_INDENT + (level - 1) * INDENT }}
      title={isWaiting ? `${label} ${WAITS}` : label}
      onClick={onClick}
      onDoubleClick={() => toggle(item)}
      onContextMenu={() => selected || pick(key, 'replace')}
      {...(isMovable && drag.source(key))}
      {...(groupId !== undefined && drag.target(groupId))}
    >
      <span
        className="twist"
        onClick={(event) => {
          if (open === undefined) return;
          event.stopPropagation();
          toggle(item);
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        {open !== undefined && <Twist className="i" aria-hidden="true" />}
      </span>
      <Icon className="i" aria-hidden="true" />
      {renaming ? <RenameField item={item} /> : <span className="cut grow">{label}</span>}
      {!renaming && (total === undefined ? <CountsOf counts={counts} kind={kind} /> : <Total n={total} />)}
    </div>
  );
}

const Total = ({ n }: { n: number }) => (
  <span className="counts" role="img" aria-label={String(n)}>
    <span data-figures={figures(n)} />
  </span>
);

const SLOTS = [
  ['ready', 'ready'],
  ['inUse', 'inuse'],
  ['failed', 'broken'],
] as const satisfies readonly (readonly [keyof Counts, BadgeState])[];

/** Shapes with figures, each in a column of its own; what is missing at the left leaves its room to the name. */
function CountsOf({ counts, kind }: { counts: Counts | undefined; kind: TreeKind }) {
  const words = counts && countsInWords(counts);
  if (!counts || !words) return null;
  return (
    <span className="counts slots" role="img" aria-label={words}>
      {SLOTS.slice(SLOTS.findIndex(([name]) => counts[name] > 0)).map(([name, badge]) => {
        // That one computer failed is said by the shape alone.
        const isSaid = counts[name] > 0 && !(kind === 'computer' && name === 'failed');
        return (
          <span
            key={name}
            className={toneOf(badge)}
            data-figures={isSaid ? figures(counts[name]) : undefined}
          >
            {counts[name] > 0 && <Shape badge={badge} />}
          </span>
        );
      })}
    </span>
  );
}
