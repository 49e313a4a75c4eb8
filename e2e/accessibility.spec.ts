import { expect, test } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { addComputers, choose, inTree, openByMouse, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

test('axe finds nothing on any screen of a fleet: table, filter, console, failures, questions', async () => {
  test.setTimeout(180_000);
  const { app, page, errors } = await launch({ args: ['--sample'] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await choose(rowOf(page, 'Ready, NightlyBackup on sql02'));
  await expect(page.getByRole('region', { name: 'Running' })).toContainText('Backup-SqlDatabase');
  await expectAccessible(page, 'sessions with details');

  await page.keyboard.press('Control+F');
  await page.keyboard.type('state:disconnected sta');
  await expect(page.getByRole('listbox', { name: 'Filter suggestions' })).toBeVisible();
  await expectAccessible(page, 'filter with suggestions');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('nothing-like-it ');
  await expect(page.getByText(/^None of \d+ match/)).toBeVisible();
  await expectAccessible(page, 'no match');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('idle:2h ');
  await expect(page.getByRole('alert')).toBeVisible();
  await expectAccessible(page, 'a filter that is not understood');
  await page.keyboard.press('Escape');

  await openByMouse(rowOf(page, 'Ready, NightlyBackup on sql02'));
  await expect(page.getByRole('log', { name: 'Output' })).toContainText('CONTOSO_');
  await expectAccessible(page, 'console');
  await page.getByRole('button', { name: 'Hide console' }).click();

  await page.getByRole('row', { name: /^Web front ends, / }).click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+A');
  await expectAccessible(page, 'many selected');
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog', { name: /^Remove \d+ sessions/ })).toBeVisible();
  await expectAccessible(page, 'remove');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page, 'menu of a row');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Columns' }).click();
  await expect(page.getByRole('menu', { name: 'Columns' })).toBeVisible();
  await expectAccessible(page, 'columns');
  await page.keyboard.press('Escape');

  await page.getByRole('combobox', { name: 'Filter sessions' }).fill('state:"in use"');
  await openByMouse(rowOf(page, /^In use, /).first());
  await expect(page.getByRole('dialog', { name: 'In use' })).toBeVisible();
  await expectAccessible(page, 'in use');
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('sql');
  await expect(page.getByRole('option').first()).toBeVisible();
  await expectAccessible(page, 'palette');
  await page.keyboard.press('Escape');
  for (const [key, name] of [
    ['Control+,', 'Settings'],
    ['F1', 'Keyboard shortcuts'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    await expectAccessible(page, name);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('F10');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menu', { name: 'File' })).toBeVisible();
  await expectAccessible(page, 'menu bar');
  await page.keyboard.press('Escape');

  await inTree(page, 'Offline or failed').click();
  await expect(page.getByRole('article').first()).toBeVisible();
  await expectAccessible(page, 'errors');
  expect(errors).toEqual([]);
  await app.close();
});

test('axe finds nothing on any screen where one’s own fleet is kept, nor where a password is typed', async () => {
  test.setTimeout(180_000);
  const server = await startSimulatedServer();
  const launched = await launch();
  const { app, page, errors } = launched;
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  await expectAccessible(page, 'first run');

  await page.keyboard.press('Control+Shift+N');
  await page.keyboard.type('Branch offices');
  await expectAccessible(page, 'new group');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('Control+N');
  const add = page.getByRole('dialog', { name: 'Add computers' });
  await page.keyboard.type(`web01 web0/2 [::1]:${server.port} web01 `);
  await add.getByRole('button', { name: 'Options', exact: true }).click();
  await expectAccessible(page, 'add computers');
  await add.getByRole('button', { name: 'Cancel' }).click();

  const [asking] = await Promise.all([
    app.waitForEvent('window'),
    addComputers(page, { text: `127.0.0.1:${server.port}` }),
  ]);
  await expectAccessible(asking, 'password window');
  await Promise.all([asking.waitForEvent('close'), asking.keyboard.press('Escape').catch(() => undefined)]);
  await expect(page.getByText('1 computer waits for a password')).toBeVisible();
  await expectAccessible(page, 'a computer that waits');

  await page.getByRole('tree').focus();
  await page.keyboard.press('Alt+Enter');
  await expect(page.getByRole('dialog', { name: 'Edit Branch offices' })).toBeVisible();
  await expectAccessible(page, 'edit group');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('tree').focus();
  await page.keyboard.press('ArrowRight');
  const inGroup = page.getByRole('treeitem', { name: '127.0.0.1' }).last();
  await expect(inGroup).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Alt+Enter');
  const edit = page.getByRole('dialog', { name: 'Edit 127.0.0.1' });
  await edit.getByRole('button', { name: 'Options', exact: true }).click();
  await expectAccessible(page, 'edit computer');
  await edit.getByLabel('Notes').fill('in the cellar');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await expectAccessible(page, 'what was done, with its undo');

  await inTree(page, 'Credentials').click();
  await expectAccessible(page, 'no credential');
  await page.getByRole('button', { name: 'New credential…' }).click();
  await page.keyboard.type('Branch admin');
  await expectAccessible(page, 'new credential');
  await signIn(launched, server, () => page.keyboard.press('Enter'), 'Add');
  await page.getByRole('grid', { name: 'Credentials' }).getByRole('row', { name: 'Branch admin' }).click();
  await expectAccessible(page, 'credentials');
  for (const name of ['Assign to…', 'Test on…', 'Delete credential…']) {
    await page.getByRole('button', { name }).last().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, name);
    await page.keyboard.press('Escape');
  }
  expect(errors).toEqual([]);
  await app.close();
  await server.stop();
});
