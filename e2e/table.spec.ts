import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { choose, launchSample, rowOf, sessionsOf } from './journeys.ts';
import type { Launched } from './launch.ts';

let launched: Launched;
let page: Page;
test.beforeEach(async () => {
  launched = await launchSample();
  page = launched.page;
});
test.afterEach(() => launched.app.close());

const head = (name: string) => sessionsOf(page).getByRole('columnheader', { name });
const filter = () => page.getByRole('combobox', { name: 'Filter sessions' });
const shown = () => page.getByRole('status', { name: 'Shown' });
const group = (name: RegExp) => sessionsOf(page).getByRole('row', { name, level: 1 });
const titles = () => sessionsOf(page).getByRole('columnheader').allInnerTexts();
const clipboard = () => launched.app.evaluate(({ clipboard: board }) => board.readText());

test('sorted by several columns, by mouse and by keyboard', async () => {
  await page.getByRole('button', { name: 'Group by' }).click();
  await page.getByRole('menuitemradio', { name: 'Not grouped' }).click();
  await expect(group(/^Database/)).toHaveCount(0);
  await head('Name').click();
  await expect(head('Name')).toHaveAttribute('aria-sort', 'ascending');
  await head('Idle').click({ modifiers: ['Shift'] });
  await expect(head('Name')).toHaveAttribute('aria-sort', 'ascending');
  await expect(head('Idle')).toHaveAttribute('aria-sort', 'ascending');
  const names = await sessionsOf(page).locator('[role=row][aria-level] .name').allInnerTexts();
  const collator = new Intl.Collator('en', { numeric: true });
  expect(names.filter((name) => name !== 'no name')).toEqual(
    names.filter((name) => name !== 'no name').toSorted(collator.compare),
  );
  await sessionsOf(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowUp'); // into the heads
  await expect(head('State')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(head('State')).toHaveAttribute('aria-sort', 'ascending');
  await expect(head('Name')).toHaveAttribute('aria-sort', 'none');
});

test('columns are chosen, moved and sized, by dragging or by keys', async () => {
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Availability' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'ProcessId' }).click();
  await page.keyboard.press('Escape');
  await expect(head('Availability')).toHaveCount(0);
  await expect(head('ProcessId')).toBeVisible();

  await head('ProcessId').focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Alt+ArrowLeft');
  expect((await titles()).indexOf('ProcessId')).toBeLessThan((await titles()).indexOf('Expires in'));

  const before = (await head('Computer').boundingBox())!;
  await head('Computer').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await head('Computer').boundingBox())!.width).toBeGreaterThan(before.width);

  const [from, to] = [(await head('Computer').boundingBox())!, (await head('Name').boundingBox())!];
  await page.mouse.move(from.x + 20, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(to.x + 20, to.y + 10, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await titles()).indexOf('Computer')).toBe(1);
});

test('groups close and open; the arrows lead in and out; several rows are chosen without the mouse', async () => {
  await sessionsOf(page).focus();
  await page.keyboard.press('End');
  await expect(group(/^Offline, /)).toHaveAttribute('aria-expanded', 'false');
  const web = group(/^Web front ends, /);
  await page.keyboard.press('Home');
  await expect(web).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowLeft');
  await expect(web).toHaveAttribute('aria-expanded', 'false');
  await expect(rowOf(page, /on web03/)).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Control+ArrowDown');
  await page.keyboard.press('Control+ArrowDown');
  await page.keyboard.press('Control+Space');
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('heading', { name: '3 sessions selected' })).toBeVisible();
  await expect(details.getByRole('region', { name: 'Shared' })).toContainText('various');
  await page.keyboard.press('ArrowLeft'); // to the group of the row
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem', { name: 'Copy as Get-PSSession' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sessionsOf(page)).toBeFocused();
});

test('what is selected in a group is kept while that is closed, and meanwhile nothing is done to it', async () => {
  const row = sessionsOf(page).getByRole('row', { name: 'Ready, LogCollect on web03' });
  await choose(row);
  const web = group(/^Web front ends, /);
  await web.click();
  await expect(web).toHaveAttribute('aria-expanded', 'false');
  await expect(row).toHaveCount(0);
  const actions = page.getByRole('toolbar', { name: 'Session actions' });
  await expect(actions.getByRole('button', { name: 'Remove…' })).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await web.click();
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect(actions.getByRole('button', { name: 'Remove…' })).not.toHaveAttribute('aria-disabled', 'true');
});

test('in forced colours nothing shows through the fixed cells of a selected row, and what floats has an edge', async () => {
  await page.setViewportSize({ width: 1000, height: 700 });
  await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' });
  await choose(rowOf(page, 'Ready, LogCollect on web03'));
  await sessionsOf(page).evaluate((one) => one.scrollTo(160, 0));
  await expect(sessionsOf(page)).toHaveClass(/sideways/);
  const cells = rowOf(page, 'Ready, LogCollect on web03').locator('[data-fixed]');
  // Highlight may be half transparent: it lies on an opaque Canvas.
  for (const cell of await cells.all())
    expect(await cell.evaluate((one) => getComputedStyle(one).background)).toMatch(
      /^linear-gradient.*, rgb\(\d+, \d+, \d+\) none/,
    );
  await page.keyboard.press('F1');
  const edge = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  expect(await edge.evaluate((one) => getComputedStyle(one).borderTopWidth)).toBe('1px');
});

