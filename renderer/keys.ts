import { commandOf, COMMAND_IDS, runCommand } from './commands.ts';
import type { CommandId } from './commands.ts';
import { focusPane, regionOf } from './panes.ts';
import type { Region } from './panes.ts';
import type { AppStore } from './store.ts';

interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const isLetter = (key: string) => key.toLowerCase() !== key.toUpperCase();

/** `Ctrl+Shift+P`, `Delete`, `/`: the spelling of the registry. */
export function chordOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress, mac: boolean): string {
  const isSign = key.length === 1 && key !== ' ' && !isLetter(key);
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
  // Cmd+Tab is the system's own there, and its one key for deleting is called Backspace.
  const ctrl = mac && key !== 'Tab' ? metaKey : ctrlKey;
  const named = mac && name === 'Backspace' ? 'Delete' : name;
  // Which keys make a sign depends on the keyboard: Shift is part of it.
  const parts = [ctrl && 'Ctrl', altKey && 'Alt', shiftKey && !isSign && 'Shift', named];
  return parts.filter(Boolean).join('+');
}

/** What a text field does with them itself. */
const TEXT_KEYS = /^Ctrl\+(?:[ACDVXYZ]|Shift\+[CZ])$/;

/** The command that these keys mean here, if any: what means something in this region alone goes first. */
export function commandFor(
  chord: string,
  { region, typing }: { region?: Region | undefined; typing: boolean },
): CommandId | undefined {
  // Where text is typed, plain keys are text.
  if (typing && (TEXT_KEYS.test(chord) || !/^(?:Ctrl\+|Alt\+|(?:Shift\+)?F\d)/.test(chord))) return undefined;
  const all = COMMAND_IDS.filter((id) => commandOf(id).keys?.includes(chord));
  const here = all.find((id) => region !== undefined && commandOf(id).at?.includes(region));
  return here ?? all.find((id) => !commandOf(id).at);
}

/** Sends the window's keys through the registry. @returns how to stop */
export function listenToKeys(store: AppStore, mac: boolean): () => void {
  const heard = (event: KeyboardEvent) => {
    if (event.defaultPrevented || store.getState().dialog) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (target.closest('[role=menu], [role=dialog]')) return;
    if (event.key === 'Escape') return escape(store, target);
    const chord = chordOf(event, mac);
    const region = regionOf(target);
    // Selected text is what is meant to be copied.
    if (chord === 'Ctrl+C' && region !== 'table' && getSelection()?.toString()) return;
    const id = commandFor(chord, { region, typing: target.matches('input, textarea, select') });
    if (!id) return;
    event.preventDefault();
    runCommand(id, store.getState());
  };
  window.addEventListener('keydown', heard);
  return () => window.removeEventListener('keydown', heard);
}

/** Esc goes back one level: the notice, the filter's text, then the table. */
function escape(store: AppStore, target: HTMLElement): void {
  const { notices, done, filter, show, dismissNotice } = store.getState();
  if (notices.length > 0 || done) dismissNotice();
  else if (target.id === 'pane-filter' && filter) show({ filter: '' });
  else focusPane('pane-table');
}

const MAC_SIGNS: Readonly<Record<string, string>> = {
  Ctrl: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Delete: '⌫',
  Enter: '↩',
};

/** The keys of a chord one by one, as the person's keyboard calls them. */
export function keyCaps(chord: string, mac: boolean): string[] {
  const keys: readonly string[] = chord.match(/(?:Ctrl|Alt|Shift)(?=\+.)|(?<=^|\+)(?:[^+]+|\+)$/g) ?? [];
  if (!mac) return keys.map((key) => (key === 'Delete' ? 'Del' : key));
  const isTab = keys.includes('Tab');
  return keys.map((key) => (key === 'Ctrl' && isTab ? '⌃' : (MAC_SIGNS[key] ?? key)));
}

/** `Ctrl+N`, `⌘N`. */
export function shownKeys(keys: readonly string[] | undefined, mac: boolean): string | undefined {
  const [first] = keys ?? [];
  return first === undefined ? undefined : keyCaps(first, mac).join(mac ? '' : '+');
}
