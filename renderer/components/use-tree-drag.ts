import { useRef, useState } from 'react';
import type { DragEvent } from 'react';
import type { GroupId } from '../../shared/computer.ts';
import { useAppStore } from '../app-context.ts';
import { idIn } from '../place.ts';
import { addToGroup, moveInto } from '../profile-changes.ts';
import type { Movers, ProfileChange } from '../profile-changes.ts';
import { groupAbove, placeOfKey } from '../tree-items.ts';

type Target = GroupId | 'top';

export interface TreeDrag {
  /** What makes a line one that can be dragged. */
  source(key: string): object;
  /** What makes a line one that can be dropped on. */
  target(to: Target): object;
  readonly over: Target | undefined;
}

/** Moves groups and computers by the mouse; with Ctrl, or Option, computers are added and stay where they were. */
export function useTreeDrag(selected: ReadonlySet<string>): TreeDrag {
  const store = useAppStore();
  const [over, setOver] = useState<Target>();
  const dragged = useRef<readonly string[]>([]);
  const changeOf = (to: Target, event: DragEvent): ProfileChange | undefined => {
    const { profile } = store.getState();
    if (!profile || dragged.current.length === 0) return undefined;
    const movers = moversOf(dragged.current);
    const isAdded = (event.ctrlKey || event.altKey) && movers.groupIds.length === 0;
    if (to === 'top') return movers.computerIds.length > 0 ? undefined : moveInto(profile, movers, undefined);
    return isAdded ? addToGroup(profile, movers.computerIds, to) : moveInto(profile, movers, to);
  };
  return {
    over,
    source: (key) => ({
      draggable: true,
      onDragStart: (event: DragEvent) => {
        dragged.current = selected.has(key) ? [...selected] : [key];
        event.dataTransfer.effectAllowed = 'copyMove';
        event.dataTransfer.setData('text/plain', '');
      },
      onDragEnd: () => {
        dragged.current = [];
        setOver(undefined);
      },
    }),
    target: (to) => ({
      onDragOver: (event: DragEvent) => {
        if (!changeOf(to, event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = event.ctrlKey || event.altKey ? 'copy' : 'move';
        setOver(to);
      },
      onDragLeave: () => setOver((now) => (now === to ? undefined : now)),
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        const change = changeOf(to, event);
        setOver(undefined);
        dragged.current = [];
        if (change) void store.getState().edit(change);
      },
    }),
  };
}

function moversOf(keys: readonly string[]): Movers {
  const ids = (kind: 'group' | 'computer') => [
    ...new Set(keys.flatMap((key) => idIn(placeOfKey(key), kind) ?? [])),
  ];
  const above = new Set(keys.filter((key) => idIn(placeOfKey(key), 'computer')).map(groupAbove));
  const [from] = above;
  return {
    groupIds: ids('group'),
    computerIds: ids('computer'),
    ...(above.size === 1 && from !== undefined && { from }),
  };
}
