import { expect, test } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Profile } from '../shared/computer.ts';
import { addComputers, inTree, outputOf, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';
import type { SimulatedServer } from './simulated-server.ts';

let server: SimulatedServer;
test.beforeEach(async () => {
  server = await startSimulatedServer();
});
test.afterEach(() => server.stop());

test('add a computer, take up a session and read it once and whole, leave it, remove it', async () => {
  const launched = await launch();
  const { app, page, errors } = launched;
  await signIn(launched, server, () => addComputers(page, { text: `127.0.0.1:${server.port}` }));
  await rowOf(page, 'Ready, NightlyBackup on 127.0.0.1').dblclick();
  const log = page.getByRole('log', { name: 'Output' });
  await expect(log.getByText('8 of 8 databases done')).toBeVisible({ timeout: 40_000 });
  await expect(rowOf(page, 'Available, NightlyBackup on 127.0.0.1')).toBeVisible();
  const lines = await outputOf(launched);
  const times = (text: string) => lines.filter((line) => line.includes(text)).length;
  expect(times('8 of 8 databases done')).toBe(1);
  for (let extent = 1; extent <= 36; extent++)
    expect(times(`CONTOSO_CRM: extent ${extent} of 36 read`)).toBe(1);

  await page
    .getByRole('toolbar', { name: 'Session actions' })
    .getByRole('button', { name: 'Disconnect' })
    .click();
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();

  await rowOf(page, /NightlyBackup/).click();
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: 'Remove 1 session on 1 computer?' });
  await question.getByRole('button', { name: 'Remove 1' }).click();
  await expect(rowOf(page, /NightlyBackup/)).toHaveCount(0);
  await page.keyboard.press('F5');
  await expect(rowOf(page, 'Ready, IndexRebuild on 127.0.0.1')).toBeVisible();
  await expect(rowOf(page, /NightlyBackup/)).toHaveCount(0);
  expect(errors).toEqual([]);
  await app.close();
});

test('the first add by Enter on its button leaves the focus in the panes, also when no password is given', async () => {
  const { app, page } = await launch();
  await page.getByRole('button', { name: 'Add computers' }).first().focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Add computers' });
  await dialog.getByLabel('Names, addresses or connection URIs').fill(`127.0.0.1:${server.port}`);
  await dialog.getByRole('button', { name: 'Add 1 computer' }).focus();
  const [asking] = await Promise.all([app.waitForEvent('window'), page.keyboard.press('Enter')]);
  const closed = asking.waitForEvent('close');
  await asking
    .getByRole('button', { name: 'Cancel' })
    .click()
    .catch(() => undefined);
  await closed;
  await expect(dialog).toHaveCount(0);
  await expect(page.locator('#pane-table')).toBeFocused();
  await app.close();
});

test('a wrong password costs one attempt, says so, and is asked for again only on demand', async () => {
  const launched = await launch();
  const { app, page } = launched;
  const wrong = { username: server.username, password: 'not this one' };
  await signIn(launched, wrong, () => addComputers(page, { text: `127.0.0.1:${server.port}` }));
  await page.getByRole('treeitem', { name: 'Offline or failed' }).click();
  const card = page.getByRole('article').filter({ hasText: '127.0.0.1' });
  await expect(card.getByRole('button', { name: 'Sign in…' })).toBeVisible();
  await page.keyboard.press('F5');
  await expect(card.getByRole('heading', { name: /waits for the password/ })).toBeVisible();
  expect(await server.refusedLogins()).toBe(1);
  await signIn(launched, server, () => card.getByRole('button', { name: 'Sign in…' }).click());
  await page.getByRole('treeitem', { name: 'All computers' }).click();
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  expect(await server.refusedLogins()).toBe(1);
  await app.close();
});

test('an account that could not be sent is no dead end: it is asked for again', async () => {
  const launched = await launch();
  const { page } = launched;
  const colon = { ...server, username: 'lab:alice' }; // which Basic cannot carry
  const addition = { text: `127.0.0.1:${server.port}`, basic: true };
  await signIn(launched, colon, () => addComputers(page, addition));
  await page.getByRole('treeitem', { name: 'Offline or failed' }).click();
  const card = page.getByRole('article').filter({ hasText: '127.0.0.1' });
  await expect(card.getByRole('heading', { name: /with a colon/ })).toBeVisible();
  await expect(card.getByRole('button', { name: 'Retry' })).toBeVisible();
  await signIn(launched, server, () => card.getByRole('button', { name: 'Sign in…' }).click());
  await page.getByRole('treeitem', { name: 'All computers' }).click();
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  await launched.app.close();
});

