import { commandOf, COMMANDS, runCommand } from './commands.ts';
import type { CommandId } from './commands.ts';
import { focusPane } from './panes.ts';
import type { AppStore } from './store.ts';

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** `Ctrl+Shift+P`, `Delete`, `/`: the spelling of the registry. */
export function chordOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress, mac: boolean): string {
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
  const parts = [(mac ? metaKey : ctrlKey) && 'Ctrl', altKey && 'Alt', shiftKey && 'Shift', name];
  return parts.filter(Boolean).join('+');
}

/** The command that these keys mean here, if any. */
export function commandFor(
  chord: string,
  { inTable, typing }: { inTable: boolean; typing: boolean },
): CommandId | undefined {
  return (Object.keys(COMMANDS) as CommandId[]).find((id) => {
    const { keys, inTable: tableOnly } = commandOf(id);
    if (!keys?.includes(chord)) return false;
    if (tableOnly) return inTable;
    // Where text is typed, plain keys are text.
    return !typing || /^(Ctrl\+|F\d)/.test(chord);
  });
}

/** Sends the window's keys through the registry. @returns how to stop */
export function listenToKeys(store: AppStore, mac: boolean): () => void {
  const heard = (event: KeyboardEvent) => {
    if (event.defaultPrevented || store.getState().dialog) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (target.closest('[role=menu], [role=dialog]')) return;
    if (event.key === 'Escape') return escape(store, target);
    const id = commandFor(chordOf(event, mac), {
      inTable: target.closest('[role=treegrid]') !== null,
      typing: target.matches('input, textarea'),
    });
    if (!id) return;
    event.preventDefault();
    runCommand(id, store.getState());
  };
  window.addEventListener('keydown', heard);
  return () => window.removeEventListener('keydown', heard);
}

/** Esc goes back one level: the notice, the filter's text, then the table. */
function escape(store: AppStore, target: HTMLElement): void {
  const { notice, filter, show, dismissNotice } = store.getState();
  if (notice) dismissNotice();
  else if (target.id === 'pane-filter' && filter) show({ filter: '' });
  else focusPane('pane-table');
}

/** `Ctrl+N` as the person's keyboard calls it. */
export const shownKeys = (keys: readonly string[] | undefined, mac: boolean): string | undefined =>
  mac ? keys?.[0]?.replace('Ctrl+', '⌘').replace('Shift+', '⇧') : keys?.[0]?.replace('Delete', 'Del');
