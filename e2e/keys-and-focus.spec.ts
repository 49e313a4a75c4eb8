import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { Bridge } from '../renderer/api.ts';
import {
  choose,
  filterBox,
  filterBy,
  inTree,
  openByMouse,
  launchSample,
  rowOf,
  sessionsOf,
} from './journeys.ts';
import type { Launched } from './launch.ts';

let launched: Launched;
let page: Page;
const press = (key: string) => page.keyboard.press(key);
test.beforeEach(async () => {
  launched = await launchSample();
  page = launched.page;
});
test.afterEach(() => launched.app.close());

const details = () => page.getByRole('complementary', { name: 'Details' });
const failedPage = () => page.getByRole('region', { name: 'Failed computers' });
const toFailed = () =>
  page.getByRole('contentinfo', { name: 'Status bar' }).getByRole('button', { name: /failed$/ });
const fromMenuBar = async (id: string) => {
  await launched.app.evaluate(
    ({ BrowserWindow }, chosen) =>
      BrowserWindow.getAllWindows()[0]!.webContents.send('menu.chosen', JSON.stringify({ id: chosen })),
    id,
  );
  // An answer comes after what was told before it, which a key would overtake.
  await page.evaluate(async () => {
    const { bridge } = window as unknown as { bridge: Bridge };
    await bridge.invoke('settings.change', {});
  });
};

for (const key of ['Enter', 'Space']) {
  test(`${key} on a button in the table presses that button`, async () => {
    await filterBy(page, 'nothing-is-called-so');
    const clear = page.getByRole('button', { name: 'Clear filter' });
    await clear.focus();
    await press(key);
    await expect(clear).toHaveCount(0);
    await expect(filterBox(page)).toHaveValue('');
    await expect(sessionsOf(page)).toBeFocused();
    await expect(details()).toBeVisible();
  });
}

test('the menu opens at the pointer, and by a key below the name that has the focus, which comes into sight first', async () => {
  const menu = page.getByRole('menu', { name: 'Session' });
  const row = rowOf(page, 'Ready, PatchTuesday on web03');
  await row.click({ button: 'right' });
  const whole = (await row.boundingBox())!;
  const atPointer = (await menu.boundingBox())!;
  expect(Math.abs(atPointer.x - (whole.x + whole.width / 2))).toBeLessThan(4);
  await press('Escape');

  const cell = () => row.locator('[data-fixed=name]').boundingBox();
  for (const key of ['Shift+F10', 'ContextMenu']) {
    await page.mouse.wheel(0, 5_000);
    await expect(row).not.toBeInViewport();
    await press(key);
    await expect(row).toBeInViewport({ ratio: 1 });
    const [name, box] = [(await cell())!, (await menu.boundingBox())!];
    expect(Math.abs(box.x - name.x)).toBeLessThan(4);
    expect(Math.abs(box.y - (name.y + name.height))).toBeLessThan(12);
    await press('Escape');
  }
});

test('Enter in the filter box stays at what is wrong there, and has it said each time', async () => {
  await filterBox(page).focus();
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const hear = (node: Node) =>
      node instanceof HTMLElement && node.role === 'alert' && said.push(node.textContent);
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(hear))).observe(
      document.body,
      { childList: true, subtree: true },
    );
  });
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said.length);
  await page.keyboard.type('idle:>abc');
  await press('Enter');
  await expect(page.getByRole('alert')).toContainText('idle:');
  await expect(filterBox(page)).toBeFocused();
  await expect(filterBox(page)).toHaveValue('idle:>abc');
  const before = await said();
  await press('Enter');
  await expect.poll(said).toBeGreaterThan(before);
  for (let i = 0; i < 3; i += 1) await press('Backspace');
  await page.keyboard.type('1m');
  await press('Enter');
  await expect(sessionsOf(page)).toBeFocused();
});

test('with a dialog open the system’s menu bar neither replaces it nor acts behind it', async () => {
  await press('Control+N');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toHaveAccessibleName('Add computers');
  await fromMenuBar('app.settings');
  await fromMenuBar('view.details');
  await press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(details()).toBeVisible();
  await fromMenuBar('app.settings');
  await expect(dialog).toHaveAccessibleName('Settings');
});

