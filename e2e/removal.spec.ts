import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { addComputers, choose, rowOf, signIn } from './journeys.ts';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';
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
