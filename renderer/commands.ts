import { canConnect } from '../shared/session.ts';
import { resolvedComputers, selectedRows, shownRowKeys } from './derived.ts';
import { asGetPSSession, asTsv } from './copy-rows.ts';
import { focusNextPane, focusPane } from './panes.ts';
import { computersOf, idIn } from './place.ts';
import { selectAll } from './selection.ts';
import { TABLE_COMMANDS } from './table-commands.ts';
import { idsOf } from './store.ts';
import type { AppState } from './store.ts';

export type MenuName = 'Computer' | 'Session' | 'View';

/** One thing that can be done, for menus, toolbar and keys alike. */
export interface AppCommand {
  readonly label: string;
  readonly menu: MenuName;
  /** `Ctrl` is Cmd on macOS. The first is shown. */
  readonly keys?: readonly string[];
  /** Keys that mean this only while the table has the focus. */
  readonly inTable?: boolean;
  /** Why it cannot be done now; undefined when it can. */
  readonly obstacle?: (state: AppState) => string | undefined;
  /** What is not there at all, such as leaving a sample fleet that is not open. */
  readonly hidden?: (state: AppState) => boolean;
  readonly run: (state: AppState) => void;
}

const NONE = 'Select a session first';
const heldRows = (state: AppState) =>
  selectedRows(state).filter(({ badge }) => badge === 'available' || badge === 'busy');
const noComputers = (state: AppState) =>
  state.profile?.computers.length ? undefined : 'There are no computers yet';

/** Unreadable and foreign shells eat the quota too, so they can be removed: by force, without a connect. */
function removable(state: AppState, force: boolean) {
  return selectedRows(state).filter(
    ({ badge }) =>
      badge !== 'closed' && (force || !['inuse', 'unreadable', 'other', 'broken'].includes(badge)),
  );
}

/** All that are selected and still there; the question says what becomes of each. */
const notClosed = (state: AppState) => selectedRows(state).filter(({ badge }) => badge !== 'closed');

const failedIds = ({ profile, statuses }: AppState) =>
  (profile?.computers ?? []).map(({ id }) => id).filter((id) => statuses.get(id)?.kind === 'failed');

/** Undefined where all are looked at. */
const placeIds = ({ place, profile }: AppState) =>
  !profile || place === 'all' || place === 'failed' || place === 'credentials'
    ? undefined
    : computersOf(place, profile).map(({ id }) => id);
const placeComputer = ({ place, profile }: AppState) => {
  const id = idIn(place, 'computer');
  return profile?.computers.some((one) => one.id === id) ? id : undefined;
};

