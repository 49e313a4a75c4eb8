import { ChevronDown, ChevronRight, RefreshCw } from 'lucide-react';
import { memo } from 'react';
import { useAppStore } from '../app-context.ts';
import { clock, count, duration } from '../format.ts';
import { goTo } from '../navigate.ts';
import type { RowGroup } from '../row-groups.ts';
import { BADGE_WORDS } from '../rows.ts';
import { Shape, toneOf } from './badge.tsx';

interface Props {
  readonly group: RowGroup;
  readonly open: boolean;
  readonly index: number;
  /** Pixels from the list's top. */
  readonly start: number;
  readonly now: number;
  readonly focused: boolean;
  readonly onClick: (group: RowGroup) => void;
}

/** A line over the rows that belong together. */
export const GroupRow = memo(function GroupRow({ group, open, index, start, now, focused, onClick }: Props) {
  const Twist = open ? ChevronDown : ChevronRight;
  const about = aboutGroup(group, now);
  return (
    <div
      id={`row-${group.key}`}
      role="row"
      aria-label={`${group.title}, ${about}`}
      aria-level={1}
      aria-rowindex={index + 2}
      aria-expanded={open}
      className={focused ? 'row group is-active' : 'row group'}
      style={{ top: start }}
      onClick={() => onClick(group)}
    >
      <div role="gridcell" className="group-cell">
        <Twist className="i" aria-hidden="true" />
        <strong className="cut">{group.title}</strong>
        <span className="muted cut">{about}</span>
        {group.offline ? <OfflineActions group={group} /> : <Counts group={group} />}
      </div>
    </div>
  );
});

/** `9 sessions on 7 computers`, with `last known 10:38, 4 m ago` where all of them do not answer, or wait for a password. */
export function aboutGroup({ rows, computers, lastAt, offline }: RowGroup, now: number): string {
  const [sessions, on] = [count(rows.length, 'session'), count(computers, 'computer')];
  if (offline && lastAt === undefined)
    return `${on}, no session of ${computers === 1 ? 'it' : 'them'} is known`;
  const age = lastAt === undefined ? '' : duration(Math.max(0, now - lastAt));
  const known = lastAt === undefined ? '' : ` last known ${clock(lastAt, now)}, ${age} ago`;
  return offline ? `${on}, ${sessions}${known}` : `${sessions} on ${on}${known && `,${known}`}`;
}

const COUNTED = ['ready', 'inuse', 'broken'] as const;

function Counts({ group: { counts } }: { group: RowGroup }) {
  const there = COUNTED.filter((badge) => counts[badge]);
  if (there.length === 0) return null;
  const words = there.map((badge) => `${counts[badge]} ${BADGE_WORDS[badge].toLowerCase()}`);
  return (
    <span className="counts" role="img" aria-label={words.join(', ')}>
      {there.map((badge) => (
        <span key={badge} className={toneOf(badge)}>
          <Shape badge={badge} />
          {counts[badge]}
        </span>
      ))}
    </span>
  );
}

function OfflineActions({ group }: { group: RowGroup }) {
  const store = useAppStore();
  const computerIds = [...(group.offline?.computerIds ?? [])];
  return (
    <span className="group-actions" onClick={(event) => event.stopPropagation()}>
      <button type="button" tabIndex={-1} className="tool s" onClick={() => goTo(store.getState(), 'failed')}>
        Show why
      </button>
      <button
        type="button"
        tabIndex={-1}
        className="tool s"
        onClick={() => void store.getState().ask('fleet.refresh', { computerIds })}
      >
        <RefreshCw className="i s" aria-hidden="true" />
        Retry failed only
      </button>
    </span>
  );
}
