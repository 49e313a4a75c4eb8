import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { join, resolve } from 'node:path';
import {
  addComputers,
  choose,
  filterBox,
  filterBy,
  inTree,
  launchSample,
  openByMouse,
  rowOf,
  sessionsOf,
  signIn,
  sweepEnded,
} from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

/** Each run takes them; `SCREENSHOTS=docs/screenshots` takes those of the README anew. */
const SHOTS = resolve(import.meta.dirname, '..', process.env['SCREENSHOTS'] ?? 'test-results/screenshots');

async function shoot(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}.png`) });
  }
}

test('the main screens of a fleet, light and dark', async () => {
  const { app, page, errors } = await launchSample();
  await sweepEnded(page);
  await choose(rowOf(page, 'Ready, NightlyBackup on sql02'));
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('region', { name: 'Running' })).toContainText('Backup-SqlDatabase');
  await shoot(page, 'main');

  await filterBox(page).fill('state:"in use" own');
  await filterBox(page).press('End');
  await expect(page.getByRole('listbox', { name: 'Filter suggestions' })).toBeVisible();
  await shoot(page, 'filter');
  await filterBy(page, 'state:"in use"');
  await openByMouse(rowOf(page, 'In use, PatchTuesday on web04'));
  await expect(page.getByRole('dialog', { name: 'In use' })).toContainText('Restart-WebAppPool');
  await shoot(page, 'in-use');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await filterBy(page, 'computer:web*');
  await sessionsOf(page).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog').getByRole('grid', { name: 'Dry run' })).toBeVisible();
  await shoot(page, 'remove');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await filterBy(page, '');

  await choose(rowOf(page, 'Ready, NightlyBackup on sql02'));
  await page.keyboard.press('Enter');
  const output = page.getByRole('log', { name: 'Output' });
  await expect(output.getByText('8 of 8 databases done')).toBeVisible({ timeout: 30_000 });
  await shoot(page, 'console');
  await page.getByRole('button', { name: 'Hide console' }).click();

  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type('sql');
  await expect(page.getByRole('listbox', { name: 'Results' }).getByRole('option').nth(3)).toBeVisible();
  await shoot(page, 'palette');
  await page.keyboard.press('Escape');

  await inTree(page, 'Offline or failed').click();
  const card = page.getByRole('article', { name: /nothing listens on port 5985/ });
  await card.getByRole('button', { name: /^Unfold/ }).click();
  await expect(card.getByText('Enable-PSRemoting -Force')).toBeVisible();
  await shoot(page, 'errors');
  expect(errors).toEqual([]);
  await app.close();
});

test('the main screens of one’s own fleet, light and dark', async () => {
  const server = await startSimulatedServer();
  const launched = await launch();
  const { app, page, errors } = launched;
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  await shoot(page, 'first-run');

  await signIn(launched, server, () => addComputers(page, { text: `127.0.0.1:${server.port}` }));
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  await page.keyboard.press('Control+N');
  const add = page.getByRole('dialog', { name: 'Add computers' });
  await page.keyboard.type(`sql01 sql02.contoso.com 10.0.5.11 127.0.0.1:${server.port} web0/3 `);
  await expect(add.getByRole('button', { name: 'Add 3 computers' })).toBeVisible();
  await shoot(page, 'add');
  await add.getByRole('button', { name: 'Cancel' }).click();

  await inTree(page, 'Credentials').click();
  await page.getByRole('button', { name: 'New credential…' }).click();
  await page.keyboard.type('Branch admin');
  const account = { username: 'CONTOSO\\branch-admin', password: server.password };
  await signIn(launched, account, () => page.keyboard.press('Enter'), 'Add');
  await page.getByRole('grid', { name: 'Credentials' }).getByRole('row', { name: 'Branch admin' }).click();
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('Branch admin');
  await shoot(page, 'credentials');
  await page.keyboard.press('Control+,');
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await shoot(page, 'settings');
  expect(errors).toEqual([]);
  await app.close();
  await server.stop();
});
