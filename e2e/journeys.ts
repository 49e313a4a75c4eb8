import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';

export interface SignIn {
  readonly username: string;
  readonly password: string;
}

/** What a person types into Add computers. */
export interface Addition {
  readonly text: string;
  readonly basic?: boolean;
  /** The Kerberos scheme and nothing else. */
  readonly kerberos?: boolean;
}

export const sessionsOf = (page: Page): Locator => page.getByRole('treegrid', { name: 'Sessions' });
export const rowOf = (page: Page, name: string | RegExp): Locator =>
  sessionsOf(page).getByRole('row', { name });

/** The app with its sample fleet, in a window of the usual size, once what stands there first is there. */
export async function launchSample(): Promise<Launched> {
  const launched = await launch({ args: ['--sample'] });
  await launched.page.setViewportSize({ width: 1440, height: 900 });
  await expect(rowOf(launched.page, 'Broken, Deploy-2211 on web06')).toBeVisible();
  return launched;
}

/** Until then rows may come in between: the last to be heard of are dead. */
export const sweepEnded = (page: Page): Promise<void> =>
  expect(page.getByRole('button', { name: 'Stop asking' })).toHaveCount(0);

/** Clicks a row until it is the one: between the look and the click others may have come in above it. */
export async function choose(row: Locator): Promise<void> {
  await expect(async () => {
    await row.click();
    await expect(row).toHaveAttribute('aria-selected', 'true', { timeout: 1_000 });
  }).toPass();
}

/**
 * A double-click on a row: the second click only after the first was seen to hit it, and both again where the row went
 * from under the pointer in between. Such a click opens nothing.
 */
export async function openByMouse(row: Locator): Promise<void> {
  const page = row.page();
  // What it opens may be a dialog that hides the table from assistive technology.
  const includeHidden = true;
  const table = page.getByRole('treegrid', { name: 'Sessions', includeHidden });
  const selected = table.getByRole('row', { selected: true, includeHidden });
  const named = async (one: Locator) => (await one.getAttribute('aria-label'))?.replace(/^[^,]*, /, '');
  await expect(async () => {
    await choose(row);
    const name = await named(row);
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    expect(await named(selected)).toBe(name);
  }).toPass();
}

export const filterBox = (page: Page): Locator => page.getByRole('combobox', { name: 'Filter sessions' });

/** Types it into the filter box instead of what is there, chips too. */
export async function filterBy(page: Page, text: string): Promise<void> {
  await filterBox(page).focus();
  await page.keyboard.press('Escape'); // what may be unfolded
  await page.keyboard.press('Escape'); // what was there
  await expect(filterBox(page)).toHaveValue('');
  await filterBox(page).fill(text);
}

/** A line of the tree; the first where it stands among the favourites, too. */
export const inTree = (page: Page, name: string): Locator =>
  page.getByRole('tree', { name: 'Computers' }).getByRole('treeitem', { name, exact: true }).first();

/** Opens the dialog, fills it in and accepts it. */
export async function addComputers(page: Page, { text, basic, kerberos }: Addition): Promise<void> {
  await page.getByRole('button', { name: 'Add computers' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add computers' });
  await dialog.getByLabel('Names, addresses or connection URIs').fill(text);
  if (basic || kerberos) {
    await dialog.getByRole('button', { name: 'Options', exact: true }).click();
    const authentication = dialog.getByLabel('Authentication', { exact: true });
    await authentication.selectOption(basic ? 'Basic' : 'Kerberos');
  }
  if (basic) await dialog.getByLabel('Basic and Digest over http', { exact: true }).selectOption('Allowed');
  await dialog.getByRole('button', { name: /^Add \d+ computer/ }).click();
}

/** Answers the password window that `ask` makes appear. @returns the process that it ran in */
export async function signIn(
  { app }: Launched,
  { username, password }: SignIn,
  ask: () => Promise<void>,
  verb: 'Sign in' | 'Add' | 'Replace' = 'Sign in',
): Promise<number> {
  const [asking] = await Promise.all([app.waitForEvent('window'), ask()]);
  await asking.getByLabel('Account').fill(username);
  await asking.getByLabel('Password').fill(password);
  const pid = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((window) => window.webContents.getURL().endsWith('password.html'))!
      .webContents.getOSProcessId(),
  );
  const closed = asking.waitForEvent('close');
  // The window may be gone before the click is reported done; that it goes is what counts.
  await asking
    .getByRole('button', { name: verb })
    .click()
    .catch(() => undefined);
  await closed;
  return pid;
}

/** What the console of the session in front has said, line by line. */
export async function outputOf({ app, page }: Launched): Promise<string[]> {
  await page.getByRole('button', { name: 'Copy output' }).click();
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).not.toBe('');
  return (await app.evaluate(({ clipboard }) => clipboard.readText())).split('\n');
}
