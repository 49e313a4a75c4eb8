import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowOf } from './journeys.ts';
import { launch } from './launch.ts';

/** A folder with a saved profile: two groups, three computers that nobody can sign in to yet. */
function savedProfile(): string {
  const userData = mkdtempSync(join(tmpdir(), 'pssm-window-'));
  const group = (name: string, parentId?: string) => ({
    id: randomUUID() as string,
    name,
    options: {},
    ...(parentId && { parentId }),
  });
  const production = group('Production');
  const web = group('Web front ends', production.id);
  const computers = ['web01', 'web02', 'web10'].map((computerName) => ({
    id: randomUUID() as string,
    computerName,
    groupIds: [web.id],
    options: {},
    tags: [],
  }));
  const profile = { version: 2, groups: [production, web, group('Staging')], computers, views: [] };
  writeFileSync(join(userData, 'profile.json'), JSON.stringify(profile));
  return userData;
}

const item = (page: Page, name: string) =>
  page.getByRole('tree', { name: 'Computers' }).getByRole('treeitem', { name, exact: true });

const saved = (userData: string) =>
  JSON.parse(readFileSync(join(userData, 'profile.json'), 'utf8')) as {
    groups: { name: string }[];
    computers: { computerName: string; groupIds: string[]; options: object; tags: string[] }[];
  };

test('the tree by the keyboard alone: open, rename, move, edit several, remove', async () => {
  const userData = savedProfile();
  const { app, page, errors } = await launch({ userData });
  await item(page, 'Production').click();
  await page.keyboard.press('ArrowDown');
  await expect(item(page, 'Web front ends')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowRight');
  await expect(item(page, 'Web front ends')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('F2');
  await page.keyboard.type('Web farm');
  await page.keyboard.press('Enter');
  await expect(item(page, 'Web farm')).toBeVisible();

  await page.keyboard.type('web1'); // goes on by letters
  await expect(item(page, 'web10')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Move to group…' }).click();
  const question = page.getByRole('dialog', { name: 'Move web10 to group' });
  await page.keyboard.type('stag');
  await expect(question.getByRole('option', { name: 'Staging' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Moved web10 to Staging.')).toBeVisible();
  await expect(page.getByRole('tree')).toBeFocused();

  await item(page, 'web01').click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Alt+Enter');
  const edit = page.getByRole('dialog', { name: 'Edit 2 computers' });
  await edit.getByRole('button', { name: 'Options', exact: true }).click();
  await edit.getByLabel('Port', { exact: true }).fill('5999');
  await edit.getByLabel('Tags', { exact: true }).fill('prod ');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect
    .poll(() => saved(userData).computers.map(({ options, tags }) => ({ options, tags })))
    .toEqual([
      { options: { port: 5999 }, tags: ['prod'] },
      { options: { port: 5999 }, tags: ['prod'] },
      { options: {}, tags: [] },
    ]);

  await item(page, 'Web farm').click();
  await page.keyboard.press('Delete');
  await expect(page.getByText('Removed group Web farm.')).toBeVisible(); // not asked: it can be undone
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(item(page, 'Web farm')).toHaveCount(0);
  expect(saved(userData).groups.map(({ name }) => name)).toEqual(['Production', 'Staging']);
  expect(saved(userData).computers).toHaveLength(3);
  expect(errors).toEqual([]);
  await app.close();
});

test('a drag moves a computer, and its draft outlives Esc', async () => {
  const userData = savedProfile();
  const { app, page } = await launch({ userData });
  await item(page, 'Web front ends').dblclick();
  await item(page, 'web02').dragTo(item(page, 'Staging'));
  await expect(page.getByText('Moved web02 to Staging.')).toBeVisible();

  await item(page, 'web01').click();
  await page.keyboard.press('Alt+Enter');
  await page.getByLabel('Notes').fill('behind the old switch');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('tree')).toBeFocused();
  await page.keyboard.press('Alt+Enter');
  await expect(page.getByLabel('Notes')).toHaveValue('behind the old switch');
  await app.close();
});

test('the palette finds a session and goes to it, a command and runs it', async () => {
  const { app, page, errors } = await launch({ args: ['--sample'] });
  await expect(rowOf(page, 'Broken, Deploy-2211 on web06')).toBeVisible();
  await page.keyboard.press('Control+Shift+P');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await page.keyboard.type('@indexreb');
  const results = palette.getByRole('listbox', { name: 'Results' });
  await expect(results.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(palette).toHaveCount(0);
  await expect(rowOf(page, /IndexRebuild/)).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('>offline');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Failed computers' })).toBeVisible();

  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('assign to');
  await expect(results.getByRole('option').first()).toHaveAttribute('aria-disabled', 'true');
  await expect(results).toContainText('The sample fleet needs none');
  await page.keyboard.press('Escape');

  await page.keyboard.press('F10');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menu', { name: 'Edit' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Command palette');
  expect(errors).toEqual([]);
  await app.close();
});
