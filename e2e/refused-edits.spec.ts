import { expect, test } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../electron/store/file-lock.ts';
import type { ProfileContent } from '../shared/computer.ts';
import { addComputers, choose, inTree, launchSample, rowOf } from './journeys.ts';
import { launch } from './launch.ts';

test('a dialog whose edit cannot be saved stays with what was typed, says why, and is accepted later', async () => {
  const { app, page, userData } = await launch();
  const file = join(userData, 'profile.json');
  mkdirSync(file); // in the way
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  await page.keyboard.press('Control+Shift+N');
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await dialog.getByLabel('Name', { exact: true }).fill('Web farm');
  await dialog.getByRole('button', { name: 'Add group' }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue('Web farm');
  // Where it was clicked, and so Esc still closes it.
  await expect(dialog.getByRole('button', { name: 'Add group' })).toBeFocused();
  rmdirSync(file);
  await dialog.getByRole('button', { name: 'Add group' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(inTree(page, 'Web farm')).toBeVisible();

  await page.getByRole('tree').focus();
  await page.keyboard.press('Alt+Enter');
  const edit = page.getByRole('dialog', { name: 'Edit Web farm' });
  await edit.getByLabel('Notes').fill('behind the old switch');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toHaveCount(0);
  await expect(page.getByRole('tree')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(page.getByText('Removed group Web farm.')).toBeVisible();
  await app.close();
});

test('what is edited and taken away meanwhile by another process is told, and nothing looks frozen', async () => {
  const { app, page, userData } = await launch();
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  await page.keyboard.press('Control+Shift+N');
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await dialog.getByLabel('Name', { exact: true }).fill('Web farm');
  await dialog.getByRole('button', { name: 'Add group' }).click();
  await inTree(page, 'Web farm').click();
  await page.getByRole('tree').focus();
  await page.keyboard.press('Alt+Enter');
  await page.getByRole('dialog', { name: 'Edit Web farm' }).getByLabel('Notes').fill('lost');
  const file = join(userData, 'profile.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), groups: [] }));
  const gone = page.getByRole('dialog', { name: 'This group is not there any more' });
  await expect(gone).toContainText('Nothing was saved');
  await gone.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await app.close();
});

test('of two acts on one computer while the disk is slow both stand, and what another process wrote beside them', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'pssm-slow-disk-'));
  const file = join(userData, 'profile.json');
  const [web, idle] = [randomUUID(), randomUUID()];
  const computer = { id: idle, computerName: 'idle-1', groupIds: [web], tags: [], options: {} };
  const groups = [{ id: web, name: 'Web farm', options: {} }];
  writeFileSync(file, JSON.stringify({ version: 3, groups, computers: [computer], views: [] }));
  const kept = () => (JSON.parse(readFileSync(file, 'utf8')) as ProfileContent).computers;
  const { app, page, errors } = await launch({ userData });
  await inTree(page, 'Web farm').click();
  await page.keyboard.press('ArrowRight');
  await expect(inTree(page, 'idle-1')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  const choose = async (name: string) => {
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name }).click();
  };
  await withLock(file, async () => {
    await choose('Take out of this group');
    await choose('Add to favourites');
    // The lock is another process's, so this is, too.
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"tags":[]', '"tags":["theirs"],"notes":"theirs"'),
    );
    await page.waitForTimeout(500);
    expect(kept()).toMatchObject([{ groupIds: [web] }]);
  });
  const both = { ...computer, groupIds: [], favourite: true, tags: ['theirs'], notes: 'theirs' };
  await expect.poll(kept).toEqual([both]);
  await expect(page.getByRole('status', { name: 'Last edit' })).toContainText('Added idle-1 to favourites');
  await page.keyboard.press('Control+Z');
  await page.keyboard.press('Control+Z');
  await expect.poll(kept).toEqual([{ ...computer, tags: both.tags, notes: both.notes }]);
  expect(errors).toEqual([]);
  await app.close();
});

test('of computers that were added together those to be corrected stay in the field', async () => {
  const { app, page } = await launch();
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  await addComputers(page, { text: '127.0.0.1:1 bad_name! nope:99999' });
  const dialog = page.getByRole('dialog', { name: 'Add computers' });
  await expect(dialog.getByText('1 computer added. 2 to correct.')).toBeVisible();
  await expect(dialog.getByRole('list', { name: 'Read as' }).getByRole('listitem')).toHaveText([
    /^bad_name!/,
    /^nope:99999/,
  ]);
  await expect(dialog.getByLabel('Names, addresses or connection URIs')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(inTree(page, '127.0.0.1')).toBeVisible();
  await app.close();
});

test('a group’s new name that is taken stays in the field, to be corrected', async () => {
  const { app, page } = await launchSample();
  await inTree(page, 'Database').click();
  await page.keyboard.press('F2');
  await page.keyboard.type('Application');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Application');
  const field = page.getByRole('textbox', { name: 'Name of Database' });
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('Application');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.type('s');
  await page.keyboard.press('Enter');
  await expect(inTree(page, 'Applications')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('tree')).toBeFocused();
  await app.close();
});

test('after a click on a choice the keys still act: arrows move, Enter accepts', async () => {
  const { app, page } = await launchSample();
  await inTree(page, 'Database').click();
  await page.keyboard.press('ArrowRight');
  await inTree(page, 'sql01').click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Add to group…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add 2 computers to group' });
  await expect(dialog).toContainText('They stay where they stand, too.');
  const options = dialog.getByRole('option');
  await options.nth(2).click();
  await page.keyboard.press('ArrowUp');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status', { name: 'Last edit' })).toContainText('Added 2 computers to');
  await app.close();
});

test('Delete on what only force can remove says so', async () => {
  const { app, page } = await launchSample();
  await choose(rowOf(page, /^In use, /).first());
  await page.keyboard.press('Delete');
  await expect(page.getByRole('status', { name: 'Why not' })).toHaveText(
    'Remove: these can only be removed by force.',
  );
  await page.keyboard.press('Escape');
  await expect(page.getByRole('status', { name: 'Why not' })).toBeEmpty();
  await app.close();
});
