import type {
  Computer,
  ComputerId,
  Group,
  GroupId,
  ProfileContent,
  View,
  ViewId,
} from '../shared/computer.ts';
import { applyEdit } from '../shared/apply-edit.ts';
import { groupsById, groupsWithin, pathOf } from '../shared/inheritance.ts';
import type { ProfileEdit, ProfilePatch } from '../shared/profile-edit.ts';
import { nameAmong } from './computer-names.ts';
import { count } from './format.ts';

/** An edit, and the sentence that says it was done, beside which Undo stands. */
export interface ProfileChange {
  readonly edit: ProfileEdit;
  readonly done: string;
}

/** What is said of the last edit, or of one that was taken back, and what undoes it. */
export interface LastEdit {
  readonly label: string;
  readonly said: string;
  readonly reverse: 'undo' | 'redo';
}

export const edited = ({ edit: { label }, done }: ProfileChange): LastEdit => ({
  label,
  said: done,
  reverse: 'undo',
});

export const takenBack = (how: 'undo' | 'redo', label: string): LastEdit =>
  how === 'undo'
    ? { label, said: `Undone: ${label}.`, reverse: 'redo' }
    : { label, said: `Done again: ${label}.`, reverse: 'undo' };

type Content = ProfileContent;
const NOTHING: Content = { groups: [], computers: [], views: [] };

/**
 * `Remove group` and `Removed group`, of the same words: every verb here is regular.
 *
 * @param profile what the edit was made of; others may have changed it before the edit arrives
 */
const change = (
  profile: Content,
  verb: `${string}e` | 'Add' | 'Edit',
  what: string,
  { put = {}, remove = {} }: Partial<ProfilePatch>,
): ProfileChange => ({
  edit: { put, from: known(profile, put), remove, label: `${verb} ${what}`.slice(0, 200) },
  done: `${verb.replace(/e$/, '')}ed ${what}.`,
});

/** What of it was there already, as it was. */
function known({ groups, computers, views }: Content, put: ProfileEdit['put']): ProfileEdit['put'] {
  const among = <T extends { readonly id: string }>(all: readonly T[], some: readonly T[]) => {
    const ids = new Set(some.map(({ id }) => id));
    return all.filter(({ id }) => ids.has(id));
  };
  return {
    ...(put.groups && { groups: among(groups, put.groups) }),
    ...(put.computers && { computers: among(computers, put.computers) }),
    ...(put.views && { views: among(views, put.views) }),
  };
}

const computersInWords = ({ computers: all }: Pick<Content, 'computers'>, some: readonly Computer[]) =>
  some.length === 1 ? nameAmong(all, some[0]!) : count(some.length, 'computer');

const pick = ({ computers }: Content, ids: readonly ComputerId[]) => {
  const wanted = new Set(ids);
  return computers.filter(({ id }) => wanted.has(id));
};

const nameOf = ({ groups }: Content, id: GroupId) => groupsById(groups).get(id)?.name ?? 'a group';

export const addGroup = (group: Group): ProfileChange =>
  change(NOTHING, 'Add', `group ${group.name}`, { put: { groups: [group] } });

export const renameGroup = (profile: Content, group: Group, name: string): ProfileChange =>
  change(profile, 'Rename', `group ${group.name} to ${name}`, { put: { groups: [{ ...group, name }] } });

export const renameView = (profile: Content, view: View, name: string): ProfileChange =>
  change(profile, 'Rename', `view ${view.name} to ${name}`, { put: { views: [{ ...view, name }] } });

export const removeViews = (profile: Content, ids: readonly ViewId[]): ProfileChange => {
  const gone = profile.views.filter(({ id }) => ids.includes(id));
  const what = gone.length === 1 ? `view ${gone[0]!.name}` : count(gone.length, 'view');
  return change(profile, 'Remove', what, { remove: { views: [...ids] } });
};

