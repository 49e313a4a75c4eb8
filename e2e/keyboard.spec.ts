import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { choose, filterBox, inTree, openByMouse, outputOf, rowOf, sessionsOf } from './journeys.ts';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';
import { startSimulatedServer } from './simulated-server.ts';

test('by the keyboard alone from the first start to what a session said, and out of it again', async () => {
  const server = await startSimulatedServer();
  const launched = await launch();
  const { app, page, errors } = launched;
  await expect(page.getByRole('region', { name: 'First run' })).toBeVisible();
  const { keyboard } = page;
  await keyboard.press('Control+Shift+N');
  // Dialogs are read once the window is drawn: on a busy machine not at once.
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused();
  await keyboard.type('Database');
  await keyboard.press('Enter');
  await expect(inTree(page, 'Database')).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Control+N');
  await keyboard.type(`127.0.0.1:${server.port} `);
  const [asking] = await Promise.all([app.waitForEvent('window'), keyboard.press('Control+Enter')]);
  await expect(asking.getByLabel('Account')).toBeFocused();
  await asking.keyboard.type(server.username);
  await asking.keyboard.press('Tab');
  await asking.keyboard.type(server.password);
  await Promise.all([asking.waitForEvent('close'), asking.keyboard.press('Enter').catch(() => undefined)]);

  await keyboard.press('Control+F');
  await keyboard.type('night');
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText(/^1 of /);
  await keyboard.press('Escape'); // the suggestions
  await keyboard.press('Control+2');
  await expect(sessionsOf(page)).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Enter');
  const log = page.getByRole('log', { name: 'Output' });
  await expect(log).toContainText('CONTOSO_CRM');
  await keyboard.press('Control+3');
  await expect(log).toBeFocused();
  await expect(rowOf(page, /^(?:Busy|Available), NightlyBackup on 127.0.0.1/)).toBeVisible();
  await keyboard.press('Control+C'); // nothing is selected there: it leaves
  await expect(rowOf(page, 'Ready, NightlyBackup on 127.0.0.1')).toBeVisible();
  expect(await outputOf(launched)).not.toEqual([]);
  expect(errors).toEqual([]);
  await app.close();
  await server.stop();
});

test('keys pressed before the tree is drawn, which the table does not wait for, lead to it all the same', async () => {
  const { app, page } = await launch({ args: ['--sample'] });
  await expect(sessionsOf(page)).toBeVisible();
  for (const key of [{ key: '1', ctrlKey: true }, { key: 'F6' }]) {
    await page.addInitScript((pressed) => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector('[role=treegrid]')) return;
        observer.disconnect();
        (window as { early?: boolean }).early = document.querySelector('[role=tree]') === null;
        document.body.dispatchEvent(new KeyboardEvent('keydown', { ...pressed, bubbles: true }));
      }).observe(document, { childList: true, subtree: true });
    }, key);
    await page.reload();
    await expect(page.getByRole('tree')).toBeFocused();
    expect(await page.evaluate(() => (window as { early?: boolean }).early)).toBe(true);
  }
  await app.close();
});

/** Figures grow meanwhile. */
const plain = (name: string) => name.replace(/\d+/g, 'n');