test('a field that is none is told and mended; a view keeps a faulty term and says why it is not saved', async () => {
  await filter().fill('staet:disc');
  const hint = page.getByText('There is no field staet; did you mean state?');
  await expect(hint).toBeVisible();
  await expect(filter()).toHaveAttribute('aria-invalid', 'false');
  // It may be meant as it stands, so that Enter does not put another word in its place.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('treegrid', { name: 'Sessions' })).toBeFocused();
  await expect(filter()).toHaveValue(/^staet:disc\s*$/);
  await filter().fill('staet:disc');
  await page.keyboard.press('Tab');
  await expect(filter()).toHaveValue('state:disc');
  await expect(hint).toHaveCount(0);

  await filter().fill('state:ready idle:2h ');
  await page.getByRole('button', { name: 'Save view' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save view' });
  await dialog.getByLabel('Name').fill('Mine');
  await expect(dialog.getByLabel('Filter')).toHaveValue('state:ready idle:2h');
  await expect(dialog.getByRole('status')).toContainText('idle: takes < or >');
  await expect(dialog.getByRole('button', { name: 'Save view' })).toBeDisabled();
  await dialog.getByLabel('Filter').fill('state:ready idle:>2h');
  await dialog.getByRole('button', { name: 'Save view' }).click();
  await expect(dialog).toHaveCount(0);
});

test('the filter box: completion, chips, a pasted Get-PSSession, and back to PowerShell', async () => {
  await page.keyboard.press('/');
  await page.keyboard.type('st');
  const suggestions = page.getByRole('listbox', { name: 'Filter suggestions' });
  await expect(suggestions.getByRole('option').first()).toContainText('state:');
  await page.keyboard.press('Tab');
  await page.keyboard.type('in');
  await page.keyboard.press('Tab'); // the value that rows have
  await expect(page.getByRole('button', { name: 'Remove state:"In use"' })).toBeVisible();
  await expect(sessionsOf(page).getByRole('row', { level: 2 }).first()).toHaveAccessibleName(/^In use, /);
  await page.keyboard.type('-computer:sql* ');
  await expect(rowOf(page, /on sql01/)).toHaveCount(0);
  await page.keyboard.press('Backspace'); // opens the chip again
  await expect(filter()).toHaveValue('-computer:sql*');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('idle:2h ');
  await expect(page.getByRole('alert')).toContainText('idle:>2h');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('idle:2');
  await expect(filter()).toHaveAttribute('aria-invalid', 'true'); // after a pause, while it is typed
  await expect(filter()).toHaveAccessibleDescription(/^idle: takes < or > .* idle:>2h\.$/);
  await page.keyboard.press('Backspace');
  await page.keyboard.type('>2h');
  await expect(filter()).toHaveAttribute('aria-invalid', 'false');

  await filter().fill('');
  await launched.app.evaluate(({ clipboard: board }) =>
    board.writeText('Get-PSSession -ComputerName sql02 -Name Night* -Credential CONTOSO\\me'),
  );
  await filter().focus();
  await page.keyboard.press('Control+V');
  await expect(shown()).toHaveText(/^1 of /);
  await expect(page.getByText('The filter leaves out what it cannot say: -Credential.')).toBeVisible();
  await page.getByRole('button', { name: 'Copy as Get-PSSession' }).click();
  await expect.poll(clipboard).toMatch(/^Get-PSSession -ComputerName sql02 -Name Night\*/);
  await page.getByRole('button', { name: /^Remove name:Night/ }).click();
  await expect(page.getByText('The filter leaves out')).toHaveCount(0); // it is another filter
});

test('what would be removed is listed, and what is in use goes only when it is included and typed', async () => {
  await page.getByRole('combobox', { name: 'Filter sessions' }).fill('PatchTuesday');
  await sessionsOf(page).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  const question = page.getByRole('dialog', { name: /^Remove \d+ sessions on \d+ computers\?$/ });
  const dryRun = question.getByRole('grid', { name: 'Dry run' });
  await expect(dryRun.getByRole('row', { name: 'In use, PatchTuesday on web04' })).toContainText(
    'Left alone',
  );
  await question.getByRole('checkbox', { name: 'Include the 1 in use' }).check();
  await expect(dryRun.getByRole('row', { name: 'In use, PatchTuesday on web04' })).toContainText(
    'ann from 10.0.4.17 loses Restart-WebAppPool',
  );
  const remove = question.getByRole('button', { name: /^Remove \d+$/ });
  await expect(remove).toBeDisabled();
  const n = /\d+/.exec(await remove.innerText())![0];
  await question.getByLabel(`Type remove ${n}`).fill(`remove ${n}`);
  await remove.click();
  await expect(rowOf(page, /PatchTuesday on web0[34]/)).toHaveCount(0);
});

test('a double-click opens the row of the first click, and none when another came in between', async () => {
  const id = await rowOf(page, /on web01$/)
    .first()
    .evaluate(({ id: row }) => row.slice('row-'.length).split('/')[0]!);
  await launched.app.evaluate(({ ipcMain }) => {
    const asked: unknown[] = [];
    Object.assign(globalThis, { asked });
    ipcMain.removeAllListeners('session.connect');
    ipcMain.on('session.connect', (event, id, request) => {
      asked.push(request);
      event.reply('answered', id, { ok: true });
    });
  });
  const asked = () => launched.app.evaluate(() => (globalThis as { asked?: unknown[] }).asked!.length);
  const tell = (...names: string[]) =>
    launched.app.evaluate(
      ({ BrowserWindow }, { computerId, all }) => {
        const sessions = all.map((name, i) => ({
          ...{
            id: i,
            name,
            computerName: 'web01',
            instanceId: name,
            state: 'Disconnected',
            availability: 'None',
          },
          ...{ configurationName: 'Microsoft.PowerShell', shell: { shellId: name } },
        }));
        const status = { kind: 'answered', last: { at: Date.now(), sessions } };
        const [window] = BrowserWindow.getAllWindows();
        window!.webContents.send('fleet.changed', JSON.stringify([[computerId, status]]));
      },
      { computerId: id, all: names },
    );
  await tell('qqB', 'qqC');
  await filter().fill('qq');
  const { x, y, height } = (await rowOf(page, /qqC/).boundingBox())!;
  await page.mouse.move(x + 200, y + height / 2);
  const click = async (clickCount: number) => {
    await page.mouse.down({ clickCount });
    await page.mouse.up({ clickCount });
  };
  await click(1);
  await expect(rowOf(page, /qqC/)).toHaveAttribute('aria-selected', 'true');
  await tell('qqA', 'qqB', 'qqC');
  await expect(rowOf(page, /qqA/)).toBeVisible();
  await click(2);
  await expect(rowOf(page, /qqB/)).toHaveAttribute('aria-selected', 'true');
  expect(await asked()).toBe(0);
  await rowOf(page, /qqB/).dblclick();
  await expect.poll(asked).toBe(1);
  // While the button is down, too: what it went down on is meant.
  await tell('qqB', 'qqC');
  await expect(rowOf(page, /qqA/)).toHaveCount(0);
  await page.mouse.move(x + 200, y + height / 2);
  await page.mouse.down();
  await tell('qqA', 'qqB', 'qqC');
  await expect(rowOf(page, /qqA/)).toBeVisible();
  await page.mouse.up();
  const selected = sessionsOf(page).getByRole('row', { selected: true });
  await expect(selected).toHaveAccessibleName(/qqC/);
  // As a screen reader clicks: without a button that goes down.
  await rowOf(page, /qqA/).evaluate((row: HTMLElement) => row.click());
  await expect(selected).toHaveAccessibleName(/qqA/);
});

/** The fleet moves on, and nobody tells the page. */
const hearNothingMore = () =>
  launched.app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    const send = webContents.send.bind(webContents);
    webContents.send = (event: string, ...payload: unknown[]) => {
      if (event !== 'fleet.changed') send(event, ...payload);
    };
  });