export function editComputers(profile: Content, edited: readonly Computer[]): ProfileChange {
  const put = { computers: [...edited] };
  const after = applyEdit(profile, { put, remove: {} }); // called as it will be
  return change(profile, 'Edit', computersInWords(after, edited), { put });
}

export const editGroup = (profile: Content, edited: Group): ProfileChange =>
  change(profile, 'Edit', `group ${edited.name}`, { put: { groups: [edited] } });

export function removeComputers(profile: Content, ids: readonly ComputerId[]): ProfileChange {
  return change(profile, 'Remove', computersInWords(profile, pick(profile, ids)), {
    remove: { computers: [...ids] },
  });
}

/** What goes with a group: those below it, the views of them, and, if wanted, the computers that stand nowhere else. */
export interface Belongings {
  readonly groups: readonly Group[];
  readonly views: readonly View[];
  /** In no other group. */
  readonly computers: readonly Computer[];
}

export function belongingsOf(profile: Content, ids: readonly GroupId[]): Belongings {
  const within = new Set(ids.flatMap((id) => [...groupsWithin(profile, id)]));
  return {
    groups: profile.groups.filter(({ id }) => within.has(id)),
    views: profile.views.filter(({ groupId }) => groupId !== undefined && within.has(groupId)),
    computers: profile.computers.filter(
      ({ groupIds }) => groupIds.length > 0 && groupIds.every((id) => within.has(id)),
    ),
  };
}

/** What goes along with groups and does not stand below them. */
export const andViews = (views: readonly View[]): string =>
  views.length === 0
    ? ''
    : ` and ${views.length === 1 ? `view ${views[0]!.name}` : count(views.length, 'view')}`;

/** @param withComputers also those that stand in no other group; else they stay, in none */
export function removeGroups(
  profile: Content,
  ids: readonly GroupId[],
  withComputers: boolean,
): ProfileChange {
  const { groups, views, computers } = belongingsOf(profile, ids);
  const gone = new Set(groups.map(({ id }) => id));
  const leaving = new Set(withComputers ? computers.map(({ id }) => id) : []);
  const staying = profile.computers
    .filter(({ id, groupIds }) => !leaving.has(id) && groupIds.some((one) => gone.has(one)))
    .map((one) => ({ ...one, groupIds: one.groupIds.filter((id) => !gone.has(id)) }));
  const [first] = ids;
  const what = ids.length === 1 ? `group ${nameOf(profile, first!)}` : count(ids.length, 'group');
  return change(profile, 'Remove', `${what}${andViews(views)}`, {
    put: { computers: staying },
    remove: { groups: [...gone], views: views.map(({ id }) => id), computers: [...leaving] },
  });
}

/** Out of the group they were taken from, or out of all, into another; into none without `to`. */
export function moveComputers(
  profile: Content,
  ids: readonly ComputerId[],
  { from, to }: { from?: GroupId | undefined; to?: GroupId | undefined },
): ProfileChange {
  const moved = pick(profile, ids).map((one) => {
    const rest = one.groupIds.filter((id) => from !== undefined && id !== from && id !== to);
    return { ...one, groupIds: to === undefined ? rest : [to, ...rest] };
  });
  const target = to === undefined ? 'no group' : nameOf(profile, to);
  return change(profile, 'Move', `${computersInWords(profile, moved)} to ${target}`, {
    put: { computers: moved },
  });
}

/** Into one more group. */
export function addToGroup(profile: Content, ids: readonly ComputerId[], to: GroupId): ProfileChange {
  const added = pick(profile, ids)
    .filter(({ groupIds }) => !groupIds.includes(to))
    .map((one) => ({ ...one, groupIds: [...one.groupIds, to] }));
  return change(profile, 'Add', `${computersInWords(profile, added)} to ${nameOf(profile, to)}`, {
    put: { computers: added },
  });
}

export function takeFromGroup(profile: Content, ids: readonly ComputerId[], from: GroupId): ProfileChange {
  const left = pick(profile, ids).map((one) => ({
    ...one,
    groupIds: one.groupIds.filter((id) => id !== from),
  }));
  return change(profile, 'Remove', `${computersInWords(profile, left)} from ${nameOf(profile, from)}`, {
    put: { computers: left },
  });
}

