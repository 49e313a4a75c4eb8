import { expect, test, vi } from 'vitest';
import type { ProfileShown } from '../shared/contract.ts';
import { settingsChangeSchema } from '../shared/settings.ts';
import { changed, remember, restored, toSettings } from './remembered.ts';
import { apiOf } from './store-fixture.ts';
import { createAppStore } from './store.ts';

const group = { id: '00000000-0000-4000-8000-000000000001', name: 'Production', options: {} };
const below = { id: '00000000-0000-4000-8000-000000000002', name: 'Web', parentId: group.id, options: {} };
const profile: ProfileShown = { sample: false, groups: [group, below], computers: [], views: [] };

function setup() {
  const invoke = vi.fn(async () => undefined);
  const { api, hear } = apiOf(invoke);
  const store = createAppStore(api);
  const waiting: (() => void)[] = [];
  remember(store, api, (_ms, run) => {
    waiting.push(run);
    return () => undefined;
  });
  return {
    store,
    invoke,
    state: () => store.getState(),
    hear,
    wait: () => {
      for (const run of waiting.splice(0)) run();
    },
  };
}

test('from a place that is taken away it goes to all computers, with nothing selected; who looks elsewhere stays', () => {
  const { state, hear } = setup();
  hear('settings.changed', { version: 1 });
  hear('profile.changed', profile);
  const selection = { selected: new Set(['a/one']) };
  state().show({ place: `group:${group.id}`, selection });
  hear('profile.patched', { put: {}, remove: { groups: [below.id] } });
  expect(state()).toMatchObject({ place: `group:${group.id}`, selection });
  hear('profile.patched', { put: {}, remove: { groups: [group.id] } });
  expect(state().place).toBe('all');
  expect(state().selection.selected.size).toBe(0);
});

test('what was changed right before the sample fleet was opened is kept', () => {
  const { invoke, state, hear, wait } = setup();
  hear('settings.changed', { version: 1 });
  hear('profile.changed', profile);
  wait();
  state().show({ place: `group:${group.id}` });
  hear('profile.changed', { ...profile, sample: true });
  wait();
  expect(invoke.mock.calls).toEqual([['settings.change', { place: `group:${group.id}` }]]);
});

test('place, open groups and sizes come back, once', () => {
  const { state, hear } = setup();
  hear('profile.changed', profile);
  expect([...state().expanded]).toEqual([group.id]);
  hear('settings.changed', {
    version: 1,
    place: `group:${below.id}`,
    expanded: [],
    sizes: { tree: 300 },
    detailsOpen: false,
  });
  expect(state()).toMatchObject({
    place: `group:${below.id}`,
    details: false,
    sizes: { tree: 300, details: 280 },
  });
  expect([...state().expanded]).toEqual([group.id]); // the place must be seen
  state().show({ place: 'all' });
  hear('settings.changed', { version: 1, place: `group:${below.id}` });
  expect(state().place).toBe('all');
});

test('that all computers stand open, or not, comes back as it was left; at first they do where there are no groups', () => {
  const left = setup();
  left.hear('profile.changed', profile);
  left.hear('settings.changed', { version: 1 });
  expect(left.state().expanded.has('all')).toBe(false);
  left.state().show({ expanded: new Set([group.id, 'all']) });
  left.wait();
  expect(left.invoke.mock.calls).toEqual([['settings.change', { expanded: [group.id, 'all'] }]]);
  expect(settingsChangeSchema.safeParse({ expanded: [group.id, 'all'] }).success).toBe(true);

  const opened = (groups: ProfileShown['groups'], expanded?: string[]) => {
    const { state, hear } = setup();
    hear('profile.changed', { ...profile, groups });
    hear('settings.changed', { version: 1, expanded });
    return [...state().expanded];
  };
  expect(opened([group, below], [group.id, 'all'])).toEqual([group.id, 'all']);
  expect(opened([])).toEqual(['all']);
  expect(opened([], [])).toEqual([]);
});

test('what changes is kept a moment later, once and alone; what was brought back is not', () => {
  const { state, hear, invoke, wait } = setup();
  hear('profile.changed', profile);
  hear('settings.changed', { version: 1 });
  wait();
  expect(invoke).not.toHaveBeenCalled();
  state().show({ treeOpen: false });
  state().show({ sizes: { tree: 200, details: 280, console: 320 } });
  wait();
  expect(invoke.mock.calls).toEqual([
    ['settings.change', { treeOpen: false, sizes: { tree: 200, details: 280, console: 320 } }],
  ]);
});

test('how the sample fleet is looked at is nobody’s business', () => {
  const { state, hear, invoke, wait } = setup();
  hear('settings.changed', { version: 1 });
  hear('profile.changed', { ...profile, sample: true });
  state().show({ place: 'failed' });
  wait();
  expect(invoke).not.toHaveBeenCalled();
});

test('a place that is gone is left for all', () => {
  const { state, hear } = setup();
  hear('profile.changed', profile);
  hear('settings.changed', { version: 1, place: `group:${below.id}` });
  hear('profile.changed', { ...profile, groups: [group] });
  expect(state().place).toBe('all');
});

test('where Details lies over the table, neither is it opened nor is that remembered', () => {
  const { state } = setup();
  const narrow = { ...state(), profile, isNarrow: true, details: false };
  expect(restored({ ...narrow, settings: { version: 1, detailsOpen: true } }).details).toBe(false);
  expect(toSettings(narrow)).not.toHaveProperty('detailsOpen');
});

test('only the fields that differ are sent', () => {
  expect(changed({ place: 'all', expanded: ['a'] }, { place: 'failed', expanded: ['a'] })).toEqual({
    place: 'failed',
  });
});
