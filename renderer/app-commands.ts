import { keyOf } from '../shared/contract.ts';
import type { Console } from '../shared/contract.ts';
import type { AppCommand } from './commands.ts';
import { goTo, goToTable } from './navigate.ts';
import { focusNextPane, focusSoon } from './panes.ts';
import { isMac } from './platform.ts';
import { idsOf } from '../shared/contract.ts';
import type { AppState } from './store.ts';

const noConsoles = ({ consoles }: AppState) =>
  consoles.length > 0 ? undefined : 'No session was connected yet';

function stepConsole({ consoles, console, show }: AppState, step: 1 | -1): void {
  const at = consoles.findIndex((one) => keyOf(one) === console);
  const next = consoles.at((Math.max(0, at) + step + consoles.length) % consoles.length);
  if (next) show({ console: keyOf(next) });
  focusSoon('pane-console');
}

const consoleInFront = ({ consoles, console }: AppState): Console | undefined =>
  consoles.find((one) => keyOf(one) === console && (one.state === 'receiving' || one.state === 'idle'));

const ZOOM_STEPS = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];
const zoomOf = ({ settings }: AppState) => settings?.zoom ?? 1;

function zoom(state: AppState, step: 1 | -1): void {
  const now = zoomOf(state);
  const next = step > 0 ? ZOOM_STEPS.find((one) => one > now) : ZOOM_STEPS.findLast((one) => one < now);
  if (next !== undefined) void state.ask('settings.change', { zoom: next });
}

const THEME_WORDS = { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' } as const;
const theme = (name: keyof typeof THEME_WORDS): AppCommand => ({
  label: THEME_WORDS[name],
  menu: 'View',
  checked: ({ settings }) => (settings?.theme ?? 'system') === name,
  run: ({ ask }) => void ask('settings.change', { theme: name }),
});

const density = (name: 'compact' | 'normal' | 'roomy'): AppCommand => ({
  label: `Density: ${name}`,
  menu: 'View',
  checked: ({ settings }) => (settings?.density ?? 'normal') === name,
  run: ({ ask }) => void ask('settings.change', { density: name }),
});

const changedElsewhere = (lost: string | undefined, done: string) =>
  lost ? `What “${lost}” did was changed elsewhere meanwhile` : `Nothing was ${done}`;

/** What is done to the window and the app, whatever is looked at. */
export const APP_COMMANDS = {
  'app.settings': {
    label: 'Settings…',
    menu: 'File',
    keys: ['Ctrl+,'],
    run: ({ show }) => show({ dialog: { kind: 'settings' } }),
  },
  'app.close': { label: 'Close', menu: 'File', run: () => window.close() },
  'edit.undo': {
    label: 'Undo',
    title: ({ profile }) => (profile?.undo ? `Undo: ${profile.undo}` : 'Undo'),
    menu: 'Edit',
    keys: ['Ctrl+Z'],
    obstacle: ({ profile }) => (profile?.undo ? undefined : changedElsewhere(profile?.lostUndo, 'edited')),
    run: ({ takeBack }) => void takeBack('undo'),
  },
  'edit.redo': {
    label: 'Redo',
    title: ({ profile }) => (profile?.redo ? `Redo: ${profile.redo}` : 'Redo'),
    menu: 'Edit',
    keys: ['Ctrl+Y', 'Ctrl+Shift+Z'],
    obstacle: ({ profile }) => (profile?.redo ? undefined : changedElsewhere(profile?.lostRedo, 'undone')),
    run: ({ takeBack }) => void takeBack('redo'),
  },
  'app.palette': {
    label: 'Command palette',
    menu: 'View',
    keys: ['Ctrl+Shift+P'],
    run: ({ show }) => show({ dialog: { kind: 'palette' } }),
  },
  'app.menu': {
    label: 'Menu bar',
    menu: 'View',
    keys: ['F10'],
    hidden: isMac,
    run: () => document.querySelector<HTMLElement>('[role=menubar] [role=menuitem]')?.focus(),
  },
  'view.nextPane': { label: 'Next pane', menu: 'View', keys: ['F6'], run: () => focusNextPane() },
  'view.previousPane': {
    label: 'Previous pane',
    menu: 'View',
    keys: ['Shift+F6'],
    run: () => focusNextPane(-1),
  },
  'view.tree': {
    label: 'Go to computers',
    menu: 'View',
    keys: ['Ctrl+1'],
    run: ({ show }) => {
      show({ treeOpen: true });
      focusSoon('pane-tree');
    },
  },
  'view.table': {
    label: 'Go to sessions',
    menu: 'View',
    keys: ['Ctrl+2'],
    run: (state) => {
      goToTable(state);
      focusSoon('pane-table');
    },
  },
  'view.console': {
    label: 'Go to console',
    menu: 'View',
    keys: ['Ctrl+3'],
    obstacle: noConsoles,
    run: ({ show, console, consoles }) => {
      const [first] = consoles;
      if (!console && first) show({ console: keyOf(first) });
      focusSoon('pane-console');
    },
  },
  'view.failed': {
    label: 'Go to offline or failed',
    menu: 'View',
    run: (state) => goTo(state, 'failed'),
  },
  'console.next': {
    label: 'Next console',
    menu: 'View',
    keys: ['Ctrl+Tab'],
    obstacle: noConsoles,
    run: (state) => stepConsole(state, 1),
  },
  'console.previous': {
    label: 'Previous console',
    menu: 'View',
    keys: ['Ctrl+Shift+Tab'],
    obstacle: noConsoles,
    run: (state) => stepConsole(state, -1),
  },
  'console.disconnect': {
    label: 'Disconnect the session in front',
    menu: 'Session',
    // With nothing selected, as product habits have it: stop, and here that is to leave.
    keys: ['Ctrl+D', 'Ctrl+C'],
    at: ['console'],
    obstacle: (state) => (consoleInFront(state) ? undefined : 'Not connected from here'),
    run: (state) => {
      const front = consoleInFront(state);
      if (front) void state.ask('session.disconnect', { sessions: [idsOf(front)] });
    },
  },
  'view.zoomIn': {
    label: 'Zoom in',
    menu: 'View',
    keys: ['Ctrl++', 'Ctrl+='],
    run: (state) => zoom(state, 1),
  },
  'view.zoomOut': { label: 'Zoom out', menu: 'View', keys: ['Ctrl+-'], run: (state) => zoom(state, -1) },
  'view.zoomReset': {
    label: 'Actual size',
    menu: 'View',
    keys: ['Ctrl+0'],
    run: ({ ask }) => void ask('settings.change', { zoom: 1 }),
  },
  'theme.system': theme('system'),
  'theme.light': theme('light'),
  'theme.dark': theme('dark'),
  'density.compact': density('compact'),
  'density.normal': density('normal'),
  'density.roomy': density('roomy'),
  'audit.show': { label: 'Show the audit log', menu: 'Tools', run: ({ ask }) => void ask('audit.show', {}) },
  'app.shortcuts': {
    label: 'Keyboard shortcuts',
    menu: 'Help',
    keys: ['F1'],
    run: ({ show }) => show({ dialog: { kind: 'shortcuts' } }),
  },
} satisfies Record<string, AppCommand>;
