import { afterAll, expect, test, vi } from 'vitest';
import type { Api } from './api.ts';
import { LONGEST_MENU_LABEL } from '../shared/request-limits.ts';
import { menusShown } from './menus.ts';
import { createAppStore } from './store.ts';

const api: Api = { platform: 'darwin', invoke: (async () => undefined) as never, on: () => () => undefined };

// Where the platform is written.
vi.stubGlobal('document', { documentElement: { dataset: { platform: 'darwin' } } });
afterAll(() => vi.unstubAllGlobals());

test('a label that is too long for the system’s menus is cut, or they would all be refused', () => {
  const { getState, setState } = createAppStore(api);
  const undo = `Rename ${'x'.repeat(250)}`;
  setState({ profile: { sample: false, groups: [], computers: [], views: [], undo } });
  const labels = menusShown(getState()).flatMap(({ items }) =>
    items.flatMap((item) => (item === 'separator' ? [] : item.label)),
  );
  expect(labels).toContain(`Undo: ${undo}`.slice(0, LONGEST_MENU_LABEL - 1) + '…');
  expect(Math.max(...labels.map(({ length }) => length))).toBe(LONGEST_MENU_LABEL);
});
