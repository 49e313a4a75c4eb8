import { afterAll, expect, test, vi } from 'vitest';
import { shownTable } from './app-context.ts';
import { find } from './palette.ts';
import { paletteEntries } from './palette-entries.ts';
import { createAppStore } from './store.ts';

// Where the platform is written.
vi.stubGlobal('document', { documentElement: { dataset: { platform: 'linux' } } });
afterAll(() => vi.unstubAllGlobals());

function setup() {
  const { getState, setState } = createAppStore({
    platform: 'linux',
    invoke: (async () => undefined) as never,
    on: () => () => undefined,
  });
  const computer = { id: 'a', computerName: '127.0.0.1', groupIds: [], options: {}, tags: [] };
  setState({ profile: { sample: false, groups: [], computers: [computer], views: [] }, place: 'computer:a' });
  const found = (typed: string) => find(paletteEntries(getState()), typed).found.map(({ item }) => item);
  const choose = (typed: string) =>
    found(typed)
      .find(({ obstacle }) => !obstacle)
      ?.run(getState());
  return { getState, setState, found, choose };
}

test('what a command is called while nothing is selected finds it while something is', () => {
  const { found } = setup();
  const [edit] = found('edit comp').filter(({ obstacle }) => !obstacle);
  expect(edit).toMatchObject({ id: 'computer.edit', label: 'Edit 127.0.0.1…' });
});

test('the table is sorted by each column that is shown, and the other way round', () => {
  const { getState, setState, found, choose } = setup();
  const labels = found('sort').map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(['Sort by State', 'Sort by Expires in', 'Sort by Memory']));
  expect(labels).not.toContain('Sort by ProcessId');
  expect(found('reverse')[0]?.obstacle).toBe('The table is not sorted');
  choose('sort expires');
  expect(shownTable(getState()).sort).toEqual([{ column: 'expires', descending: false }]);
  choose('reverse');
  expect(shownTable(getState()).sort).toEqual([{ column: 'expires', descending: true }]);
  setState({ place: 'failed' });
  choose('sort by name');
  expect(getState().place).toBe('all');
  expect(shownTable(getState()).sort).toEqual([{ column: 'name', descending: false }]);
});
