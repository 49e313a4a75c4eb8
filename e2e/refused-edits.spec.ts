import { expect, test } from '@playwright/test';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTree } from './journeys.ts';
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