test.describe('keys, by the region that has the focus', () => {
  let launched: Launched;
  let page: Page;
  const press = (key: string) => page.keyboard.press(key);
  const clipboard = () => launched.app.evaluate(({ clipboard: board }) => board.readText());
  const empty = () => launched.app.evaluate(({ clipboard: board }) => board.writeText(''));
  test.beforeAll(async () => {
    launched = await launch({ args: ['--sample'] });
    page = launched.page;
    await page.setViewportSize({ width: 1440, height: 900 });
    await openByMouse(rowOf(page, 'Ready, NightlyBackup on sql02'));
    await expect(page.getByRole('log', { name: 'Output' })).toContainText('CONTOSO_');
  });
  test.afterAll(() => launched.app.close());

  test('Ctrl+C copies rows in the table, and in the output what is selected there', async () => {
    await choose(rowOf(page, /IndexRebuild on sql02/));
    await press('Control+C');
    await expect.poll(clipboard).toMatch(/\tIndexRebuild\t/);
    await press('Control+Shift+C');
    await expect.poll(clipboard).toMatch(/^Get-PSSession -ComputerName sql02 /);

    await empty();
    const log = page.getByRole('log', { name: 'Output' });
    await press('Control+3');
    await expect(log).toBeFocused();
    const text = await log.evaluate((element) => {
      const line = element.querySelector('.tall > * > span')!;
      getSelection()!.selectAllChildren(line);
      return line.textContent;
    });
    await press('Control+C');
    await expect.poll(clipboard).toBe(text);
    // It went nowhere else: the session is still held.
    await expect(page.getByRole('tab', { name: /NightlyBackup/ })).toBeVisible();
    await expect(rowOf(page, /^(?:Busy|Available), NightlyBackup on sql02/)).toBeVisible();
    await page.evaluate(() => getSelection()!.removeAllRanges());
  });

  test('what is selected in the output stays selected while the log goes on, and is copied whole', async () => {
    const log = page.getByRole('log', { name: 'Output' });
    const numbers = () =>
      log.evaluate((element) =>
        [...element.querySelectorAll<HTMLElement>('[data-line]')].map((one) => Number(one.dataset['line'])),
      );
    await log.evaluate((element) => element.scrollTo(0, 0));
    await expect.poll(async () => (await numbers())[0]).toBe(0);
    const [first, second] = await log.evaluate((element) => {
      const spans = [...element.querySelectorAll('[data-line] > span')].slice(0, 2);
      getSelection()!.setBaseAndExtent(spans[0]!, 0, spans[1]!, spans[1]!.childNodes.length);
      return spans.map((one) => one.textContent);
    });
    // Other lines are drawn instead, as when a log goes on, only at once.
    await log.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect.poll(async () => (await numbers()).at(-1)).toBeGreaterThan(200);
    expect((await numbers()).slice(0, 2)).toEqual([0, 1]);
    await empty();
    await press('Control+3');
    await press('Control+C');
    await expect.poll(clipboard).toBe(`${first}\n${second}`);

    // From the first line to one far below, with all that is not drawn between.
    const last = await log.evaluate((element) => {
      const line = [...element.querySelectorAll<HTMLElement>('[data-line]')].at(-1)!;
      getSelection()!.extend(line.lastElementChild!, 1);
      return Number(line.dataset['line']);
    });
    await press('Control+C');
    await expect.poll(async () => (await clipboard()).split('\n').length).toBe(last + 1);
    expect((await clipboard()).startsWith(`${first}\n${second}\n`)).toBe(true);
    await page.evaluate(() => getSelection()!.removeAllRanges());
  });

  test('Space, Delete and letters are text where text is typed', async () => {
    await press('/');
    await expect(filterBox(page)).toBeFocused();
    await page.keyboard.type('sql 02/');
    await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
    await press('Home');
    await press('Delete');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await press('Escape');
    await press('Escape');
    await expect(filterBox(page)).toHaveValue('');
    await press('Escape');
    await expect(sessionsOf(page)).toBeFocused();
    await press('Space');
    await expect(page.getByRole('complementary', { name: 'Details' })).toBeHidden();
    await press('Space');
  });

  test('F6 goes round all panes and back, each with the one ring', async () => {
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: at } = document;
        return at?.getAttribute('aria-label') ?? at?.id ?? '';
      });
    await press('Control+1');
    await expect(page.getByRole('tree')).toBeFocused();
    const seen: string[] = [];
    for (let i = 0; i < 6; i++) {
      const here = await focused();
      seen.push(here);
      await press('F6');
      await expect.poll(focused).not.toBe(here); // the focus goes with the next frame
    }
    expect(seen).toEqual(['Computers', 'Filter sessions', 'Sessions', 'Output', 'Details', 'Status bar']);
    await expect(page.getByRole('tree')).toBeFocused();
    await press('Shift+F6');
    await expect(page.getByRole('contentinfo', { name: 'Status bar' })).toBeFocused();
  });

  test('what can be clicked can be reached by Tab, or has a command in the palette', async () => {
    await press('Control+2');
    await expect(sessionsOf(page)).toBeFocused();
    await press('End'); // where the failed computers stand
    await press('Control+1');
    await expect(page.getByRole('tree')).toBeFocused();
    const nameOf = (one: Element | null) => one?.getAttribute('aria-label') ?? one?.textContent ?? '';
    const reached = new Set<string>();
    for (let i = 0; i < 80; i++) {
      await press('Tab');
      const name = await page.evaluate(`(${nameOf})(document.activeElement)`);
      if (name === 'Computers') break;
      reached.add(plain(String(name)));
    }
    const buttons = await page.getByRole('main').getByRole('button').all();
    const all = await Promise.all(buttons.map((button) => button.evaluate(nameOf)));
    const unreached = all.map(plain).filter((name) => !reached.has(name));
    // On a line of the table, which the arrows lead to; it has a command of its own.
    expect([...new Set(unreached)]).toEqual(['Retry failed only']);
    await press('Control+Shift+P');
    const options = page.getByRole('listbox', { name: 'Results' }).getByRole('option');
    for (const command of ['Retry failed only', 'Go to offline or failed']) {
      await page.keyboard.type(`>${command}`);
      await expect(options.first()).toContainText(command);
      await press('Control+A');
    }
    await press('Escape');
  });
});