test('what is selected in the table is not acted on from the page of what failed', async () => {
  const held = page.getByRole('contentinfo', { name: 'Status bar' }).getByText(/connected$/);
  const before = await held.innerText();
  await filterBy(page, 'web01');
  await choose(rowOf(page, 'Available, Deploy-2211 on web01'));
  await toFailed().click();
  await expect(failedPage()).toBeVisible();
  await press('Control+D');
  await press('Control+2');
  await expect(sessionsOf(page)).toBeFocused();
  await expect(rowOf(page, 'Available, Deploy-2211 on web01')).toHaveAttribute('aria-selected', 'false');
  await expect(held).toHaveText(before);
});

test('commands of the table lead to it from a page that has none', async () => {
  await toFailed().click();
  await press('Control+F');
  await expect(filterBox(page)).toBeFocused();
  await toFailed().click();
  await expect(failedPage()).toBeVisible();
  await press('Control+Shift+P');
  await page.keyboard.type('>Columns');
  await press('Enter');
  await expect(page.getByRole('menu', { name: 'Columns' })).toBeVisible();
});

test('the Enter that ends a composed word is not taken', async () => {
  const client = await page.context().newCDPSession(page);
  await filterBox(page).focus();
  await page.keyboard.type('sta');
  await expect(page.getByRole('listbox', { name: 'Filter suggestions' })).toBeVisible();
  await client.send('Input.imeSetComposition', { text: 'か', selectionStart: 1, selectionEnd: 1 });
  await expect(filterBox(page)).toHaveValue('staか');
  await filterBox(page).dispatchEvent('keydown', {
    key: 'Enter',
    keyCode: 229,
    isComposing: true,
    bubbles: true,
  });
  await filterBox(page).dispatchEvent('keydown', { key: 'Escape', keyCode: 229, bubbles: true });
  await expect(filterBox(page)).toBeFocused();
  await expect(filterBox(page)).toHaveValue('staか');
});

test('the focus is never lost with what had it', async () => {
  await openByMouse(rowOf(page, 'Ready, NightlyBackup on sql02'));
  const console = page.getByRole('region', { name: 'Console' });
  const actions = console.getByRole('toolbar', { name: 'Console actions' });
  await expect(page.getByRole('log', { name: 'Output' })).toContainText('CONTOSO_');
  await actions.getByRole('button', { name: 'Disconnect' }).focus();
  await press('Enter');
  await expect(page.getByRole('log', { name: 'Output' })).toBeFocused();
  await actions.getByRole('button', { name: 'Close' }).focus();
  await press('Enter');
  await expect(console).toHaveCount(0);
  await expect(sessionsOf(page)).toBeFocused();
  await openByMouse(rowOf(page, 'Ready, NightlyBackup on sql02'));
  await console.getByRole('button', { name: 'Hide console' }).focus();
  await press('Enter');
  await expect(console).toHaveCount(0);
  await expect(sessionsOf(page)).toBeFocused();
});

test('a button that goes when it is pressed, or when an answer comes, leaves the focus in its pane', async () => {
  const statusBar = page.getByRole('contentinfo', { name: 'Status bar' });
  const stop = statusBar.getByRole('button', { name: 'Stop asking' });
  await expect(statusBar.getByRole('status', { name: 'Sweep' })).toHaveText(/^40 computers asked in/);
  await press('F5');
  await stop.focus();
  await press('Enter');
  await expect(stop).toHaveCount(0);
  await expect(statusBar).toBeFocused();
  await press('Control+2');
  const why = sessionsOf(page).getByRole('button', { name: 'Show why' });
  // Until the last has answered after all, the lines move.
  await expect(async () => {
    await press('End');
    await expect(why).toBeVisible({ timeout: 500 });
  }).toPass();
  await why.focus();
  await press('Enter');
  await expect(failedPage()).toBeFocused();
  const retry = failedPage().getByRole('button', { name: /^Retry \d+$/ });
  const pressed = await retry.first().elementHandle();
  await pressed!.focus();
  await press('Enter');
  await expect.poll(() => pressed!.evaluate((button) => button.isConnected)).toBe(false);
  await expect(failedPage()).toBeFocused();
});

