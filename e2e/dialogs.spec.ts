import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProfileContent } from '../shared/computer.ts';
import { inTree } from './journeys.ts';
import { launch } from './launch.ts';

/** An own fleet of one group, with computers of one address that nobody can reach. */
function oneGroup(...ports: readonly number[]) {
  const userData = mkdtempSync(join(tmpdir(), 'pssm-dialogs-'));
  const file = join(userData, 'profile.json');
  const groupId = randomUUID();
  const computers = ports.map((port) => ({
    ...{ id: randomUUID(), computerName: '127.0.0.1', groupIds: [groupId] },
    ...{ tags: [], options: { port } },
  }));
  const groups = [{ id: groupId, name: 'Web farm', options: {} }];
  writeFileSync(file, JSON.stringify({ version: 3, groups, computers, views: [] }));
  return { userData, kept: () => JSON.parse(readFileSync(file, 'utf8')) as ProfileContent };
}

test('Ctrl+Enter accepts a dialog from each of its fields, with what is still typed there', async () => {
  const { userData, kept } = oneGroup(1);
  const { app, page } = await launch({ userData });
  await expect(inTree(page, 'Web farm')).toBeVisible();
  const dialog = page.getByRole('dialog');
  const accept = async (from: Locator, typed = '') => {
    await from.focus();
    await page.keyboard.type(typed);
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toHaveCount(0);
  };
  const adding = async (port: number) => {
    await page.keyboard.press('Control+N');
    await dialog.getByLabel('Names, addresses or connection URIs').fill(`127.0.0.1:${port} `);
  };
  await adding(2);
  await accept(dialog.getByRole('button', { name: 'Remove 127.0.0.1' }));
  await adding(3);
  await accept(dialog.getByLabel('Group', { exact: true }));
  await adding(4);
  await accept(dialog.getByLabel('Tags', { exact: true }), 'fresh');
  await expect.poll(() => kept().computers.map(({ tags }) => tags)).toEqual([[], [], [], ['fresh']]);

  await inTree(page, 'Web farm').click();
  await page.keyboard.press('Alt+Enter');
  await accept(dialog.getByLabel('Notes'), 'of the web');
  await expect.poll(() => kept().groups).toMatchObject([{ notes: 'of the web' }]);
  await page.keyboard.press('Control+Shift+N');
  await dialog.getByLabel('Name', { exact: true }).fill('Below');
  await accept(dialog.getByLabel('Stands in'));
  await expect.poll(() => kept().groups).toHaveLength(2);

  await page.keyboard.press('Control+Shift+N');
  await dialog.getByLabel('Name', { exact: true }).fill('Never');
  await dialog.getByRole('button', { name: 'Cancel' }).focus();
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  expect(kept().groups).toHaveLength(2);
  await app.close();
});

test('two on one host are told apart by their ports wherever one of them is named', async () => {
  const { userData } = oneGroup(1, 2);
  const { app, page } = await launch({ userData });
  await inTree(page, 'Web farm').click();
  await page.keyboard.press('ArrowRight');
  await inTree(page, '127.0.0.1:1').click();
  const dialog = page.getByRole('dialog');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem', { name: 'Remove 127.0.0.1:1 from the list' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Run diagnostics of 127.0.0.1:1' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+Enter');
  await expect(dialog).toHaveAccessibleName('Edit 127.0.0.1:1');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await page.keyboard.press('Control+N');
  await dialog.getByLabel('Names, addresses or connection URIs').fill('127.0.0.1:3 127.0.0.1:4 ');
  await dialog.getByRole('button', { name: 'Remove 127.0.0.1:3' }).click();
  await expect(dialog.getByRole('button', { name: 'Remove 127.0.0.1', exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();

  await inTree(page, 'Offline or failed').click();
  const failed = page.getByRole('region', { name: 'Failed computers' });
  await expect(failed).toContainText('2 of 2 computers wait for a password');
  await inTree(page, '127.0.0.1:2').click();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('status', { name: 'Last edit' })).toContainText('Removed 127.0.0.1:2.');
  await app.close();
});
