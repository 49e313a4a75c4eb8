import { canConnect } from '../shared/session.ts';
import { plainText } from '../shared/plain-text.ts';
import { APP_COMMANDS } from './app-commands.ts';
import { COMPUTER_COMMANDS } from './computer-commands.ts';
import { resolvedComputers, selectedRows, shownRowKeys } from './derived.ts';
import { asGetPSSession, asTsv } from './copy-rows.ts';
import { CREDENTIAL_COMMANDS } from './credential-commands.ts';
import { count } from './format.ts';
import { inParts } from './in-parts.ts';
import { goToTable, noTable } from './navigate.ts';
import { focusPane, focusSoon } from './panes.ts';
import type { Region } from './panes.ts';
import { hasTable } from './place.ts';
import type { Row } from './rows.ts';
import { selectAll } from './selection.ts';
import { TABLE_COMMANDS } from './table-commands.ts';
import { idsOf } from '../shared/contract.ts';
import type { AppState } from './store.ts';

export type MenuName = 'File' | 'Edit' | 'View' | 'Session' | 'Computer' | 'Tools' | 'Help';

/** One thing that can be done, for menus, toolbars, palette and keys alike. */
export interface AppCommand {
  readonly label: string;
  /** The label as things stand: `Undo: Rename group`. */
  readonly title?: (state: AppState) => string;
  readonly menu: MenuName;
  /** `Ctrl` is Cmd on macOS. The first is shown. */
  readonly keys?: readonly string[];
  /** Where alone its keys mean this; everywhere when absent. */
  readonly at?: readonly Region[];
  /** Why it cannot be done now; undefined when it can. */
  readonly obstacle?: (state: AppState) => string | undefined;
  /** What is not there at all, such as leaving a sample fleet that is not open. */
  readonly hidden?: (state: AppState) => boolean;
  /** Of a choice among several: whether it is the one. */
  readonly checked?: (state: AppState) => boolean;
  readonly run: (state: AppState) => void;
}

const NONE = 'Select a session first';
const heldRows = (state: AppState) =>
  selectedRows(state).filter(({ badge }) => badge === 'available' || badge === 'busy');
const noRows = (state: AppState) => (selectedRows(state).length > 0 ? undefined : NONE);

/** Unreadable and foreign shells eat the quota too, so they can be removed: by force, without a connect. As removal.ts has it. */
function removable(state: AppState, force: boolean) {
  return selectedRows(state).filter(
    ({ badge }) => badge !== 'closed' && (force || !['inuse', 'unreadable', 'other'].includes(badge)),
  );
}

const computersOfRows = (state: AppState) => [
  ...new Set(selectedRows(state).map(({ computerId }) => computerId)),
];

/** All that are selected and still there; the question says what becomes of each. */
const notClosed = (state: AppState) => selectedRows(state).filter(({ badge }) => badge !== 'closed');
const keysOf = (rows: readonly Row[]) => rows.map(({ key }) => key);

