import { expect, test } from '@playwright/test';
import type { CDPSession, Locator, Page } from '@playwright/test';
import { choose, rowOf, sessionsOf, sweepEnded } from './journeys.ts';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';

/** What the browser tells a screen reader of one element. */
interface Told {
  readonly role: string;
  readonly name: string;
  readonly description: string;
  readonly level?: number;
  readonly selected?: boolean;
  readonly expanded?: boolean;
  readonly children: readonly Omit<Told, 'children'>[];
}

interface AXNode {
  readonly nodeId: string;
  readonly parentId?: string;
  readonly ignored: boolean;
  readonly role?: { readonly value?: unknown };
  readonly name?: { readonly value?: unknown };
  readonly description?: { readonly value?: unknown };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
}

const textOf = (value: { readonly value?: unknown } | undefined) => String(value?.value ?? '');

/** The table as it stands in the accessibility tree: its heads and lines from top to bottom, each with its cells. */
async function linesOf(tools: CDPSession): Promise<Told[]> {
  const { nodes } = (await tools.send('Accessibility.getFullAXTree')) as { nodes: AXNode[] };
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  /** What is ignored is not there for a reader, its children are. */
  const parentOf = (node: AXNode): AXNode | undefined => {
    const parent = byId.get(node.parentId ?? '');
    return parent && (parent.ignored || textOf(parent.role) === 'rowgroup') ? parentOf(parent) : parent;
  };
  const grid = nodes.find((node) => textOf(node.role) === 'treegrid')!;
  const tell = (node: AXNode) => {
    const property = (name: string) => node.properties?.find((one) => one.name === name)?.value.value;
    const [level, selected, expanded] = [property('level'), property('selected'), property('expanded')];
    return {
      role: textOf(node.role),
      name: textOf(node.name),
      description: textOf(node.description),
      ...(level !== undefined && { level: Number(level) }),
      ...(selected !== undefined && { selected: selected === true }),
      ...(expanded !== undefined && { expanded: expanded === true }),
    };
  };
  const below = (parent: AXNode) =>
    nodes.filter((node) => !node.ignored && textOf(node.role) !== 'rowgroup' && parentOf(node) === parent);
  return below(grid).map((row) => ({ ...tell(row), children: below(row).map(tell) }));
}

/** Where the reader's cursor is: the line that the arrows are on, and its place in the whole. */
const activeLine = (grid: Locator) =>
  grid.evaluate((element) => {
    const line = document.getElementById(element.getAttribute('aria-activedescendant') ?? '');
    const figure = (of: Element | null, name: string) => Number(of?.getAttribute(name));
    return {
      name: line?.getAttribute('aria-label') ?? '',
      rowIndex: figure(line, 'aria-rowindex'),
      rowCount: figure(element, 'aria-rowcount'),
      position: figure(line, 'aria-posinset'),
      brothers: figure(line, 'aria-setsize'),
    };
  });

