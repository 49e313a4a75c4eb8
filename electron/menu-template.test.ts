import { expect, test, vi } from 'vitest';
import type { MenuShown } from '../shared/contract.ts';
import { menuTemplate } from './menu-template.ts';

const item = (id: string, keys?: string) => ({ id, label: id, keys, enabled: true });
const labels = (menus: MenuShown[]) =>
  menuTemplate(menus, () => undefined).map(({ role, label }) => role ?? label);

test('the window’s menus stand between those that every app has', () => {
  const menus = ['File', 'Edit', 'Help'].map((label) => ({ label, items: [] }));
  expect(labels(menus)).toEqual(['appMenu', 'File', 'Edit', 'windowMenu', 'Help']);
  expect(labels([])).toEqual(['appMenu', 'editMenu', 'windowMenu']);
});

test('whoever chooses an item chooses its command', () => {
  const chosen = vi.fn();
  const menus: MenuShown[] = [{ label: 'Session', items: [item('computer.add', 'Ctrl+N'), 'separator'] }];
  const [, , { submenu }] = menuTemplate(menus, chosen) as [
    unknown,
    unknown,
    { submenu: { click?: () => void }[] },
  ];
  submenu[0]!.click!();
  expect(chosen).toHaveBeenCalledWith('computer.add');
  expect(submenu).toMatchObject([{ accelerator: 'CmdOrCtrl+N' }, { type: 'separator' }]);
});

const acceleratorsOf = (...keys: (string | undefined)[]) => {
  const menu = { label: 'View', items: keys.map((one, i) => item(String(i), one)) };
  const [, , { submenu }] = menuTemplate([menu], () => undefined) as [
    unknown,
    unknown,
    { submenu: { accelerator?: string }[] },
  ];
  return submenu.map(({ accelerator }) => accelerator);
};

test('keys are written as Electron reads them, and left out where it would not', () => {
  expect(acceleratorsOf('Ctrl+Shift+P', 'Ctrl+,', 'Ctrl+Enter', 'Ctrl+Nonsense', undefined)).toEqual([
    'CmdOrCtrl+Shift+P',
    'CmdOrCtrl+,',
    'CmdOrCtrl+Return',
    undefined,
    undefined,
  ]);
});

test('keys without Cmd, and those of a text field, are the page’s alone: macOS would run them while one types', () => {
  const bare = ['Enter', 'Shift+Enter', 'Space', 'Delete', 'Alt+Enter', 'F2', 'Shift+F10', '/', 'Ctrl+Tab'];
  const text = ['A', 'C', 'D', 'V', 'X', 'Y', 'Z', 'Shift+C', 'Shift+Z'].map((key) => `Ctrl+${key}`);
  expect(acceleratorsOf(...bare, ...text).filter((one) => one !== undefined)).toEqual([]);
});

test('the Edit menu keeps what works in every field', () => {
  const [, edit] = menuTemplate(
    [{ label: 'Edit', items: [item('profile.undo', 'Ctrl+Z')] }],
    () => undefined,
  );
  expect(edit?.submenu).toMatchObject([
    { id: 'profile.undo' },
    { type: 'separator' },
    { role: 'undo' },
    { role: 'redo' },
    { type: 'separator' },
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ]);
});