/** Whether a group may stand there: not in itself, nor in one that is below it. */
export const canStandIn = (profile: Content, id: GroupId, parentId: GroupId | undefined): boolean =>
  pathOf(profile, parentId).every((group) => group.id !== id);

export function moveGroups(
  profile: Content,
  ids: readonly GroupId[],
  parentId: GroupId | undefined,
): ProfileChange {
  const moved = profile.groups
    .filter(({ id }) => ids.includes(id) && canStandIn(profile, id, parentId))
    .map(({ parentId: _, ...group }) => ({ ...group, ...(parentId !== undefined && { parentId }) }));
  const what = moved.length === 1 ? `group ${moved[0]!.name}` : count(moved.length, 'group');
  const target = parentId === undefined ? 'the top' : nameOf(profile, parentId);
  return change(profile, 'Move', `${what} to ${target}`, { put: { groups: moved } });
}

/** What was dragged or chosen in the tree. */
export interface Movers {
  readonly groupIds: readonly GroupId[];
  readonly computerIds: readonly ComputerId[];
  /** The group that the computers are taken out of; all their groups when absent. */
  readonly from?: GroupId | undefined;
}

/** Groups and computers together into one group, or to the top and into none. Undefined when nothing would change. */
export function moveInto(
  profile: Content,
  { groupIds, computerIds, from }: Movers,
  to: GroupId | undefined,
): ProfileChange | undefined {
  const groups = moveGroups(profile, groupIds, to);
  const computers = moveComputers(profile, computerIds, { from, to });
  const [n, m] = [groups.edit.put.groups!.length, computers.edit.put.computers!.length];
  if (n === 0) return m === 0 || from === to ? undefined : computers;
  if (m === 0) return groups;
  const target = to === undefined ? 'the top' : nameOf(profile, to);
  const put = { ...groups.edit.put, ...computers.edit.put };
  return change(profile, 'Move', `${n + m} places to ${target}`, { put });
}

/** All of them to the same. */
export function setFavourite(
  profile: Content,
  {
    groups: groupIds,
    computers: computerIds,
  }: { groups: readonly GroupId[]; computers: readonly ComputerId[] },
  favourite: boolean,
): ProfileChange {
  const mark = <T extends { favourite?: boolean | undefined }>({ favourite: _, ...one }: T) => ({
    ...one,
    ...(favourite && { favourite }),
  });
  const groups = profile.groups.filter(({ id }) => groupIds.includes(id)).map((one) => mark(one) as Group);
  const computers = pick(profile, computerIds).map((one) => mark(one) as Computer);
  const n = groups.length + computers.length;
  const what = n === 1 ? (groups[0]?.name ?? nameAmong(profile.computers, computers[0]!)) : `${n} places`;
  const where = favourite ? 'to favourites' : 'from favourites';
  return change(profile, favourite ? 'Add' : 'Remove', `${what} ${where}`, { put: { groups, computers } });
}

/** @param credential its name */
export function assignSignIn(
  profile: Content,
  credential: string,
  { groups, computers }: { groups: readonly Group[]; computers: readonly Computer[] },
): ProfileChange {
  const target = groups[0]?.name ?? computersInWords(profile, computers);
  const along =
    groups.length > 0 && computers.length > 0
      ? `, with ${count(computers.length, 'computer')} below it that had an account of ${computers.length === 1 ? 'its' : 'their'} own`
      : '';
  const put = { groups: [...groups], computers: [...computers] };
  return {
    edit: {
      label: `Assign ${credential} to ${target}`.slice(0, 200),
      put,
      from: known(profile, put),
      remove: {},
    },
    done: `${target} ${groups.length > 0 || computers.length === 1 ? 'signs' : 'sign'} in with ${credential}${along}.`,
  };
}
