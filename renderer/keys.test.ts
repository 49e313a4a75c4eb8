import { expect, test } from 'vitest';
import { COMMAND_IDS, commandOf } from './commands.ts';
import { chordOf, commandFor, isTypedAhead, keyCaps, runByKey, shownKeys } from './keys.ts';
import type { KeyPress } from './keys.ts';
import { CONTEXT_MENUS, itemsOf, MENU_NAMES } from './menus.ts';
import type { Region } from './panes.ts';
import { createAppStore } from './store.ts';

type Modifiers = Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>>;
const press = (
  key: string,
  mods: Modifiers & Pick<KeyPress, 'code' | 'getModifierState'> = {},
  mac = false,
) => chordOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...mods }, mac);
const at = (chord: string, region?: Region, typing = false) => commandFor(chord, { region, typing });

test('keys act by the region that has the focus', () => {
  expect(at(press('Delete'), 'table')).toBe('session.remove');
  expect(at(press('Delete'), 'tree')).toBe('computer.forget');
  expect(at(press('Delete'), 'credentials')).toBe('credential.delete');
  expect(at(press('Delete'))).toBeUndefined();
  expect(at(press('d', { ctrlKey: true }), 'console')).toBe('console.disconnect');
  expect(at(press('d', { ctrlKey: true }), 'table')).toBe('session.disconnect');
  expect(at(press('c', { ctrlKey: true }), 'table')).toBe('session.copy');
  expect(at(press('c', { ctrlKey: true }), 'console')).toBe('console.disconnect');
  expect(at(press('F2'), 'tree')).toBe('tree.rename');
  expect(at(press(' '), 'table')).toBe('view.details');
});

test('the keys of the product’s table lead where it says', () => {
  const table: readonly (readonly [string, string])[] = [
    ['Enter', 'session.open'],
    ['Shift+Enter', 'session.openBehind'],
    ['Delete', 'session.remove'],
    ['Shift+Delete', 'session.forceRemove'],
    ['Ctrl+D', 'session.disconnect'],
    ['F5', 'fleet.refresh'],
    ['Shift+F5', 'session.refresh'],
    ['Ctrl+F', 'view.filter'],
    ['/', 'view.filter'],
    ['Ctrl+Shift+P', 'app.palette'],
    ['Ctrl+N', 'computer.add'],
    ['Space', 'view.details'],
    ['Ctrl+A', 'session.selectAll'],
    ['Ctrl+C', 'session.copy'],
    ['Ctrl+Shift+C', 'session.copyAsPowerShell'],
    ['Ctrl+Tab', 'console.next'],
    ['Ctrl+1', 'view.tree'],
    ['Ctrl+2', 'view.table'],
    ['Ctrl+3', 'view.console'],
    ['F6', 'view.nextPane'],
    ['Shift+F6', 'view.previousPane'],
    ['Ctrl+T', 'sample.open'],
    ['Ctrl+Z', 'edit.undo'],
    ['Ctrl+Y', 'edit.redo'],
    ['Ctrl++', 'view.zoomIn'],
    ['Ctrl+-', 'view.zoomOut'],
    ['Ctrl+0', 'view.zoomReset'],
  ];
  for (const [chord, id] of table) expect([chord, at(chord, 'table')]).toEqual([chord, id]);
});

test('where text is typed, its own keys stay its own', () => {
  for (const chord of [
    '/',
    'Space',
    'Enter',
    'Delete',
    'Ctrl+A',
    'Ctrl+C',
    'Ctrl+Z',
    'Ctrl+Y',
    'F',
    'Shift+F',
  ])
    expect(at(chord, undefined, true)).toBeUndefined();
  expect(at('Ctrl+F', undefined, true)).toBe('view.filter');
  expect(at('F6', undefined, true)).toBe('view.nextPane');
  expect(at('Shift+F6', undefined, true)).toBe('view.previousPane');
});

