import { hasTable } from './place.ts';
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

/** Goes to the table from a page that has none. @returns the state as it is then */
export function goToTable(state: AppState): AppState {
  if (hasTable(state.place)) return state;
  goTo(state, 'all');
  return { ...state, place: 'all', selection: NOTHING };
}

/** Why there is no table to go to: the page for who has no computers yet stands in its place. */
export const noTable = ({ profile }: AppState): string | undefined =>
  profile && profile.computers.length + profile.groups.length === 0
    ? 'There are no computers yet'
    : undefined;