test('a dead computer beside a live one: rows of the one, a sentence and a remedy for the other', async () => {
  const launched = await launch();
  const { app, page } = launched;
  const text = `127.0.0.1:1, 127.0.0.1:${server.port}`;
  await signIn(launched, server, () => addComputers(page, { text }));
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  await page.getByRole('button', { name: 'Show why' }).click();
  const card = page.getByRole('article').first();
  await expect(card.getByRole('region', { name: 'Causes' }).getByRole('list')).toBeVisible();
  await expect(card.getByRole('region', { name: 'Remedy' })).toBeVisible();
  await expect(card.getByRole('button', { name: 'Retry' })).toBeVisible();
  await app.close();
});

test('computers are kept, passwords are not: after a restart it waits for one', async () => {
  const launched = await launch();
  await signIn(launched, server, () => addComputers(launched.page, { text: `127.0.0.1:${server.port}` }));
  await expect(rowOf(launched.page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  await launched.app.close();
  const again = await launch({ userData: launched.userData });
  await expect(again.page.getByText('1 computer waits for a password')).toBeVisible();
  const line = inTree(again.page, '127.0.0.1');
  await expect(line).toHaveAccessibleDescription('waits for a password');
  await expect(line).toHaveAttribute('title', '127.0.0.1 waits for a password');
  // Where no vault can be had it is said, not hidden.
  await expect(again.page.getByRole('contentinfo', { name: 'Status bar' })).toContainText(
    /Passwords: in memory only|Vault: /,
  );
  await inTree(again.page, 'Credentials').click();
  await expect(again.page.getByRole('note')).toContainText(/^Kept in /);
  await again.app.close();
});

test('the password window closes once nobody waits for its answer: the computer is gone, or asked otherwise', async () => {
  const launched = await launch();
  const { app, page, userData } = launched;
  const text = `127.0.0.1:${server.port}`;
  const [asking] = await Promise.all([app.waitForEvent('window'), addComputers(page, { text })]);
  await asking.getByLabel('Password').fill('half typ');
  const closed = asking.waitForEvent('close');
  await inTree(page, '127.0.0.1').click();
  await page.getByRole('tree').focus();
  await page.keyboard.press('Delete');
  await closed;

  const [again] = await Promise.all([app.waitForEvent('window'), addComputers(page, { text })]);
  const closedAgain = again.waitForEvent('close');
  const file = join(userData, 'profile.json');
  const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile; // as it was just written
  const computers = profile.computers.map((one) => ({ ...one, signIn: { kind: 'ask', username: 'bob' } }));
  writeFileSync(file, JSON.stringify({ ...profile, computers }));
  await closedAgain;
  await expect(page.getByText('127.0.0.1 is asked otherwise by now')).toBeVisible();
  await signIn(launched, server, () => page.getByRole('button', { name: 'Sign in…' }).first().click());
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  await app.close();
});

test('names of a shared profile that would read as others are shown for what they are, and kept as they are', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'pssm-names-'));
  const file = join(userData, 'profile.json');
  const [turned, shown] = ['Web\u202Egnp', 'Web\uFFFDgnp'];
  const group = { id: randomUUID() as string, name: turned, options: {} };
  writeFileSync(file, JSON.stringify({ version: 2, groups: [group], computers: [], views: [] }));
  const { app, page } = await launch({ userData });
  await inTree(page, shown).click();
  await expect(page.getByRole('heading', { name: shown })).toBeVisible();
  await page.getByRole('tree').focus();
  await page.keyboard.press('Alt+Enter');
  const dialog = page.getByRole('dialog', { name: `Edit ${shown}` });
  await expect(dialog.getByLabel('Name', { exact: true })).toHaveValue(turned);
  await dialog.getByLabel('Notes').fill('turned');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`Edited group ${shown}.`)).toBeVisible();
  expect((JSON.parse(readFileSync(file, 'utf8')) as Profile).groups[0]!.name).toBe(turned);
  await app.close();
});
