import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Settings } from '../shared/settings.ts';
import { AppSettings } from './app-settings.ts';
import type { AppSettingsDeps } from './app-settings.ts';
import { openSettings } from './store/settings.ts';
import type { SettingsContent } from './store/settings.ts';

function setup(change: (store: AppSettingsDeps['store']) => Partial<AppSettingsDeps['store']> = () => ({})) {
  const file = join(mkdtempSync(join(tmpdir(), 'pssm-settings-')), 'settings.json');
  const real = openSettings(file);
  const store = {
    load: () => real.load(),
    update: (work: (content: SettingsContent) => SettingsContent) => real.update(work),
    watch: (changed: () => void) => real.watch(changed),
  };
  const shown: Settings[] = [];
  const failures: unknown[] = [];
  const settings = new AppSettings({
    store: { ...store, ...change(store) },
    changed: (one) => void shown.push(one),
    failed: (error) => void failures.push(error),
  });
  const kept = () => JSON.parse(readFileSync(file, 'utf8')) as Settings;
  return { file, settings, shown, failures, kept, other: openSettings(file) };
}

test('what is changed before the file is read adds to what the file says, name by name', async () => {
  const { settings, other, shown } = setup();
  await other.update(() => ({ sizes: { tree: 200, details: 250 }, tables: { all: { groupBy: 'owner' } } }));
  settings.change({ sizes: { tree: 300 }, tables: { failed: { groupBy: 'state' } } });
  await settings.load();
  const tables = { all: { groupBy: 'owner' }, failed: { groupBy: 'state' } };
  expect(settings.current).toEqual({ version: 1, sizes: { tree: 300, details: 250 }, tables });
  expect(shown.at(-1)).toEqual(settings.current);
});

test('a file read before a change was written takes nothing of it back', async () => {
  let letWrite: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letWrite = resolve));
  const { settings, kept } = setup((store) => ({
    update: async (work) => {
      await gate;
      return store.update(work);
    },
  }));
  await settings.load();
  settings.change({ theme: 'dark' });
  const keeping = settings.keep();
  settings.change({ zoom: 1.5 });
  await settings.load();
  expect(settings.current).toEqual({ version: 1, theme: 'dark', zoom: 1.5 });
  letWrite();
  await keeping;
  expect(settings.current).toEqual({ version: 1, theme: 'dark', zoom: 1.5 });
  expect(kept()).toEqual({ version: 1, theme: 'dark' });
  await settings.keep();
  expect(kept()).toEqual({ version: 1, theme: 'dark', zoom: 1.5 });
});

test('what another app wrote meanwhile is shown as soon as it is written on top of', async () => {
  const { settings, shown, other } = setup();
  await settings.load();
  await other.update(() => ({ density: 'roomy' }));
  settings.change({ theme: 'dark' });
  await settings.keep();
  expect(shown.at(-1)).toEqual({ version: 1, density: 'roomy', theme: 'dark' });
});

test('what could not be written is told, stays in force and is written with the next', async () => {
  let isFull = true;
  const { settings, failures, kept } = setup((store) => ({
    update: (work) => (isFull ? Promise.reject(new Error('full')) : store.update(work)),
  }));
  await settings.load();
  settings.change({ theme: 'dark' });
  await settings.keep();
  expect(failures).toHaveLength(1);
  await settings.load();
  expect(settings.current).toEqual({ version: 1, theme: 'dark' });
  isFull = false;
  settings.change({ zoom: 2 });
  await settings.keep();
  expect(kept()).toEqual({ version: 1, theme: 'dark', zoom: 2 });
});

test('a newer version’s settings are left alone, said once, and what is changed holds for the run', async () => {
  const { file, settings, failures } = setup();
  writeFileSync(file, '{"version":9}');
  expect(await settings.load()).toContain('newer version');
  settings.change({ theme: 'dark' });
  await settings.keep();
  expect([settings.current.theme, failures, readFileSync(file, 'utf8')]).toEqual([
    'dark',
    [],
    '{"version":9}',
  ]);
});

test('settings that a newer version writes meanwhile take nothing of how this window looks', async () => {
  const { file, settings, other } = setup();
  await other.update(() => ({ theme: 'dark' }));
  await settings.load();
  writeFileSync(file, '{"version":99}');
  expect(await settings.load()).toContain('newer version');
  expect(settings.current.theme).toBe('dark');
});