test.describe('as a screen reader reads it', () => {
  let launched: Launched;
  let page: Page;
  let tools: CDPSession;
  test.beforeAll(async () => {
    launched = await launch({ args: ['--sample'] });
    page = launched.page;
    await page.setViewportSize({ width: 1440, height: 900 });
    tools = await page.context().newCDPSession(page);
    await expect(rowOf(page, 'Broken, Deploy-2211 on web06')).toBeVisible();
    await sweepEnded(page);
  });
  test.afterAll(() => launched.app.close());

  test('the table: heads, groups over their sessions, and of each session what it is before all else', async () => {
    await choose(rowOf(page, 'Ready, NightlyBackup on sql02'));
    await expect(sessionsOf(page)).toHaveAttribute('aria-multiselectable', 'true');
    const [head, ...lines] = await linesOf(tools);
    expect(head!.children.map(({ role }) => role)).toEqual(head!.children.map(() => 'columnheader'));
    const titles = head!.children.map(({ name }) => name);
    expect(titles.slice(0, 4)).toEqual(['State', 'Availability', 'Name', 'Computer']);

    expect(lines.length).toBeGreaterThan(15);
    expect(lines[0]).toMatchObject({ level: 1, expanded: true });
    for (const { role, name, level, selected, children } of lines) {
      expect(role).toBe('row');
      if (level === 1) {
        expect(name).toMatch(/^[A-Z].*, \d+ (?:sessions? on \d+ )?computers?/);
        continue;
      }
      expect(level).toBe(2);
      const [state, , session, computer] = children.map((cell) => cell.name);
      expect(name).toBe(`${state}, ${session} on ${computer}`);
      expect(children.map((cell) => cell.role)).toEqual(
        titles.map((title) => (title === 'State' ? 'rowheader' : 'gridcell')),
      );
      expect(selected, name).toBe(name === 'Ready, NightlyBackup on sql02');
    }
    const ready = lines.find(({ name }) => name === 'Ready, NightlyBackup on sql02')!;
    expect(ready.children[0]).toMatchObject({ name: 'Ready', description: 'Disconnected, None' });
    const inUse = lines.find(({ name }) => name.startsWith('In use, PatchTuesday'))!;
    expect(inUse.children[titles.indexOf('In use by')]!.description).toBe('CONTOSO\\ann from 10.0.4.17');
  });

  test('the arrows lead from line to line in the order in which they are read, also where the table scrolls', async () => {
    const table = sessionsOf(page);
    await table.focus();
    await page.keyboard.press('Home');
    const heard = [await activeLine(table)];
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('ArrowDown');
      heard.push(await activeLine(table));
    }
    for (const [i, { rowIndex, rowCount }] of heard.entries()) {
      expect(rowIndex).toBe(i + 2); // the heads are the first row
      expect(rowCount).toBeGreaterThan(rowIndex);
    }
    const read = (await linesOf(tools)).map(({ name }) => name);
    const last = heard.slice(-5).map(({ name }) => name);
    expect(read.slice(read.indexOf(last[0]!), read.indexOf(last[0]!) + 5)).toEqual(last);
    await page.keyboard.press('Shift+ArrowUp');
    await expect(table.getByRole('row', { selected: true })).toHaveCount(2);
  });

  test('the tree: each line by its name, its level, its place among its brothers, and its counts as a picture', async () => {
    const tree = page.getByRole('tree', { name: 'Computers' });
    await tree.focus();
    await page.keyboard.press('Home');
    const first = await activeLine(tree);
    expect(first.position).toBe(1);
    await page.keyboard.press('ArrowDown');
    expect(await activeLine(tree)).toMatchObject({ position: 2, brothers: first.brothers });
    const group = tree.getByRole('treeitem', { name: 'Database' });
    await expect(group).toHaveAttribute('aria-level', '2');
    await expect(group).toHaveAttribute('aria-expanded', 'false');
    await expect(group.getByRole('img')).toHaveAccessibleName(/^\d+ ready, \d+ in use/);
  });

  test('a sweep is said politely, and not at every computer', async () => {
    await page.getByRole('tree').getByRole('treeitem', { name: 'All computers' }).click();
    const status = page.getByRole('status', { name: 'Sweep' });
    await expect(status).toHaveAttribute('aria-live', 'polite');
    const heard = await status.evaluateHandle((element) => {
      const texts: string[] = [];
      new MutationObserver(() => texts.push(element.textContent)).observe(element, {
        characterData: true,
        childList: true,
        subtree: true,
      });
      return texts;
    });
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect
      .poll(async () => (await heard.jsonValue()).at(-1))
      .toMatch(/^40 computers asked in .+, \d+ failed$/);
    const texts = await heard.jsonValue();
    for (const text of texts.slice(0, -1)) expect(text).toMatch(/^(?:Asking|\d+ % of) 40 computers$/);
    expect(texts.length).toBeLessThanOrEqual(5);
    // Of one that is asked alone nothing is said that is true of all.
    await choose(rowOf(page, 'Available, Deploy-2211 on web01'));
    await page.keyboard.press('Shift+F5');
    await expect(status).toHaveText(/^1 computer asked in .+, none failed$/);
  });
});