const SESSION_COMMANDS = {
  'session.open': {
    label: 'Connect',
    menu: 'Session',
    keys: ['Enter'],
    at: ['table'],
    obstacle: noRows,
    run: (state) => void state.open(selectedRows(state)),
  },
  'session.openBehind': {
    label: 'Connect in the background',
    menu: 'Session',
    keys: ['Shift+Enter'],
    at: ['table'],
    obstacle: (state) => {
      const rows = selectedRows(state);
      return noRows(state) ?? (rows.some(({ session }) => canConnect(session)) ? undefined : 'None is free');
    },
    run: (state) => void state.open(selectedRows(state), { background: true }),
  },
  'session.disconnect': {
    label: 'Disconnect',
    menu: 'Session',
    keys: ['Ctrl+D'],
    obstacle: (state) => {
      if (selectedRows(state).length === 0) return NONE;
      return heldRows(state).length > 0 ? undefined : 'Not connected from here';
    },
    run: (state) => {
      for (const sessions of inParts(heldRows(state).map(idsOf)))
        void state.ask('session.disconnect', { sessions });
    },
  },
  'session.remove': {
    label: 'Remove…',
    menu: 'Session',
    keys: ['Delete'],
    at: ['table'],
    obstacle: (state) => {
      if (selectedRows(state).length === 0) return NONE;
      return removable(state, false).length > 0 ? undefined : 'These can only be removed by force';
    },
    run: (state) => state.show({ dialog: { kind: 'remove', keys: keysOf(notClosed(state)), force: false } }),
  },
  'session.forceRemove': {
    label: 'Force remove…',
    menu: 'Session',
    keys: ['Shift+Delete'],
    at: ['table'],
    obstacle: (state) => (removable(state, true).length > 0 ? undefined : NONE),
    run: (state) =>
      state.show({ dialog: { kind: 'remove', keys: keysOf(removable(state, true)), force: true } }),
  },
  'session.refresh': {
    label: 'Refresh the selection',
    menu: 'Session',
    keys: ['Shift+F5'],
    obstacle: noRows,
    run: (state) => void state.ask('fleet.refresh', { computerIds: computersOfRows(state) }),
  },
  'session.editComputers': {
    label: 'Edit computer…',
    title: (state) => {
      const n = computersOfRows(state).length;
      return n > 1 ? `Edit ${count(n, 'computer')}…` : 'Edit computer…';
    },
    menu: 'Session',
    obstacle: noRows,
    run: (state) => state.show({ dialog: { kind: 'edit', computerIds: computersOfRows(state) } }),
  },
  'session.selectAll': {
    label: 'Select all',
    menu: 'Edit',
    keys: ['Ctrl+A'],
    at: ['table'],
    obstacle: ({ place }) => (hasTable(place) ? undefined : 'Go to the sessions first'),
    run: (state) => state.show({ selection: selectAll(state.selection, shownRowKeys(state)) }),
  },
  'session.copy': {
    label: 'Copy rows',
    menu: 'Edit',
    keys: ['Ctrl+C'],
    at: ['table'],
    obstacle: noRows,
    run: (state) => void state.ask('clipboard.copy', { text: asTsv(selectedRows(state)) }),
  },
  'session.copyAsPowerShell': {
    label: 'Copy as Get-PSSession',
    menu: 'Edit',
    keys: ['Ctrl+Shift+C'],
    at: ['table'],
    obstacle: noRows,
    run: (state) => {
      const text = asGetPSSession(selectedRows(state), resolvedComputers(state));
      void state.ask('clipboard.copy', { text });
    },
  },
  'view.filter': {
    label: 'Filter sessions',
    menu: 'View',
    keys: ['Ctrl+F', '/'],
    obstacle: noTable,
    run: (state) => {
      if (goToTable(state) === state) focusPane('pane-filter');
      else focusSoon('pane-filter'); // it is yet to be drawn
    },
  },
  'view.details': {
    label: 'Details',
    menu: 'View',
    keys: ['Space'],
    at: ['table'],
    checked: ({ details }) => details,
    run: ({ show, details }) => show({ details: !details }),
  },
} satisfies Record<string, AppCommand>;

export const COMMANDS = {
  ...COMPUTER_COMMANDS,
  ...SESSION_COMMANDS,
  ...TABLE_COMMANDS,
  ...APP_COMMANDS,
  ...CREDENTIAL_COMMANDS,
} satisfies Record<string, AppCommand>;

export type CommandId = keyof typeof COMMANDS;
export const COMMAND_IDS = Object.keys(COMMANDS) as readonly CommandId[];
export const commandOf = (id: CommandId): AppCommand => COMMANDS[id];

/** Carries its number when several are meant: `Connect 10`, `Remove 14…`. */
export function labelFor(id: CommandId, state: AppState): string {
  const { label, title } = commandOf(id);
  if (title) return plainText(title(state));
  const counted: Partial<Record<CommandId, number>> = {
    'session.open': selectedRows(state).filter(({ session }) => canConnect(session)).length,
    'session.disconnect': heldRows(state).length,
    'session.remove': removable(state, false).length,
    'session.forceRemove': removable(state, true).length,
  };
  const n = counted[id] ?? 0;
  return n > 1 ? label.replace(/(…?)$/, ` ${n}$1`) : label;
}

/** Why it cannot be done now, as a sentence of its own: `Undo: nothing was edited.` */
export function obstacleTo(id: CommandId, state: AppState): string | undefined {
  const { hidden, obstacle } = commandOf(id);
  const why = hidden?.(state) ? undefined : obstacle?.(state);
  const label = labelFor(id, state).replace(/…$/, '');
  return why && `${label}: ${why.charAt(0).toLowerCase()}${why.slice(1)}.`;
}

/** Runs it unless something stands in the way. */
export function runCommand(id: CommandId, state: AppState): void {
  const { hidden, obstacle, run } = commandOf(id);
  if (!hidden?.(state) && obstacle?.(state) === undefined) run(state);
}

/** A command by a name that came from outside; nothing for one that is none. */
export function runNamed(id: string, state: AppState): void {
  if (Object.hasOwn(COMMANDS, id)) runCommand(id as CommandId, state);
}
