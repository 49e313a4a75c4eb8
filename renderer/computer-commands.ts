import { isActRunning } from '../shared/act-words.ts';
import type { ComputerId } from '../shared/computer.ts';
import { computersOf, hasTable, idIn } from './place.ts';
import type { AppCommand } from './commands.ts';
import { nameAmong } from './computer-names.ts';
import { forget, forgetTarget, leftBy, ownComputers } from './forgetting.ts';
import { count } from './format.ts';
import { goTo } from './navigate.ts';
import { setFavourite, takeFromGroup } from './profile-changes.ts';
import type { ProfileChange } from './profile-changes.ts';
import type { AppState } from './store.ts';
import { treeTarget, targetInWords } from './tree-target.ts';

const noComputers = (state: AppState) =>
  state.profile?.computers.length ? undefined : 'There are no computers yet';

const failedIds = ({ profile, statuses }: AppState) =>
  (profile?.computers ?? []).map(({ id }) => id).filter((id) => statuses.get(id)?.kind === 'failed');

/** Undefined where all are looked at. */
const placeIds = ({ place, profile }: AppState) =>
  !profile || place === 'all' || !hasTable(place)
    ? undefined
    : computersOf(place, profile).map(({ id }) => id);

const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

const inWords = (state: AppState) => targetInWords(treeTarget(state), state.profile?.computers ?? []);

const noTarget = (state: AppState) => (inWords(state) ? undefined : 'Select something at the left first');

const noComputerTarget = (state: AppState) =>
  treeTarget(state).computers.length > 0 ? undefined : 'Select computers at the left first';

/** `Edit web01…`, and plainly `Edit…` while nothing is selected. */
const named = (before: string, after: string) => (state: AppState) =>
  [before, inWords(state) ?? '', after].filter(Boolean).join(' ').replace(' …', '…');

const asksFirst = ({ consoles }: AppState, change: ProfileChange | undefined) =>
  change && leftBy(change, consoles).length > 0 ? '…' : '';

const isFavourite = (state: AppState) => {
  const { groups, computers } = treeTarget(state);
  return [...groups, ...computers].every(({ favourite }) => favourite);
};

/** What was just taken out there is meant until another line is chosen: the same key once more must not take it from the list. */
const noFavourite = (state: AppState) => {
  const { groups, computers, isAmongFavourites } = treeTarget(state);
  const isGone = isAmongFavourites && ![...groups, ...computers].some(({ favourite }) => favourite);
  return isGone ? 'It is no favourite any more' : undefined;
};

function edit(state: AppState): void {
  const { groups, computers } = treeTarget(state);
  const [group] = groups;
  if (group) state.show({ dialog: { kind: 'editGroup', groupId: group.id } });
  else state.show({ dialog: { kind: 'edit', computerIds: ids(computers) } });
}

/** Starts the ladder, beside the page of what failed. */
export function diagnose(state: AppState, computerId: ComputerId): void {
  goTo(state, 'failed');
  state.show({ diagnosedId: computerId, details: true });
  void state.ask('computer.diagnose', { computerId });
}

