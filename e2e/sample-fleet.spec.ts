import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { choose, openByMouse, rowOf, sessionsOf } from './journeys.ts';
import { launch } from './launch.ts';

const BADGES = ['Available', 'Busy', 'Ready', 'In use', 'Broken', 'Closed', 'Unreadable', 'Other'];

test('first start: two cards, and the sample fleet with every badge', async () => {
  const launched = await launch();
  const { app, page, errors } = launched;
  const firstRun = page.getByRole('region', { name: 'First run' });
  await expect(firstRun.getByRole('button', { name: 'Add computers' })).toBeVisible();
  await firstRun.getByRole('button', { name: 'Try with a sample fleet' }).click();
  for (const word of BADGES) {
    await page.getByRole('combobox', { name: 'Filter sessions' }).fill(word);
    await expect(rowOf(page, new RegExp(`^${word}, `)).first()).toBeVisible();
  }
  const group = page.getByRole('treeitem', { name: 'Web front ends', expanded: false });
  await group.dblclick();
  await expect(page.getByRole('treeitem', { name: 'web07' })).toBeVisible();
  await page.getByRole('button', { name: 'Leave the sample fleet' }).click();
  await expect(firstRun).toBeVisible();
  expect(errors).toEqual([]);
  await app.close();
});

test('the keyboard alone: arrows, details, filter, a question, back to the row', async () => {
  const { app, page } = await launch({ args: ['--sample'] });
  await expect(rowOf(page, 'Broken, Deploy-2211 on web06')).toBeVisible();
  await page.keyboard.press('Control+F');
  await page.keyboard.type('sql02');
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText(/^2 of \d+$/);
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('treegrid', { name: 'Sessions' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(rowOf(page, /IndexRebuild/)).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('IndexRebuild');
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog', { name: 'Remove 1 session on 1 computer?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sessionsOf(page)).toBeFocused();
  await page.keyboard.press('Space');
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeHidden();
  await app.close();
});

test('a session in use is never stolen: who is in it, and force only by typing', async () => {
  const { app, page } = await launch({ args: ['--sample'] });
  await openByMouse(rowOf(page, 'In use, PatchTuesday on web04'));
  const inUse = page.getByRole('dialog', { name: 'In use' });
  await expect(inUse).toContainText('CONTOSO\\ann is in this session from 10.0.4.17');
  await inUse.getByRole('button', { name: 'Force remove…' }).click();
  const question = page.getByRole('dialog', { name: 'Force remove 1 session on 1 computer?' });
  const remove = question.getByRole('button', { name: 'Force remove 1' });
  await expect(remove).toBeDisabled();
  await question.getByLabel('Type remove 1').fill('remove 1');
  await remove.click();
  await expect(rowOf(page, /PatchTuesday on web04/)).toHaveCount(0);
  await app.close();
});

test('a console that is opened has its tab in sight, and a wheel leads to those that have no room', async () => {
  const { app, page } = await launch({ args: ['--sample'] });
  await page.setViewportSize({ width: 1000, height: 800 });
  await openByMouse(rowOf(page, 'Ready, NightlyBackup on sql02'));
  const tab = page.getByRole('tab', { name: /NightlyBackup/, selected: true });
  await expect(tab).toBeInViewport({ ratio: 0.9 });
  await tab.hover();
  const first = page.getByRole('tab').first();
  await expect(first).not.toBeInViewport({ ratio: 0.9 });
  await page.mouse.wheel(0, -3_000);
  await expect(first).toBeInViewport({ ratio: 0.9 });
  await app.close();
});

test('what runs in a session is told when it is looked at, and decides whether it can be connected', async () => {
  const { app, page } = await launch({ args: ['--sample'] });
  const details = page.getByRole('complementary', { name: 'Details' });
  const running = details.getByRole('region', { name: 'Running' });
  const connect = details.getByRole('button', { name: 'Connect and receive' });
  await choose(rowOf(page, 'Ready, NightlyBackup on sql02'));
  await expect(running).toContainText('Backup');
  await expect(connect).toBeVisible();
  await choose(rowOf(page, /ConsistencyCheck on sql06/));
  await expect(details).toContainText('It runs two commands or more.');
  await expect(connect).toBeHidden();
  await expect(rowOf(page, 'Unreadable, ConsistencyCheck on sql06')).toBeVisible();
  await choose(rowOf(page, /Session4 on app04/));
  await expect(details).toContainText('Its commands could not be read.');
  await expect(connect).toBeHidden();
  await app.close();
});

test('a second start brings the window of the first to the front, with the sample fleet if that is asked for', async () => {
  const { app, page } = await launch();
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  const executable = app.process().spawnfile;
  const second = spawn(executable, [...app.process().spawnargs.slice(1).filter(isOurs), '--sample'], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [said] = (await once(second.stdout, 'data')) as [Buffer];
  expect(String(said)).toContain('runs already');
  await once(second, 'exit');
  await expect(rowOf(page, 'Broken, Deploy-2211 on web06')).toBeVisible();
  await app.close();
});

/** What the first was started with, but for Playwright's own. */
const isOurs = (argument: string) => !/inspect|remote-debugging|loader|^-r$/.test(argument);
