import type { ComputerId, GroupId, ProfileContent, View } from '../shared/computer.ts';
import type { Console } from '../shared/contract.ts';
import { count } from './format.ts';
import {
  andViews,
  belongingsOf,
  removeComputers,
  removeGroups,
  removeViews,
  setFavourite,
} from './profile-changes.ts';
import type { ProfileChange } from './profile-changes.ts';
import type { AppState } from './store.ts';
import { treeTarget } from './tree-target.ts';

/** What is taken out of the list. */
interface Forgotten {
  readonly computerIds: readonly ComputerId[];
  readonly groupIds: readonly GroupId[];
}

/** Groups and computers together are one edit. @param withComputers also those that stand in no other group */
export function forgetChange(
  profile: ProfileContent,
  { computerIds, groupIds }: Forgotten,
  withComputers = false,
): ProfileChange {
  if (groupIds.length === 0) return removeComputers(profile, computerIds);
  const groups = removeGroups(profile, groupIds, withComputers);
  if (computerIds.length === 0) return groups;
  const gone = new Set([...(groups.edit.remove.computers ?? []), ...computerIds]);
  const views = profile.views.filter(({ id }) => groups.edit.remove.views?.includes(id));
  const { put, from, remove } = groups.edit;
  const what = `${count(groupIds.length + computerIds.length, 'place')}${andViews(views)}`;
  return {
    done: `Removed ${what}.`,
    edit: {
      label: `Remove ${what}`.slice(0, 200),
      put: { computers: (put.computers ?? []).filter(({ id }) => !gone.has(id)) },
      from,
      remove: { ...remove, computers: [...gone] },
    },
  };
}

/** Sessions that would be left: Undo brings back their computers, but not them. */
export function leftBy({ edit }: ProfileChange, consoles: readonly Console[]): readonly Console[] {
  const gone = new Set(edit.remove.computers);
  return consoles.filter(
    ({ computerId, state }) => gone.has(computerId) && (state === 'receiving' || state === 'idle'),
  );
}

/** The saved views that go along with the groups they look at. */
export function viewsAlong(profile: ProfileContent, { edit }: ProfileChange): readonly View[] {
  if (!edit.remove.groups?.length) return [];
  return profile.views.filter(({ id }) => edit.remove.views?.includes(id));
}

/**
 * What removing the target is; undefined where there is none. A favourite is taken out of the favourites: it stands in
 * its groups, too, and nobody means all of them there.
 */
export function forgetTarget(state: AppState, withComputers = false): ProfileChange | undefined {
  const { profile } = state;
  if (!profile) return undefined;
  const { groups, computers, views, isAmongFavourites } = treeTarget(state);
  if (isAmongFavourites && !withComputers)
    return setFavourite(profile, { groups: allIds(groups), computers: allIds(computers) }, false);
  if (views.length > 0) return removeViews(profile, allIds(views));
  if (groups.length + computers.length === 0) return undefined;
  return forgetChange(profile, { groupIds: allIds(groups), computerIds: allIds(computers) }, withComputers);
}

const allIds = <Id>(all: readonly { readonly id: Id }[]): Id[] => all.map(({ id }) => id);

/** How many computers stand in the target's groups alone. */
export function ownComputers(state: AppState): number {
  const { groups } = treeTarget(state);
  if (!state.profile || groups.length === 0) return 0;
  return belongingsOf(state.profile, allIds(groups)).computers.length;
}

/** At once, with an Undo; a question only where something is held that would be left. */
export function forget(state: AppState, change: ProfileChange | undefined): void {
  if (!change) return;
  if (leftBy(change, state.consoles).length > 0) state.show({ dialog: { kind: 'forget', change } });
  else void state.edit(change);
}
