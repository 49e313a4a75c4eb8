import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { addComputers, choose, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedServer } from './simulated-server.ts';
import type { SimulatedServer } from './simulated-server.ts';

let server: SimulatedServer;
test.beforeEach(async () => {
  server = await startSimulatedServer();
});
test.afterEach(() => server.stop());

async function signedIn(): Promise<Launched> {
  const launched = await launch();
  const { page } = launched;
  await signIn(launched, server, () => addComputers(page, { text: `127.0.0.1:${server.port}` }));
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  return launched;
}

/** As a group that is asked by itself does it, while a question stands. */
const askAgain = (page: Page) =>
  page.evaluate(() => {
    const { bridge } = window as unknown as {
      bridge: { invoke(command: string, request: object): Promise<unknown> };
    };
    return bridge.invoke('fleet.refresh', {});
  });

async function askForce(page: Page, name: string) {
  await choose(rowOf(page, `Ready, ${name} on 127.0.0.1`));
  await page.keyboard.press('Shift+Delete');
  return page.getByRole('dialog', { name: 'Force remove 1 session on 1 computer?' });
}

test('who comes into a session while its removal is asked about is seen, and spared', async () => {
  test.setTimeout(120_000);
  const one = await signedIn();
  const other = await signedIn();
  const { page, errors } = one;
  const takeUp = async (name: string) => {
    await rowOf(other.page, `Ready, ${name} on 127.0.0.1`).dblclick();
    await expect(rowOf(other.page, new RegExp(`^(Busy|Available), ${name} on 127.0.0.1`))).toBeVisible();
  };

  // The window hears of it while the question stands.
  const question = await askForce(page, 'NightlyBackup');
  const remove = question.getByRole('button', { name: 'Force remove 1' });
  await expect(remove).toBeEnabled();
  await takeUp('NightlyBackup');
  await askAgain(page);
  const line = question.getByRole('grid', { name: 'Dry run' }).getByRole('row', { name: /NightlyBackup/ });
  await expect(line).toHaveAccessibleName('In use, NightlyBackup on 127.0.0.1');
  await expect(line).toContainText('Was Ready.');
  await expect(question.getByRole('status', { name: 'Changed meanwhile' })).toContainText(
    'NightlyBackup on 127.0.0.1: Was Ready. Now In use.',
  );
  await expect(remove).toBeDisabled();
  await expect(question.getByLabel('Type remove 1')).toBeVisible();
  await question.getByRole('button', { name: 'Cancel' }).click();

  // Nobody has told the window: its computer is asked before anything is forced.
  const blind = await askForce(page, 'IndexRebuild');
  await takeUp('IndexRebuild');
  await blind.getByRole('button', { name: 'Force remove 1' }).click();
  await expect(page.getByText(/^It was not removed: .* is in IndexRebuild on 127\.0\.0\.1/)).toBeVisible();
  await expect(rowOf(page, 'In use, IndexRebuild on 127.0.0.1')).toBeVisible();
  await expect(rowOf(other.page, /^(Busy|Available), IndexRebuild on 127\.0\.0\.1/)).toBeVisible();

  // One that is ended by the other is said to be gone.
  await choose(rowOf(page, 'In use, IndexRebuild on 127.0.0.1'));
  await page.keyboard.press('Shift+Delete');
  const late = page.getByRole('dialog', { name: 'Force remove 1 session on 1 computer?' });
  await late.getByLabel('Type remove 1').fill('remove 1');
  await rowOf(other.page, /IndexRebuild/).click();
  await other.page.keyboard.press('Delete');
  await other.page.getByRole('dialog').getByRole('button', { name: 'Remove 1' }).click();
  await expect(rowOf(other.page, /IndexRebuild/)).toHaveCount(0);
  await askAgain(page);
  await expect(late.getByRole('row', { name: 'Closed, IndexRebuild on 127.0.0.1' })).toContainText(
    'Gone: it is not listed any more',
  );
  await expect(late.getByRole('button', { name: 'Force remove 0' })).toBeDisabled();
  expect(errors).toEqual([]);
  await Promise.all([one.app.close(), other.app.close()]);
});

/** Many computers that answer slowly, and the question to all that nobody is in. */
async function removingMany(userData: string, { latencyMs = 600, force = false } = {}) {
  await server.stop();
  server = await startSimulatedServer({ computers: 60, latencyMs });
  const launched = await launch({ userData });
  const { page } = launched;
  await page.setViewportSize({ width: 1440, height: 900 });
  await signIn(launched, server, () => addComputers(page, { text: server.addresses.join(' ') }));
  await expect(page.getByRole('status', { name: 'Sweep' })).toContainText('60 computers asked', {
    timeout: 60_000,
  });
  await page.getByRole('treegrid', { name: 'Sessions' }).getByRole('row').nth(2).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press(force ? 'Shift+Delete' : 'Delete');
  const question = page.getByRole('dialog', { name: /^(Force r|R)emove \d+ sessions on \d+ computers\?$/ });
  const remove = question.getByRole('button', { name: /^(Force r|R)emove \d+$/ });
  let going = 0;
  // What becomes of a session meanwhile makes another list of it, which is typed for anew.
  await expect(async () => {
    if (going > 0 && (await question.count()) === 0) return; // the click went through after its second
    going = Number(/\d+/.exec(await remove.innerText())![0]);
    await question.getByLabel(/Type remove \d+/).fill(`remove ${going}`);
    await remove.click({ timeout: 1_000 });
  }).toPass();
  return { ...launched, going };
}