test('a sign is the same sign on every keyboard', () => {
  expect(press('/', { shiftKey: true })).toBe('/');
  expect(press('+', { ctrlKey: true, shiftKey: true })).toBe('Ctrl++');
  expect(press('P', { ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+P');
});

test.each([
  ['с', 'KeyC', 'session.copy'],
  ['ф', 'KeyA', 'session.selectAll'],
  ['а', 'KeyF', 'view.filter'],
  ['α', 'KeyA', 'session.selectAll'],
  ['&', 'Digit1', 'view.tree'],
  ['é', 'Digit2', 'view.table'],
  ['"', 'Digit3', 'view.console'],
  ['à', 'Digit0', 'view.zoomReset'],
])('Ctrl+%s on a keyboard without that letter or digit is what lies there: %s', (key, code, id) => {
  expect(at(press(key, { ctrlKey: true, code }), 'table')).toBe(id);
  expect(at(press(key, { metaKey: true, code }, true), 'table')).toBe(id);
});

test('signs stay signs, and letters are those that they say', () => {
  expect(press(',', { ctrlKey: true, code: 'KeyM' })).toBe('Ctrl+,'); // French
  expect(press('-', { ctrlKey: true, code: 'Digit6' })).toBe('Ctrl+-');
  expect(press(';', { ctrlKey: true, code: 'KeyZ' })).toBe('Ctrl+;'); // Dvorak
  expect(press('a', { ctrlKey: true, code: 'KeyQ' })).toBe('Ctrl+A');
  expect(press('!', { ctrlKey: true, shiftKey: true, code: 'Digit1' })).toBe('Ctrl+!');
  expect(press('з', { ctrlKey: true, shiftKey: true, code: 'KeyP' })).toBe('Ctrl+Shift+P');
});

test('without Ctrl, and with AltGr, what is typed is text', () => {
  expect(press('с', { code: 'KeyC' })).toBe('С');
  expect(press('€', { ctrlKey: true, altKey: true, code: 'KeyE' })).toBe('Ctrl+Alt+€');
  expect(press('é', { ctrlKey: true, code: 'KeyE', getModifierState: () => true })).toBe('Ctrl+É');
  expect(at(press('с', { ctrlKey: true, code: 'KeyC' }), undefined, true)).toBeUndefined();
});

test('on macOS Ctrl is Cmd, but for Tab', () => {
  expect(press('n', { metaKey: true }, true)).toBe('Ctrl+N');
  expect(press('n', { ctrlKey: true }, true)).toBe('N');
  expect(press('Tab', { ctrlKey: true }, true)).toBe('Ctrl+Tab');
  expect(press('Backspace', {}, true)).toBe('Delete');
  expect(shownKeys(['Ctrl+Shift+P'], true)).toBe('⌘⇧P');
  expect(shownKeys(['Ctrl+Tab'], true)).toBe('⌃Tab');
});

test('keys are shown one by one', () => {
  expect(keyCaps('Ctrl+Shift+P', false)).toEqual(['Ctrl', 'Shift', 'P']);
  expect(keyCaps('Ctrl++', false)).toEqual(['Ctrl', '+']);
  expect(keyCaps('Ctrl+-', false)).toEqual(['Ctrl', '-']);
  expect(keyCaps('/', false)).toEqual(['/']);
  expect(shownKeys(['Shift+Delete'], false)).toBe('Shift+Del');
  expect(shownKeys(undefined, false)).toBeUndefined();
});

test('no two commands share their keys in one place', () => {
  const places: readonly (Region | undefined)[] = [undefined, 'tree', 'table', 'console', 'credentials'];
  for (const region of places) {
    const chords = COMMAND_IDS.flatMap((id) => {
      const { keys = [], at: regions } = commandOf(id);
      return (region ? regions?.includes(region) : !regions) ? keys : [];
    });
    expect(new Set(chords).size).toBe(chords.length);
  }
});

test('every command stands in a menu, once, and context menus offer nothing twice', () => {
  const all = MENU_NAMES.flatMap((name) => itemsOf(name).filter((id) => id !== 'separator'));
  expect(new Set(all)).toEqual(new Set(COMMAND_IDS));
  for (const items of Object.values(CONTEXT_MENUS)) {
    const ids = items.filter((id) => id !== 'separator');
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test('a key whose command cannot be done says why, until another command is asked for by its key', () => {
  const store = createAppStore({
    platform: 'linux',
    invoke: (() => Promise.resolve()) as never,
    on: () => () => undefined,
  });
  const said = () => store.getState().notices.map(({ message }) => message);
  store.getState().tell({ level: 'error', message: 'Not saved.' });
  runByKey('session.remove', store);
  expect(said()).toEqual(['Remove: select a session first.', 'Not saved.']);
  expect(store.getState().notices[0]).toMatchObject({ level: 'info', isObstacle: true });
  runByKey('fleet.refresh', store);
  expect(said()).toEqual(['Refresh: there are no computers yet.', 'Not saved.']);
  runByKey('app.settings', store);
  expect(said()).toEqual(['Not saved.']);
  expect(store.getState().dialog).toEqual({ kind: 'settings' });
});

test('what is typed before the palette stands there is typed into it, and no chord', () => {
  const store = createAppStore({
    platform: 'linux',
    invoke: (() => Promise.resolve()) as never,
    on: () => () => undefined,
  });
  const body = { closest: () => null } as unknown as Element; // all that is asked of it
  const inDialog = { closest: () => body } as unknown as Element;
  const keep = (key: string, target = body, ctrlKey = false) =>
    isTypedAhead({ key, ctrlKey, metaKey: false, shiftKey: false, altKey: false }, target, store.getState());
  expect(keep('a')).toBe(false);
  store.getState().show({ dialog: { kind: 'palette' } });
  expect(['@', 'i', 'Enter'].map((key) => keep(key))).toEqual([true, true, false]);
  expect([keep('n', body, true), keep('x', inDialog)]).toEqual([false, false]);
  expect(store.getState().dialog).toEqual({ kind: 'palette', typed: '@i' });
  const altGr = { ctrlKey: true, altKey: true, metaKey: false, shiftKey: false };
  isTypedAhead({ ...altGr, key: '@', getModifierState: () => true }, body, store.getState());
  keep('x');
  keep('Backspace');
  expect(store.getState().dialog).toEqual({ kind: 'palette', typed: '@i@' });
});
