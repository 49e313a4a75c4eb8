import type { Computer, ComputerId, GroupId, ProfileContent, ViewId } from '../shared/computer.ts';
import { computersWithin } from '../shared/inheritance.ts';

/** What of the tree is looked at; kept in the settings as it stands here. */
export type Place =
  'all' | 'failed' | 'credentials' | `group:${GroupId}` | `view:${ViewId}` | `computer:${ComputerId}`;

export type PlaceKind = 'group' | 'view' | 'computer';

export const placeOf = <K extends PlaceKind>(kind: K, id: string): `${K}:${string}` => `${kind}:${id}`;

/** The id in a place of this kind; undefined in one of another. */
export const idIn = (place: Place, kind: PlaceKind): string | undefined =>
  place.startsWith(`${kind}:`) ? place.slice(kind.length + 1) : undefined;

/** Whether its page has the table of sessions. */
export const hasTable = (place: Place): boolean => place !== 'failed' && place !== 'credentials';

/** What was kept of an earlier run, unless that group, view or computer is gone by now. */
export function toPlace(text: string | undefined, profile: ProfileContent): Place | undefined {
  const place = text as Place; // checked below
  if (text === 'all' || text === 'failed' || text === 'credentials') return place;
  const lists = { group: profile.groups, view: profile.views, computer: profile.computers } as const;
  const isThere = (Object.keys(lists) as PlaceKind[]).some((kind) => {
    const id = text === undefined ? undefined : idIn(place, kind);
    return id !== undefined && lists[kind].some((one) => one.id === id);
  });
  return isThere ? place : undefined;
}

/** The computers that are looked at, in the profile's order: of a view those of its group, or all. */
export function computersOf(place: Place, profile: ProfileContent): readonly Computer[] {
  const computerId = idIn(place, 'computer');
  if (computerId !== undefined) return profile.computers.filter(({ id }) => id === computerId);
  const viewId = idIn(place, 'view');
  const view = viewId === undefined ? undefined : profile.views.find(({ id }) => id === viewId);
  if (viewId !== undefined && !view) return [];
  const groupId = view ? view.groupId : idIn(place, 'group');
  return groupId === undefined ? profile.computers : computersWithin(profile, groupId);
}
