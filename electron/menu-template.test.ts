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
  const menus: MenuShown[] = [{ label: 'Session', items: [item('session.connect', 'Enter'), 'separator'] }];
  const [, , { submenu }] = menuTemplate(menus, chosen) as [
    unknown,
    unknown,
    { submenu: { click?: () => void }[] },
  ];
  submenu[0]!.click!();
  expect(chosen).toHaveBeenCalledWith('session.connect');
  expect(submenu).toMatchObject([
    { accelerator: 'Return', registerAccelerator: false },
    { type: 'separator' },
  ]);
});

test('keys are written as Electron reads them, and left out where it would not', () => {
  const items = [item('a', 'Ctrl+Shift+P'), item('b', 'Shift+F10'), item('c', 'Ctrl+Nonsense'), item('d')];
  const [, , { submenu }] = menuTemplate([{ label: 'View', items }], () => undefined) as [
    unknown,
    unknown,
    { submenu: { accelerator?: string }[] },
  ];
  expect(submenu.map(({ accelerator }) => accelerator)).toEqual([
    'CmdOrCtrl+Shift+P',
    'Shift+F10',
    undefined,
    undefined,
  ]);
});

test('the Edit menu keeps what works in every field', () => {
  const [, edit] = menuTemplate(
    [{ label: 'Edit', items: [item('profile.undo', 'Ctrl+Z')] }],
    () => undefined,
  );
  expect(edit?.submenu).toMatchObject([
    { id: 'profile.undo' },
    { type: 'separator' },
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ]);
});
