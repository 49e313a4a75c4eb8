import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProfileContent } from '../shared/computer.ts';
import { inTree } from './journeys.ts';
import { launch } from './launch.ts';

/** An own fleet of one group, with one computer that nobody can reach. */
function oneGroup() {
  const userData = mkdtempSync(join(tmpdir(), 'pssm-dialogs-'));
  const file = join(userData, 'profile.json');
  const [groupId, id] = [randomUUID(), randomUUID()];
  const computer = { id, computerName: '127.0.0.1', groupIds: [groupId], tags: [], options: { port: 1 } };
  const groups = [{ id: groupId, name: 'Web farm', options: {} }];
  writeFileSync(file, JSON.stringify({ version: 3, groups, computers: [computer], views: [] }));
  return { userData, kept: () => JSON.parse(readFileSync(file, 'utf8')) as ProfileContent };
}

test('Ctrl+Enter accepts a dialog from each of its fields, with what is still typed there', async () => {
  const { userData, kept } = oneGroup();
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
