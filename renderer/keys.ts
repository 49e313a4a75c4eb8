import { isTextKey } from '../shared/text-keys.ts';
import { commandOf, COMMAND_IDS, obstacleTo, runCommand, runNamed } from './commands.ts';
import type { CommandId } from './commands.ts';
import { isComposing } from './composing.ts';
import { focusPane, regionOf } from './panes.ts';
import { withoutObstacles } from './notices.ts';
import type { Region } from './panes.ts';
import type { AppState, AppStore } from './store.ts';

export interface KeyPress {
  readonly key: string;
  /** Where on the keyboard it lies: `KeyC`, `Digit1`. */
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly getModifierState?: (key: string) => boolean;
}

const isLetter = (key: string) => key.toLowerCase() !== key.toUpperCase();

/** `Ctrl+Shift+P`, `Delete`, `/`: the spelling of the registry. */
export function chordOf(press: KeyPress, mac: boolean): string {
  // Cmd+Tab is the system's own there, and its one key for deleting is called Backspace.
  const ctrl = mac && press.key !== 'Tab' ? press.metaKey : press.ctrlKey;
  const chord = spelt(press, press.key, { mac, ctrl });
  // AltGr, which some systems call Ctrl and Alt, makes text.
  const isText = press.altKey || press.getModifierState?.('AltGraph');
  const byCode = ctrl && !isText && keyAt(press);
  return byCode && !isMeant(chord) ? spelt(press, byCode, { mac, ctrl }) : chord;
}

function spelt(
  { shiftKey, altKey }: KeyPress,
  key: string,
  { mac, ctrl }: { mac: boolean; ctrl: boolean },
): string {
  const isSign = key.length === 1 && key !== ' ' && !isLetter(key);
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
  const named = mac && name === 'Backspace' ? 'Delete' : name;
  // Which keys make a sign depends on the keyboard: Shift is part of it.
  const parts = [ctrl && 'Ctrl', altKey && 'Alt', shiftKey && !isSign && 'Shift', named];
  return parts.filter(Boolean).join('+');
}

/**
 * What a key is on a keyboard of Latin letters, where it makes none itself: Cyrillic or Greek by where the key lies, and
 * the digits of a French one, which come with Shift only. Signs lie elsewhere on each keyboard, and say nothing.
 */
function keyAt({ key, code = '', shiftKey }: KeyPress): string | undefined {
  if (key.length !== 1 || /[a-z\d]/i.test(key)) return undefined;
  const [, letter, digit] = /^(?:Key([A-Z])|Digit(\d))$/.exec(code) ?? [];
  return (key > '\x7f' ? letter : undefined) ?? (shiftKey ? undefined : digit);
}

const isMeant = (chord: string) => COMMAND_IDS.some((id) => commandOf(id).keys?.includes(chord));

/** The command that these keys mean here, if any: what means something in this region alone goes first. */
export function commandFor(
  chord: string,
  { region, typing }: { region?: Region | undefined; typing: boolean },
): CommandId | undefined {
  // Where text is typed, plain keys are text.
  if (typing && (isTextKey(chord) || !/^(?:Ctrl\+|Alt\+|(?:Shift\+)?F\d)/.test(chord))) return undefined;
  const all = COMMAND_IDS.filter((id) => commandOf(id).keys?.includes(chord));
  const here = all.find((id) => region !== undefined && commandOf(id).at?.includes(region));
  return here ?? all.find((id) => !commandOf(id).at);
}

/** A dialog or a menu is open there: what is asked meanwhile would go past it, or replace it. */
const isTaken = ({ dialog }: AppState, target: Element) =>
  dialog !== undefined || target.closest('[role=menu], [role=dialog]') !== null;

/**
 * Right after the start the palette takes a moment to come; whoever does not wait for it types into it all the same.
 *
 * @returns whether it was kept for the palette
 */
export function isTypedAhead(press: KeyPress, target: Element, { dialog, show }: AppState): boolean {
  const { key, ctrlKey, metaKey, altKey } = press;
  if (dialog?.kind !== 'palette' || target.closest('[role=dialog]')) return false;
  const isChord = (ctrlKey || metaKey || altKey) && !press.getModifierState?.('AltGraph');
  if (isChord || (key.length !== 1 && key !== 'Backspace')) return false;
  const { typed = '' } = dialog;
  show({ dialog: { ...dialog, typed: key === 'Backspace' ? typed.slice(0, -1) : typed + key } });
  return true;
}

/** Enter and Space press what has the focus, wherever it lies. */
const isPress = ({ key, ctrlKey, metaKey, altKey }: KeyPress, target: Element) =>
  (key === 'Enter' || key === ' ') &&
  !(ctrlKey || metaKey || altKey) &&
  target.closest('button, a[href], summary') !== null;

/** Sends the window's keys through the registry. @returns how to stop */
export function listenToKeys(store: AppStore, mac: boolean): () => void {
  const heard = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event)) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    if (isTypedAhead(event, target, store.getState())) return event.preventDefault();
    if (isTaken(store.getState(), target) || isPress(event, target)) return;
    if (event.key === 'Escape') return escape(store, target);
    const chord = chordOf(event, mac);
    const region = regionOf(target);
    // Selected text is what is meant to be copied.
    if (chord === 'Ctrl+C' && region !== 'table' && getSelection()?.toString()) return;
    const id = commandFor(chord, { region, typing: target.matches('input, textarea, select') });
    if (!id) return;
    event.preventDefault();
    runByKey(id, store);
  };
  window.addEventListener('keydown', heard);
  return () => window.removeEventListener('keydown', heard);
}

/** Runs it, or says what stands in the way: who presses a key sees no tooltip that tells. */
export function runByKey(
  id: CommandId,
  { getState, setState }: Pick<AppStore, 'getState' | 'setState'>,
): void {
  setState(({ notices }) => ({ notices: withoutObstacles(notices) }));
  const message = obstacleTo(id, getState());
  if (message === undefined) runCommand(id, getState());
  else getState().tell({ level: 'info', message, isObstacle: true });
}

/** Runs what was chosen in the system's menu bar, which is there also while a dialog is open, as its key would. */
export function runChosen(id: string, state: AppState): void {
  if (!isTaken(state, document.activeElement ?? document.body)) runNamed(id, state);
}

/** Esc goes back one level: the notice, the filter's text, then the table. */
function escape(store: AppStore, target: HTMLElement): void {
  const { notices, lastEdit, filter, show, dismissNotice } = store.getState();
  if (notices.length > 0 || lastEdit) dismissNotice();
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
