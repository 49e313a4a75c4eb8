import type { Computer, Group, GroupId, View } from '../shared/computer.ts';
import { nameAmong } from './computer-names.ts';
import { idIn } from './place.ts';
import type { AppState } from './store.ts';
import { groupAbove, isAmongFavourites, placeOfKey } from './tree-items.ts';

/** What commands at the tree are for: what is selected there, else what is looked at. */
export interface TreeTarget {
  readonly groups: readonly Group[];
  readonly computers: readonly Computer[];
  readonly views: readonly View[];
  /** The group that all of them were taken in, if it is one. */
  readonly from?: GroupId;
  /** All of them were taken among the favourites. */
  readonly isAmongFavourites?: true;
}

const NOBODY: TreeTarget = { groups: [], computers: [], views: [] };

export function treeTarget({
  profile,
  place,
  tree,
}: Pick<AppState, 'profile' | 'place' | 'tree'>): TreeTarget {
  if (!profile) return NOBODY;
  const isAtPlace = tree.focus !== undefined && placeOfKey(tree.focus) === place;
  const keys = isAtPlace && tree.selected.size > 0 ? [...tree.selected] : [place];
  const places = keys.map(placeOfKey);
  const ids = (kind: 'group' | 'computer' | 'view') => new Set(places.map((one) => idIn(one, kind)));
  const [groupIds, computerIds, viewIds] = [ids('group'), ids('computer'), ids('view')];
  const above = new Set(keys.map(groupAbove));
  const [from] = above;
  return {
    groups: profile.groups.filter(({ id }) => groupIds.has(id)),
    computers: profile.computers.filter(({ id }) => computerIds.has(id)),
    views: profile.views.filter(({ id }) => viewIds.has(id)),
    ...(above.size === 1 && from !== undefined && { from }),
    ...(keys.every(isAmongFavourites) && { isAmongFavourites: true }),
  };
}

/**
 * `web01`, `Production`, `3 computers`, `5 places`: a target in words; undefined when it is nobody.
 *
 * @param all the profile's computers, for the name that tells one from its namesakes
 */
export function targetInWords(
  { groups, computers, views }: TreeTarget,
  all: readonly Computer[],
): string | undefined {
  const n = groups.length + computers.length + views.length;
  if (n === 0) return undefined;
  if (n === 1) return groups[0]?.name ?? views[0]?.name ?? nameAmong(all, computers[0]!);
  if (computers.length === n) return `${n} computers`;
  return groups.length === n ? `${n} groups` : `${n} places`;
}