/** Groups and computers: what is asked, and what is kept of them. */
export const COMPUTER_COMMANDS = {
  'computer.add': {
    label: 'Add computers…',
    menu: 'File',
    keys: ['Ctrl+N'],
    run: ({ show }) => show({ dialog: { kind: 'add' } }),
  },
  'group.add': {
    label: 'New group…',
    menu: 'File',
    keys: ['Ctrl+Shift+N'],
    run: (state) => state.show({ dialog: { kind: 'newGroup', parentId: idIn(state.place, 'group') } }),
  },
  'computer.edit': {
    label: 'Edit computer or group…',
    title: named('Edit', '…'),
    menu: 'Computer',
    keys: ['Alt+Enter'],
    obstacle: (state) => {
      const { groups, computers } = treeTarget(state);
      const fits = groups.length === 1 ? computers.length === 0 : groups.length === 0 && computers.length > 0;
      return fits ? undefined : 'Select computers, or one group, at the left first';
    },
    run: edit,
  },
  'tree.rename': {
    label: 'Rename',
    menu: 'Edit',
    keys: ['F2'],
    at: ['tree'],
    obstacle: (state) => {
      const { groups, computers, views } = treeTarget(state);
      const isOne = groups.length + computers.length + views.length === 1;
      return isOne ? undefined : 'Select one group, view or computer at the left first';
    },
    run: ({ show, tree, place }) => show({ renaming: tree.focus ?? place }),
  },
  'computer.move': {
    label: 'Move to group…',
    menu: 'Computer',
    obstacle: (state) => {
      const { groups, computers } = treeTarget(state);
      const isAny = groups.length + computers.length > 0;
      return isAny ? undefined : 'Select computers or groups at the left first';
    },
    run: (state) => {
      const { groups, computers, from } = treeTarget(state);
      state.show({
        dialog: {
          kind: 'chooseGroup',
          how: 'move',
          computerIds: ids(computers),
          groupIds: ids(groups),
          from,
        },
      });
    },
  },
  'computer.addToGroup': {
    label: 'Add to group…',
    menu: 'Computer',
    obstacle: noComputerTarget,
    run: (state) => {
      const computerIds = ids(treeTarget(state).computers);
      state.show({ dialog: { kind: 'chooseGroup', how: 'add', computerIds, groupIds: [] } });
    },
  },
  'computer.leaveGroup': {
    label: 'Take out of this group',
    menu: 'Computer',
    obstacle: (state) =>
      noComputerTarget(state) ??
      (treeTarget(state).from ? undefined : 'Select computers inside a group first'),
    run: (state) => {
      const { computers, from } = treeTarget(state);
      if (state.profile && from) void state.edit(takeFromGroup(state.profile, ids(computers), from));
    },
  },
  'computer.favourite': {
    label: 'Add to favourites',
    title: (state) =>
      noTarget(state) === undefined && isFavourite(state) ? 'Take out of favourites' : 'Add to favourites',
    menu: 'Computer',
    // Removing is the same there.
    hidden: (state) => treeTarget(state).isAmongFavourites === true && isFavourite(state),
    obstacle: (state) => {
      const { groups, computers } = treeTarget(state);
      const isAny = groups.length + computers.length > 0;
      return isAny ? undefined : 'Select computers or groups at the left first';
    },
    run: (state) => {
      const { groups, computers } = treeTarget(state);
      const which = { groups: ids(groups), computers: ids(computers) };
      if (state.profile) void state.edit(setFavourite(state.profile, which, !isFavourite(state)));
    },
  },
  'computer.forget': {
    label: 'Remove from the list',
    title: (state) => {
      const where = treeTarget(state).isAmongFavourites ? 'from favourites' : 'from the list';
      return `${named('Remove', where)(state)}${asksFirst(state, forgetTarget(state))}`;
    },
    menu: 'Computer',
    keys: ['Delete'],
    at: ['tree'],
    obstacle: (state) => noTarget(state) ?? noFavourite(state),
    run: (state) => forget(state, forgetTarget(state)),
  },
  'group.forgetWhole': {
    label: 'Remove with its computers',
    title: (state) => {
      const n = ownComputers(state);
      const title = n === 0 ? 'Remove with its computers' : `Remove with ${count(n, 'computer')} of its own`;
      return `${title}${asksFirst(state, forgetTarget(state, true))}`;
    },
    menu: 'Computer',
    obstacle: (state) =>
      ownComputers(state) > 0
        ? undefined
        : 'Select a group at the left whose computers stand in no other group first',
    run: (state) => forget(state, forgetTarget(state, true)),
  },
  'computer.diagnose': {
    label: 'Run diagnostics',
    title: (state) => {
      const [only, ...others] = treeTarget(state).computers;
      const isOne = only !== undefined && others.length === 0;
      return isOne
        ? `Run diagnostics of ${nameAmong(state.profile?.computers ?? [], only)}`
        : 'Run diagnostics';
    },
    menu: 'Computer',
    obstacle: (state) =>
      treeTarget(state).computers.length === 1 ? undefined : 'Select one computer at the left first',
    run: (state) => {
      const [computer] = treeTarget(state).computers;
      if (!computer) return;
      diagnose(state, computer.id);
    },
  },
  'fleet.refresh': {
    label: 'Refresh',
    menu: 'Computer',
    keys: ['F5'],
    obstacle: noComputers,
    run: (state) => void state.ask('fleet.refresh', { computerIds: placeIds(state) }),
  },
  'fleet.retry': {
    label: 'Retry failed only',
    menu: 'Computer',
    obstacle: (state) => (failedIds(state).length > 0 ? undefined : 'No computer failed'),
    run: (state) => void state.ask('fleet.refresh', { computerIds: failedIds(state) }),
  },
  'fleet.cancel': {
    label: 'Stop asking',
    menu: 'Computer',
    obstacle: ({ sweep }) => (sweep && sweep.endedAt === undefined ? undefined : 'Nothing is being asked'),
    run: ({ ask }) => void ask('fleet.cancel', {}),
  },
  'acts.stop': {
    label: 'Stop connecting, disconnecting and removing',
    menu: 'Session',
    obstacle: ({ acts }) =>
      acts.some((act) => isActRunning(act) && !act.isStopped)
        ? undefined
        : 'Nothing is being done to several sessions',
    run: ({ acts, ask }) => {
      for (const { id } of acts.filter(isActRunning)) void ask('acts.stop', { actId: id });
    },
  },
  'sample.open': {
    label: 'Try with a sample fleet',
    menu: 'File',
    keys: ['Ctrl+T'],
    hidden: ({ profile }) => Boolean(profile?.sample),
    run: ({ ask }) => void ask('sample.open', {}),
  },
  'sample.close': {
    label: 'Leave the sample fleet',
    menu: 'File',
    hidden: ({ profile }) => !profile?.sample,
    run: ({ ask }) => void ask('sample.close', {}),
  },
} satisfies Record<string, AppCommand>;
