import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { filterBox, rowOf, sessionsOf } from './journeys.ts';
import { launch } from './launch.ts';

const SIDEWAYS = 'the frame scrolls sideways';

/**
 * What is lost: a frame that scrolls sideways, controls that are neither in sight nor can be scrolled to, words on
 * buttons that are cut off without an ellipsis, names that are cut away, and what the status bar has no room for.
 */
const lossesOf = (page: Page) =>
  page.evaluate((sideways) => {
    const { innerWidth: width, innerHeight: height } = window;
    const { documentElement: root } = document;
    const losses: string[] = [];
    if (root.scrollWidth > width || document.body.scrollWidth > width) losses.push(sideways);
    const scrolls = (element: Element | null): boolean => {
      if (!element) return false;
      const { overflowX, overflowY } = getComputedStyle(element);
      return [overflowX, overflowY].some((one) => /auto|scroll/.test(one)) || scrolls(element.parentElement);
    };
    const controls =
      'button, input, select, [role=treeitem], [role=row], [role=option], [role=tab], [role=combobox]';
    for (const one of document.querySelectorAll<HTMLElement>(controls)) {
      const box = one.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1 || getComputedStyle(one).visibility === 'hidden') continue;
      const name = one.getAttribute('aria-label') ?? one.textContent;
      const outside = box.left < -1 || box.top < -1 || box.right > width + 1 || box.bottom > height + 1;
      if (outside && !scrolls(one.parentElement)) losses.push(`out of sight: ${name}`);
      const isCut = one.tagName === 'BUTTON' && one.scrollWidth > one.clientWidth + 1;
      if (isCut && !one.querySelector('.cut')) losses.push(`cut off: ${name}`);
    }
    for (const one of document.querySelectorAll('main strong'))
      if (one.getBoundingClientRect().width < 20) losses.push(`cut away: ${one.textContent}`);
    const bar = document.querySelector('[aria-label="Status bar"]')!;
    const { bottom, right } = bar.getBoundingClientRect();
    for (const one of width < 1180 ? bar.children : []) {
      const box = one.getBoundingClientRect();
      if (box.width > 1 && (box.bottom > bottom + 1 || box.right > right + 1))
        losses.push(`not shown: ${one.textContent}`);
    }
    return losses;
  }, SIDEWAYS);

async function toTable(page: Page): Promise<void> {
  await page.keyboard.press('Control+2');
  await expect(sessionsOf(page)).toBeFocused();
}

/** At this size only some lines of the tree are in sight, and the keys lead to the rest. */
async function toTree(page: Page, key: string): Promise<void> {
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('tree')).toBeFocused();
  await page.keyboard.press(key);
}

/** As the keys go through them. */
const STEPS = [1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

for (const most of [2, 3])
  test(`at ${most * 100} % nothing is lost: no control out of reach`, async () => {
    const { app, page, errors } = await launch({ args: ['--sample'] });
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1440, 900));
    await expect(rowOf(page, 'Broken, Deploy-2211 on web06')).toBeVisible();
    expect(await lossesOf(page)).toEqual([]);
    for (const zoom of STEPS.filter((step) => step <= most)) {
      await page.keyboard.press('Control+=');
      await expect.poll(() => page.evaluate(() => innerWidth)).toBeLessThanOrEqual(1440 / zoom + 1);
    }
    // There the frame is wider than the window, and scrolls.
    const allowed = most > 2 ? [SIDEWAYS] : [];
    // By keys alone: a pointer's places are not those of the page here, as far as the driver knows.
    const press = (key: string) => () => page.keyboard.press(key);
    const screens: readonly [name: string, go: () => Promise<void>, there: Locator, leave?: string][] = [
      ['the table', () => toTable(page), sessionsOf(page)],
      ['a row', press('ArrowDown'), sessionsOf(page).getByRole('row', { selected: true })],
      ['details', press('Space'), page.getByRole('button', { name: 'Remove' }).last(), 'Space'],
      ['menu of a row', press('Shift+F10'), page.getByRole('menu'), 'Escape'],
      ['the filter', press('Control+F'), filterBox(page)],
      ['suggestions', () => page.keyboard.type('sta'), page.getByRole('listbox'), 'Escape'],
      ['add computers', press('Control+N'), page.getByRole('dialog'), 'Escape'],
      ['settings', press('Control+,'), page.getByRole('dialog'), 'Escape'],
      ['shortcuts', press('F1'), page.getByRole('dialog'), 'Escape'],
      ['palette', press('Control+Shift+P'), page.getByRole('dialog'), 'Escape'],
      ['menu bar', press('F10'), page.getByRole('menuitem', { name: 'File' }), 'Escape'],
      ['credentials', () => toTree(page, 'End'), page.getByRole('region', { name: 'Credentials' })],
      ['errors', () => toTree(page, 'ArrowUp'), page.getByRole('article').first()],
    ];
    for (const [name, go, there, leave] of screens) {
      await go();
      await expect(there, name).toBeVisible();
      expect
        .soft(
          (await lossesOf(page)).filter((loss) => !allowed.includes(loss)),
          name,
        )
        .toEqual([]);
      if (leave) await page.keyboard.press(leave);
      if (leave) await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    // What a session said lies below the table, which keeps rows in sight above it.
    await toTree(page, 'ArrowUp');
    await toTable(page);
    await page.keyboard.press('Control+F');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('name:NightlyBackup computer:sql02');
    await page.keyboard.press('Enter');
    await toTable(page);
    await rowOf(page, 'Ready, NightlyBackup on sql02').dispatchEvent('dblclick');
    await expect(page.getByRole('log', { name: 'Output' })).toBeAttached({ timeout: 20_000 });
    const tableHeight = await sessionsOf(page).evaluate(({ clientHeight }) => clientHeight);
    expect(tableHeight).toBeGreaterThanOrEqual(132);
    expect((await lossesOf(page)).filter((loss) => !allowed.includes(loss))).toEqual([]);
    await page.keyboard.press('Control+0');
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(1440);
    expect(errors).toEqual([]);
    await app.close();
  });