test('the pointer means the row under it, wherever the keyboard is; the list moves for no click and no unfinished term', async () => {
  await page.setViewportSize({ width: 1440, height: 600 });
  await hearNothingMore();
  const box = (await sessionsOf(page).boundingBox())!;
  const [x, y] = [box.x + 300, box.y + 200];
  /** The row at the pointer, and how far the list is scrolled. */
  const under = () =>
    page.evaluate(
      ([left = 0, top = 0]) => [
        document.elementFromPoint(left, top)?.closest('[role=row]')?.getAttribute('aria-label'),
        document.querySelector('[role=treegrid]')?.scrollTop,
      ],
      [x, y],
    );
  await filter().click();
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, 400);
  await expect.poll(async () => (await under())[1]).toBe(400);
  const meant = await under();
  await page.keyboard.press('-'); // how a term begins: it changes nothing yet
  expect(await under()).toEqual(meant);
  await page.keyboard.press('Backspace');
  await page.mouse.click(x, y, { delay: 60 });
  expect(await under()).toEqual(meant);
  await expect(sessionsOf(page).getByRole('row', { selected: true })).toHaveAccessibleName(
    meant[0] as string,
  );
  // At once after it was scrolled, too.
  await page.mouse.wheel(0, 200);
  await expect.poll(async () => (await under())[1]).toBe(600);
  const next = await under();
  await page.mouse.click(x, y);
  await expect(sessionsOf(page).getByRole('row', { selected: true })).toHaveAccessibleName(next[0] as string);
});