export const COMMANDS = {
  'computer.add': {
    label: 'Add computers…',
    menu: 'Computer',
    keys: ['Ctrl+N'],
    run: ({ show }) => show({ dialog: { kind: 'add' } }),
  },
  'computer.edit': {
    label: 'Edit computer…',
    menu: 'Computer',
    hidden: ({ profile }) => Boolean(profile?.sample),
    obstacle: (state) => (placeComputer(state) ? undefined : 'Select one computer at the left first'),
    run: (state) => {
      const computerId = placeComputer(state);
      if (computerId) state.show({ dialog: { kind: 'edit', computerId } });
    },
  },
  'computer.forget': {
    label: 'Remove computer from the list…',
    menu: 'Computer',
    hidden: ({ profile }) => Boolean(profile?.sample),
    obstacle: (state) => (placeComputer(state) ? undefined : 'Select one computer at the left first'),
    run: (state) => {
      const computerId = placeComputer(state);
      if (computerId) state.show({ dialog: { kind: 'forget', computerId } });
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
  'sample.open': {
    label: 'Try with a sample fleet',
    menu: 'Computer',
    keys: ['Ctrl+T'],
    hidden: ({ profile }) => Boolean(profile?.sample),
    run: ({ ask }) => void ask('sample.open', {}),
  },
  'sample.close': {
    label: 'Leave the sample fleet',
    menu: 'Computer',
    hidden: ({ profile }) => !profile?.sample,
    run: ({ ask }) => void ask('sample.close', {}),
  },
  'session.open': {
    label: 'Connect',
    menu: 'Session',
    keys: ['Enter'],
    inTable: true,
    obstacle: (state) => (selectedRows(state).length > 0 ? undefined : NONE),
    run: (state) => void state.open(selectedRows(state)),
  },
  'session.disconnect': {
    label: 'Disconnect',
    menu: 'Session',
    keys: ['Ctrl+D'],
    obstacle: (state) => {
      if (selectedRows(state).length === 0) return NONE;
      return heldRows(state).length > 0 ? undefined : 'Not connected from here';
    },
    run: (state) => void state.ask('session.disconnect', { sessions: heldRows(state).map(idsOf) }),
  },
  'session.remove': {
    label: 'Remove…',
    menu: 'Session',
    keys: ['Delete'],
    inTable: true,
    obstacle: (state) => {
      if (selectedRows(state).length === 0) return NONE;
      return removable(state, false).length > 0 ? undefined : 'These can only be removed by force';
    },
    run: (state) => state.show({ dialog: { kind: 'remove', rows: notClosed(state), force: false } }),
  },
  'session.forceRemove': {
    label: 'Force remove…',
    menu: 'Session',
    keys: ['Shift+Delete'],
    inTable: true,
    obstacle: (state) => (removable(state, true).length > 0 ? undefined : NONE),
    run: (state) => state.show({ dialog: { kind: 'remove', rows: removable(state, true), force: true } }),
  },
  'session.selectAll': {
    label: 'Select all',
    menu: 'Session',
    keys: ['Ctrl+A'],
    inTable: true,
    run: (state) => state.show({ selection: selectAll(state.selection, shownRowKeys(state)) }),
  },
  'session.copy': {
    label: 'Copy rows',
    menu: 'Session',
    keys: ['Ctrl+C'],
    inTable: true,
    obstacle: (state) => (selectedRows(state).length > 0 ? undefined : NONE),
    run: (state) => void state.ask('clipboard.copy', { text: asTsv(selectedRows(state)) }),
  },
  'session.copyAsPowerShell': {
    label: 'Copy as Get-PSSession',
    menu: 'Session',
    keys: ['Ctrl+Shift+C'],
    inTable: true,
    obstacle: (state) => (selectedRows(state).length > 0 ? undefined : NONE),
    run: (state) => {
      const text = asGetPSSession(selectedRows(state), resolvedComputers(state));
      void state.ask('clipboard.copy', { text });
    },
  },
  'view.filter': {
    label: 'Filter sessions',
    menu: 'View',
    keys: ['Ctrl+F', '/'],
    run: () => focusPane('pane-filter'),
  },
  'view.details': {
    label: 'Details',
    menu: 'View',
    keys: ['Space'],
    inTable: true,
    run: ({ show, details }) => show({ details: !details }),
  },
  'view.tree': {
    label: 'Go to computers',
    menu: 'View',
    keys: ['Ctrl+1'],
    run: () => focusPane('pane-tree'),
  },
  'view.table': {
    label: 'Go to sessions',
    menu: 'View',
    keys: ['Ctrl+2'],
    run: () => focusPane('pane-table'),
  },
  'view.console': {
    label: 'Go to console',
    menu: 'View',
    keys: ['Ctrl+3'],
    obstacle: ({ consoles }) => (consoles.length > 0 ? undefined : 'No session was connected yet'),
    run: ({ show, console, consoles }) => {
      const [first] = consoles;
      if (!console && first) show({ console: `${first.computerId}/${first.instanceId}` });
      requestAnimationFrame(() => focusPane('pane-console'));
    },
  },
  'view.nextPane': { label: 'Next pane', menu: 'View', keys: ['F6'], run: () => focusNextPane() },
  ...TABLE_COMMANDS,
} satisfies Record<string, AppCommand>;

export type CommandId = keyof typeof COMMANDS;
export const commandOf = (id: CommandId): AppCommand => COMMANDS[id];

/** Carries its number when several are meant: `Connect 10`, `Remove 14…`. */
export function labelFor(id: CommandId, state: AppState): string {
  const { label } = COMMANDS[id];
  const counted: Partial<Record<CommandId, number>> = {
    'session.open': selectedRows(state).filter(({ session }) => canConnect(session)).length,
    'session.disconnect': heldRows(state).length,
    'session.remove': removable(state, false).length,
    'session.forceRemove': removable(state, true).length,
  };
  const n = counted[id] ?? 0;
  return n > 1 ? label.replace(/(…?)$/, ` ${n}$1`) : label;
}

/** Runs it unless something stands in the way. */
export function runCommand(id: CommandId, state: AppState): void {
  const { hidden, obstacle, run } = commandOf(id);
  if (!hidden?.(state) && obstacle?.(state) === undefined) run(state);
}
