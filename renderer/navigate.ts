import type { Place } from './place.ts';
import { NOTHING } from './selection.ts';
import type { AppState } from './store.ts';
import { openedFor } from './tree-items.ts';

/** Looks at a place, and opens what it stands in. */
export function goTo({ profile, expanded, place: before, show }: AppState, place: Place): void {
  const opened = profile ? openedFor(place, profile) : [];
  const isOpen = opened.every((id) => expanded.has(id));
  show({
    place,
    tree: NOTHING,
    ...(place !== before && { selection: NOTHING }),
    ...(!isOpen && { expanded: new Set([...expanded, ...opened]) }),
  });
}