test('who clicked beside everything is not led anywhere when something goes', async () => {
  await inTree(page, 'Database').click();
  await press('F2');
  await page.keyboard.type('Databases');
  await press('Enter');
  const said = page.getByRole('status', { name: 'Last edit' });
  await said.getByRole('button', { name: 'Dismiss' }).focus();
  // Both before a frame is drawn, as on a page that is busy.
  const heading = (await page.getByRole('heading', { level: 1 }).boundingBox())!;
  await page.mouse.move(heading.x + 5, heading.y + 5);
  await Promise.all([page.mouse.down(), page.mouse.up(), page.keyboard.press('Escape')]);
  await expect(said).toBeEmpty();
  const where = await page.evaluate(async () => {
    for (let frames = 3; frames > 0; frames--) await new Promise(requestAnimationFrame);
    return document.activeElement?.tagName;
  });
  expect(where).toBe('BODY');
});

test('what was edited is said in a region that was there before, and dismissing it gives the focus back', async () => {
  const said = page.getByRole('status', { name: 'Last edit' });
  await expect(said).toBeAttached();
  await expect(said).toBeEmpty();
  await inTree(page, 'Database').click();
  await press('F2');
  await page.keyboard.type('Databases');
  await press('Enter');
  await expect(said).toContainText('Databases');
  await said.getByRole('button', { name: 'Dismiss' }).focus();
  await press('Enter');
  await expect(said).toBeEmpty();
  await expect(page.getByRole('tree')).toBeFocused();
});

test('consoles are tabs: one stop for Tab, the arrows lead along, and the panel is named by its tab', async () => {
  await openByMouse(rowOf(page, 'Ready, NightlyBackup on sql02'));
  await expect(page.getByRole('log', { name: 'Output' })).toContainText('CONTOSO_');
  const tabs = page.getByRole('tablist', { name: 'Consoles' }).getByRole('tab');
  const n = await tabs.count();
  expect(n).toBeGreaterThan(1);
  const front = page.getByRole('tab', { selected: true });
  await expect(front).toHaveAccessibleName(/NightlyBackup/);
  await expect(page.getByRole('tabpanel', { name: /NightlyBackup/ })).toBeVisible();
  const stops = await tabs.evaluateAll(
    (all) => all.filter((one) => (one as HTMLElement).tabIndex === 0).length,
  );
  expect(stops).toBe(1);
  await front.focus();
  await press('Home');
  await expect(tabs.first()).toBeFocused();
  await expect(tabs.first()).toHaveAttribute('aria-selected', 'true');
  await press('ArrowLeft');
  await expect(tabs.last()).toBeFocused();
  await press('ArrowRight');
  await expect(tabs.first()).toBeFocused();
  await press('End');
  await expect(tabs.last()).toHaveAttribute('aria-selected', 'true');
  const panel = await tabs.last().getAttribute('aria-controls');
  await expect(page.getByRole('tabpanel')).toHaveId(panel ?? '');
});

test('a half-typed option is not saved, nor is what it began with, and its part unfolds to say so', async () => {
  await inTree(page, 'Database').click();
  await press('Alt+Enter');
  const dialog = page.getByRole('dialog');
  const part = dialog.getByRole('button', { name: 'Session options' });
  await part.click();
  const field = dialog.getByLabel('Operation time-out', { exact: true });
  const before = await field.inputValue();
  await field.fill('45 min');
  await field.press('End');
  await page.keyboard.type('x');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await part.click();
  await expect(field).toBeHidden();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(field).toBeFocused();
  await press('Escape');
  await expect(dialog).toHaveCount(0);
  await press('Alt+Enter');
  await part.click();
  await expect(field).toHaveValue(before);
});

test('connected by the palette out of the console, the session comes to the front; of two double-clicks the last', async () => {
  const front = page.getByRole('tablist').getByRole('tab', { selected: true });
  await openByMouse(rowOf(page, 'Ready, NightlyBackup on sql02'));
  await expect(front).toHaveAccessibleName(/NightlyBackup/);
  await choose(rowOf(page, /^Ready, LogCollect on web03/));
  await page.getByRole('log', { name: 'Output' }).click();
  await press('Control+Shift+P');
  await page.getByRole('dialog').getByRole('combobox').fill('Connect');
  await expect(page.getByRole('option', { name: /^Connect/ }).first()).toBeVisible();
  await press('Enter');
  await expect(front).toHaveAccessibleName(/LogCollect/);

  await openByMouse(rowOf(page, 'Ready, PatchTuesday on web03'));
  await openByMouse(rowOf(page, 'Ready, IndexRebuild on sql02'));
  await expect(front).toHaveAccessibleName(/IndexRebuild/);
});
