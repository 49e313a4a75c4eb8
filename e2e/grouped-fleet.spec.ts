import type { Bridge } from '../renderer/api.ts';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { addComputers, filterBox, inTree, rowOf, sessionsOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

/** Takes connections, and says nothing. */
async function startSilence(): Promise<{ server: Server; address: string }> {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function addGroup(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Shift+N');
  const dialog = page.getByRole('dialog', { name: 'New group' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Add group' }).click();
  await expect(inTree(page, name)).toHaveAttribute('aria-selected', 'true');
}

const shown = (page: Page) => page.getByRole('status', { name: 'Shown' });
const splitter = (page: Page, name: string) => page.getByRole('separator', { name });

test('from the first start to a group that is asked: rows stream in, nobody waits for the silent and the dead; a restart finds all as it was left', async () => {
  test.setTimeout(120_000);
  const quick = await startSimulatedServer({ computers: 6 });
  const slow = await startSimulatedServer({ latencyMs: 700, password: quick.password });
  const silence = await startSilence();
  const launched = await launch();
  const { page, userData, errors } = launched;
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  await addGroup(page, 'Branch offices');
  const text = [silence.address, ...quick.addresses, slow.addresses[0], '127.0.0.1:1'].join(', ');
  await signIn(launched, quick, () => addComputers(page, { text }));

  // Those that answer are there while the slow one and the silent one are still asked.
  await expect(rowOf(page, /^Ready, NightlyBackup on 127\.0\.0\.1/).first()).toBeVisible();
  const sweep = page.getByRole('progressbar', { name: 'Sweep' });
  await expect(sweep).toHaveAttribute('max', '9');
  expect(await sweep.evaluate((one: HTMLProgressElement) => one.value)).toBeLessThan(9);
  const stop = page.getByRole('button', { name: 'Stop asking' });
  await expect(stop).toBeVisible();
  await expect.poll(() => sweep.evaluate((one: HTMLProgressElement) => one.value)).toBe(8);
  await expect(page.getByRole('button', { name: '1 failed' })).toBeVisible();
  await stop.click();
  await expect(stop).toHaveCount(0); // whom nobody waits for any more has not failed
  await expect(page.getByRole('button', { name: '1 failed' })).toBeVisible();
  await inTree(page, 'Offline or failed').click();
  for (const title of [/nothing listens on port 1/, /not asked to the end|stopped/])
    await expect(page.getByRole('article', { name: title })).toBeVisible();
  await inTree(page, 'Branch offices').click();

  // A name for what the filter says.
  await filterBox(page).fill('name:night*');
  await expect(shown(page)).toHaveText(/^2 of \d+$/);
  await page.getByRole('button', { name: 'Save view' }).click();
  const save = page.getByRole('dialog', { name: 'Save view' });
  await save.getByLabel('Name').fill('Backups');
  await save.getByRole('button', { name: 'Save view' }).click();
  await expect(inTree(page, 'Backups')).toHaveAttribute('aria-selected', 'true');
  await expect(shown(page)).toHaveText('2 of 2');

  // How it is looked at.
  await inTree(page, 'Branch offices').click();
  const head = (one: Page, name: string) => sessionsOf(one).getByRole('columnheader', { name });
  await head(page, 'Name').click();
  await head(page, 'Name').click();
  await expect(head(page, 'Name')).toHaveAttribute('aria-sort', 'descending');
  await splitter(page, 'Resize computers').press('ArrowRight');
  await splitter(page, 'Resize details').press('ArrowLeft');
  await inTree(page, 'Branch offices').dblclick();
  await expect(inTree(page, 'Branch offices')).toHaveAttribute('aria-expanded', 'true');
  const sizeOf = (one: Page, name: string) => splitter(one, name).getAttribute('aria-valuenow');
  const sizes = [await sizeOf(page, 'Resize computers'), await sizeOf(page, 'Resize details')];
  expect(sizes).toEqual(['268', '296']);
  expect(errors).toEqual([]);
  // How it is looked at is written half a second later.
  await expect
    .poll(() => readFileSync(join(userData, 'settings.json'), 'utf8'))
    .toMatch(/"expanded": \[\s*"/);
  await launched.app.close();

  const again = await launch({ userData });
  await again.page.setViewportSize({ width: 1440, height: 900 });
  await expect(inTree(again.page, 'Branch offices')).toHaveAttribute('aria-selected', 'true');
  await expect(inTree(again.page, 'Branch offices')).toHaveAttribute('aria-expanded', 'true');
  await expect(inTree(again.page, 'Backups')).toBeVisible();
  await expect(head(again.page, 'Name')).toHaveAttribute('aria-sort', 'descending');
  expect([await sizeOf(again.page, 'Resize computers'), await sizeOf(again.page, 'Resize details')]).toEqual(
    sizes,
  );
  await expect(again.page.getByText('9 computers wait for a password')).toBeVisible();
  await again.app.close();
  silence.server.close();
  await Promise.all([quick.stop(), slow.stop()]);
});

test('an answer comes after the news of what was asked for, also to a busy page', async () => {
  const { app, page } = await launch();
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  // Another edit each time, of which the news is far longer than the answer.
  const overtook = await page.evaluate(async () => {
    const { bridge } = window as unknown as { bridge: Bridge };
    let heard = 0;
    bridge.on('profile.patched', () => heard++);
    const notes = 'n'.repeat(2_000);
    let count = 0;
    for (let i = 1; i <= 60; i++) {
      const computer = {
        id: crypto.randomUUID(),
        computerName: `srv${i}`,
        groupIds: [],
        options: {},
        tags: [],
      };
      const edit = { label: 'Add', put: { computers: [{ ...computer, notes }] }, remove: {} };
      const answer = bridge.invoke('profile.edit', edit);
      const busyUntil = performance.now() + 15;
      while (performance.now() < busyUntil);
      await answer;
      if (heard < i) count++;
    }
    return count;
  });
  expect(overtook).toBe(0);
  await app.close();
});

test('every edit can be undone and done again, by its button and by keys', async () => {
  const { app, page, errors } = await launch();
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  await addGroup(page, 'Staging');
  await page.keyboard.press('Control+Shift+N');
  await page.getByRole('dialog').getByLabel('Stands in').selectOption('The top');
  await page.getByRole('dialog').getByLabel('Name').fill('Production');
  await page.keyboard.press('Enter');
  await expect(inTree(page, 'Production')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Control+N');
  await page.keyboard.type('web01 web02 ');
  await page.keyboard.press('Escape'); // a draft, kept
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('tree').focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('Live');
  await page.keyboard.press('Enter');
  await expect(inTree(page, 'Live')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(inTree(page, 'Production')).toBeVisible();
  await expect(page.getByRole('status', { name: 'Last edit' })).toContainText('Undone: Rename group');
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(inTree(page, 'Live')).toBeVisible();
  await page.keyboard.press('Control+Z');
  await expect(inTree(page, 'Production')).toBeVisible();
  await page.keyboard.press('Control+Y');
  await expect(inTree(page, 'Live')).toBeVisible();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+Z');
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+Shift+Z');
  await expect(inTree(page, 'Live')).toBeVisible();
  await expect(inTree(page, 'Staging')).toBeVisible();

  await inTree(page, 'Live').click();
  await page.keyboard.press('Delete');
  await expect(inTree(page, 'Live')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(inTree(page, 'Live')).toBeVisible();
  expect(errors).toEqual([]);
  await app.close();
});