const audited = (userData: string) =>
  readFileSync(join(userData, 'audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { result: string }).result);

test('a removal of many says how far it is, stops, and says what was not begun', async () => {
  test.setTimeout(180_000);
  const userData = mkdtempSync(join(tmpdir(), 'pssm-window-'));
  const { app, page, errors, going } = await removingMany(userData);
  const bar = page.getByRole('contentinfo', { name: 'Status bar' });
  await expect(bar.getByText(new RegExp(`^Removing [1-9]\\d* of ${going}$`))).toBeVisible();
  await expect(bar.getByRole('progressbar', { name: 'Removing' })).toHaveAttribute('max', String(going));
  await bar.getByRole('button', { name: 'Stop removing' }).click();
  await expect(bar.getByText(/^Removing the last \d+$/)).toBeVisible();
  const outcome = page.getByRole('alert').getByText(/^\d+ sessions? removed, .*\d+ not begun/);
  await expect(outcome).toBeVisible({ timeout: 60_000 });
  const [removed = 0] = (await outcome.innerText()).match(/\d+/g)!.map(Number);
  await expect.poll(() => audited(userData).length).toBe(going);
  expect(audited(userData).filter((result) => result === 'done')).toHaveLength(removed);
  await expect(bar.getByText(new RegExp(`^${removed} removed · \\d+ not begun`))).toBeVisible();
  expect(errors).toEqual([]);
  await app.close();
});

test('what failed of many is told reason by reason, from the banner and from the status bar', async () => {
  test.setTimeout(180_000);
  const userData = mkdtempSync(join(tmpdir(), 'pssm-window-'));
  const { app, page, errors, going } = await removingMany(userData, { latencyMs: 250, force: true });
  await expect(page.getByText(new RegExp(`^Removing [1-9]\\d* of ${going}$`))).toBeVisible();
  await server.stop();
  server = await startSimulatedServer(); // for afterEach
  const outcome = page.getByRole('alert').filter({ hasText: /^\d+ sessions? removed, \d+ failed/ });
  await expect(outcome).toBeVisible({ timeout: 60_000 });
  const [removed = 0, failed = 0] = (await outcome.innerText()).match(/\d+/g)!.map(Number);
  expect(removed + failed).toBe(going);
  await outcome.getByRole('button', { name: 'Show why' }).click();
  const why = page.getByRole('dialog', { name: `${failed} of ${going} sessions were not removed` });
  await expect(why.getByRole('region').first()).toContainText(/ on 127\.0\.0\.\d+/);
  expect(await why.getByRole('region').count()).toBeLessThan(failed);
  await why.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: `${failed} not removed, show why` }).click();
  await expect(why).toBeVisible();
  expect(errors).toEqual([]);
  await app.close();
});

test('who closes the window while many are removed is told at the next start what was not begun', async () => {
  test.setTimeout(180_000);
  const userData = mkdtempSync(join(tmpdir(), 'pssm-window-'));
  const { app, page, going } = await removingMany(userData);
  await expect(page.getByText(new RegExp(`^Removing [1-9]\\d* of ${going}$`))).toBeVisible();
  const closed = app.waitForEvent('close');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  const words = page.getByText(/^Removing ends with the \d+ under way, \d+ are not begun\.$/);
  await expect(words).toBeVisible();
  await closed;
  const results = audited(userData);
  const [done, unbegun] = ['done', 'notBegun'].map(
    (one) => results.filter((result) => result === one).length,
  );
  expect(results).toHaveLength(going);
  expect(unbegun).toBeGreaterThan(0);

  const next = await launch({ userData });
  const told = `The app was closed while it was removing sessions: ${done} sessions removed`;
  await expect(next.page.getByText(told)).toContainText(
    `${unbegun} not begun. The audit log has each of them.`,
  );
  await next.page.setViewportSize({ width: 1440, height: 900 });
  await next.app.close();
});

test('who kills the app while many are removed is told at the next start that it was in the middle', async () => {
  test.setTimeout(180_000);
  const userData = mkdtempSync(join(tmpdir(), 'pssm-window-'));
  const { app, page, going } = await removingMany(userData);
  await expect(page.getByText(new RegExp(`^Removing [1-9]\\d* of ${going}$`))).toBeVisible();
  await expect.poll(() => existsSync(join(userData, 'audit.jsonl'))).toBe(true); // the first has ended
  const gone = once(app.process(), 'exit');
  app.process().kill('SIGKILL');
  await gone;
  const next = await launch({ userData });
  const told = `The app ended by force while it was removing ${going} sessions. The audit log has those on which it had been tried.`;
  await expect(next.page.getByText(told)).toBeVisible();
  await next.app.close();
});

test('a session that is reached under two names of its computer is removed, and counted, once', async () => {
  const launched = await launch();
  const { app, page } = launched;
  const text = `127.0.0.1:${server.port} localhost:${server.port}`;
  await signIn(launched, server, () => addComputers(page, { text }));
  await choose(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1'));
  await rowOf(page, 'Ready, NightlyBackup on localhost').click({ modifiers: ['ControlOrMeta'] });
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: 'Remove 1 session on 1 computer?' });
  const dryRun = question.getByRole('grid', { name: 'Dry run' });
  await expect(dryRun.getByRole('row', { name: /on localhost$/ })).toContainText(
    'The same session as on 127.0.0.1',
  );
  await expect(question).toContainText('1 deleted · 1 listed twice');
  await question.getByRole('button', { name: 'Remove 1' }).click();
  await expect(rowOf(page, /NightlyBackup on 127.0.0.1/)).toHaveCount(0);
  await page.keyboard.press('F5');
  await expect(rowOf(page, /NightlyBackup/)).toHaveCount(0);
  await app.close();
});
