import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { PROFILE_VERSION } from '../shared/computer.ts';
import type { Computer, Group, ProfileContent } from '../shared/computer.ts';
import { LiveProfile } from './live-profile.ts';
import { openProfiles } from './store/profiles.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const computer = (n: number, rest: Partial<Computer> = {}): Computer => ({
  id: id(n),
  computerName: `srv${n}`,
  groupIds: [],
  options: {},
  tags: [],
  ...rest,
});
const group = (n: number, name: string): Group => ({ id: id(n), name, options: {} });
const put = (one: Computer) => (all: ProfileContent) => ({
  ...all,
  computers: [...all.computers.filter((other) => other.id !== one.id), one],
});
const names = ({ content }: LiveProfile) => content.computers.map((one) => one.computerName);

function setup() {
  const file = join(mkdtempSync(join(tmpdir(), 'pssm-live-')), 'profile.json');
  const notices: string[] = [];
  const open = (isCredentialDeleted = (_: string) => false) =>
    new LiveProfile({
      store: openProfiles(file),
      changed: () => undefined,
      notice: (sentence) => notices.push(sentence),
      isCredentialDeleted,
    });
  return { file, open, profile: open(), notices };
}

test('every edit can be undone and redone, to the letter', async () => {
  const { profile } = setup();
  await profile.edit('Add srv1', put(computer(1)));
  await profile.edit('Add group', (all) => ({ ...all, groups: [group(9, 'Web')] }));
  await profile.edit('Move srv1', put(computer(1, { groupIds: [id(9)], tags: ['prod'] })));
  const after = profile.content;
  expect(profile.steps).toEqual({ undo: 'Move srv1' });
  for (let n = 0; n < 3; n++) await profile.undo();
  expect(profile.content).toEqual({ groups: [], computers: [], views: [] });
  expect(profile.steps).toEqual({ redo: 'Add srv1' });
  await expect(profile.undo()).rejects.toThrow('nothing to undo');
  for (let n = 0; n < 3; n++) await profile.redo();
  expect(profile.content).toEqual(after);
  await expect(profile.redo()).rejects.toThrow('nothing to redo');
});

test('a new edit ends what could be redone, an edit that changes nothing is none', async () => {
  const { profile } = setup();
  await profile.edit('Add srv1', put(computer(1)));
  await profile.edit('Nothing', (all) => all);
  await profile.undo();
  await profile.edit('Add srv2', put(computer(2)));
  expect(profile.steps).toEqual({ undo: 'Add srv2' });
});

test('what an undo brings back stands where it stood, beside what came and went meanwhile', async () => {
  const { profile, open } = setup();
  for (const n of [1, 2, 3, 4, 5]) await profile.edit('Add', put(computer(n)));
  const without = (gone: readonly number[]) => (all: ProfileContent) => ({
    ...all,
    computers: all.computers.filter(({ computerName }) => !gone.includes(Number(computerName.slice(3)))),
  });
  await profile.edit('Remove', without([1, 3, 4]));
  await profile.undo();
  expect(names(profile)).toEqual(['srv1', 'srv2', 'srv3', 'srv4', 'srv5']);
  await profile.redo();
  expect(names(profile)).toEqual(['srv2', 'srv5']);
  const other = open();
  await other.edit('Remove', without([2]));
  await other.edit('Add', put(computer(6)));
  await profile.undo();
  expect(names(profile)).toEqual(['srv1', 'srv3', 'srv4', 'srv5', 'srv6']);
});

test('an undo takes back its own edit, not what another process did meanwhile', async () => {
  const { profile, open } = setup();
  await profile.edit('Add srv1', put(computer(1)));
  const other = open();
  await other.edit('Add srv2', put(computer(2)));
  await profile.undo();
  expect(names(profile)).toEqual(['srv2']);
});

test('what another process changed meanwhile is not overwritten, and that is said', async () => {
  const { profile, open } = setup();
  await profile.edit('Add srv1', put(computer(1)));
  await profile.edit('Rename', put(computer(1, { notes: 'mine' })));
  await open().edit('Rename', put(computer(1, { notes: 'theirs' })));
  await expect(profile.undo()).rejects.toThrow('“Rename” is not undone: the same was changed elsewhere');
  expect(profile.content.computers).toEqual([computer(1, { notes: 'theirs' })]);
  // The edit before it, too, was on what they changed: there is nothing left to take back, and what it was is known.
  expect(profile.steps).toEqual({ lostUndo: 'Rename' });
  await profile.edit('Add srv2', put(computer(2)));
  await profile.undo();
  expect(profile.steps).toEqual({ redo: 'Add srv2' });
});

test('an undo of what another process took away is not offered any more, and what stands before it is', async () => {
  const { profile, open } = setup();
  await profile.edit('Add srv1', put(computer(1)));
  await profile.edit('Add group', (all) => ({ ...all, groups: [group(8, 'Web')] }));
  await profile.edit('Rename', put(computer(1, { notes: 'mine' })));
  await profile.undo();
  const other = open();
  await other.edit('Remove group', (all) => ({ ...all, groups: [] }));
  await other.edit('Edit srv1', put(computer(1, { notes: 'theirs' })));
  await other.edit('Edit srv1', put(computer(1)));
  await profile.load();
  expect(profile.steps).toEqual({ undo: 'Add srv1', redo: 'Rename' });
  await other.edit('Edit srv1', put(computer(1, { notes: 'theirs' })));
  await profile.load();
  expect(profile.steps).toEqual({ lostUndo: 'Add group', lostRedo: 'Rename' });
});

test('what another process changed under a later edit is not offered once that is undone, nor redone', async () => {
  const { profile, open } = setup();
  await profile.edit('Add srv1', put(computer(1)));
  await profile.edit('Add srv2', put(computer(2)));
  await profile.edit('Add srv3', put(computer(3)));
  const other = open();
  await other.edit('Edit srv1', put(computer(1, { notes: 'theirs' })));
  await profile.undo();
  await profile.undo();
  expect(profile.steps).toEqual({ lostUndo: 'Add srv1', redo: 'Add srv2' });
  await other.edit('Add srv3', put(computer(3, { notes: 'theirs' })));
  await profile.redo();
  expect(profile.steps).toEqual({ undo: 'Add srv2', lostRedo: 'Add srv3' });
});

test('a credential that went since keeps nobody from taking back an edit', async () => {
  const { open } = setup();
  const deleted = new Set<string>();
  const profile = open((one) => deleted.has(one));
  const signIn = { kind: 'credential', credentialId: id(7) } as const;
  await profile.edit('Add srv1', put(computer(1, { signIn })));
  await profile.edit('Remove srv1', (all) => ({ ...all, computers: [] }));
  deleted.add(id(7));
  await profile.undo();
  expect(profile.content.computers).toEqual([computer(1)]);
  await profile.redo();
  expect(names(profile)).toEqual([]);
});

test('what is read while an undo or a redo is under way takes no step away', async () => {
  const { profile } = setup();
  const named = (name: string) => (all: ProfileContent) => ({ ...all, groups: [group(8, name)] });
  for (const name of ['a', 'b', 'c']) await profile.edit(name, named(name));
  const refused = profile.edit('bad', () => {
    throw new Error('refused'); // then the file is read once more
  });
  const undone = profile.undo();
  await expect(refused).rejects.toThrow('refused');
  await undone;
  expect(profile.steps).toEqual({ undo: 'b', redo: 'c' });
  await Promise.all([profile.load(), profile.undo()]);
  expect(profile.steps).toEqual({ undo: 'a', redo: 'b' });
  await Promise.all([profile.load(), profile.redo()]);
  expect(profile.steps).toEqual({ undo: 'b', redo: 'c' });
});

test('an undo that cannot be saved stays what can be undone, also while it is tried', async () => {
  let content: ProfileContent = { groups: [], computers: [], views: [] };
  let isFull = false;
  const profile = new LiveProfile({
    store: {
      load: async () => ({ content }),
      update: async (change) => {
        const next = change(content);
        if (isFull) throw new Error('full');
        return { content: (content = next) };
      },
      watch: () => () => undefined,
    },
    changed: () => undefined,
    notice: () => undefined,
    isCredentialDeleted: () => false,
  });
  await profile.edit('Add srv1', put(computer(1)));
  isFull = true;
  const undone = profile.undo();
  await Promise.resolve();
  expect(profile.steps).toEqual({ undo: 'Add srv1' });
  await expect(undone).rejects.toThrow('full');
  expect(profile.steps).toEqual({ undo: 'Add srv1' });
});

test('an edit that the rules refuse leaves file and steps as they were', async () => {
  const { profile, open } = setup();
  await profile.edit('Add group', (all) => ({ ...all, groups: [group(8, 'Web')] }));
  const twice = (all: ProfileContent) => ({ ...all, groups: [...all.groups, group(9, 'web')] });
  await expect(profile.edit('Add group', twice)).rejects.toMatchObject({ kind: 'invalid' });
  expect(profile.steps).toEqual({ undo: 'Add group' });
  const other = open();
  await other.load();
  expect(other.content.groups).toHaveLength(1);
});

test('what another process writes is followed; what this one writes is no news', async () => {
  const { file, profile } = setup();
  await profile.edit('Add srv1', put(computer(1)));
  const store = openProfiles(file);
  await store.load();
  const heard = vi.fn();
  const stops = [
    store.watch(heard),
    profile.watch((error) => {
      throw error;
    }),
  ];
  await store.update(put(computer(2)));
  await store.update(put(computer(3)));
  await vi.waitFor(() => expect(names(profile)).toEqual(['srv1', 'srv2', 'srv3']), 5_000);
  expect(heard).not.toHaveBeenCalled();
  for (const stop of stops) stop();
});

test('edits of very many are taken back as long as what they hold is bearable, and the last one always', async () => {
  let content: ProfileContent = { groups: [], computers: [], views: [] };
  const profile = new LiveProfile({
    store: {
      load: async () => ({ content }),
      update: async (change) => ({ content: (content = change(content)) }),
      watch: () => () => undefined,
    },
    changed: () => undefined,
    notice: () => undefined,
    isCredentialDeleted: () => false,
  });
  const all = (tag: string): ProfileContent => ({
    ...content,
    computers: Array.from({ length: 20_000 }, (_, n) => computer(n, { tags: [tag] })),
  });
  for (let n = 0; n < 5; n++) await profile.edit(`Tag ${n}`, () => all(`${n}`));
  await profile.undo();
  await profile.undo();
  expect(profile.steps).toEqual({ redo: 'Tag 3' });
  expect(profile.content.computers[0]!.tags).toEqual(['2']);
});

test('what another process wrote is followed, though an edit was refused for it right then', async () => {
  const { profile, open } = setup();
  await profile.edit('Add srv1', put(computer(1)));
  await open().edit('Add srv2', put(computer(2)));
  const refused = profile.edit('Add srv2', () => {
    throw new Error('There is a srv2 already.');
  });
  await expect(refused).rejects.toThrow('already');
  await vi.waitFor(() => expect(names(profile)).toEqual(['srv1', 'srv2']));
});

test('while a newer version’s file stands there what was known last stays shown, and can be edited once that is gone', async () => {
  const { file, profile, notices } = setup();
  for (const n of [1, 2]) await profile.edit(`Add srv${n}`, put(computer(n)));
  const own = readFileSync(file, 'utf8');
  writeFileSync(file, JSON.stringify({ version: PROFILE_VERSION + 1, more: [] }));
  await profile.load();
  await profile.load();
  expect(names(profile)).toEqual(['srv1', 'srv2']);
  expect(profile.steps).toEqual({ undo: 'Add srv2' });
  expect(notices).toEqual([expect.stringContaining('come from a newer version of the app')]);
  await expect(profile.edit('Add srv3', put(computer(3)))).rejects.toThrow('Nothing was saved');
  await expect(profile.undo()).rejects.toThrow('Nothing was saved');
  writeFileSync(file, own);
  await profile.edit('Add srv3', put(computer(3)));
  for (let n = 0; n < 3; n++) await profile.undo();
  expect(names(profile)).toEqual([]);
});

test('a file that is taken away leaves what was shown, said once, and the next edit is put on that', async () => {
  const { file, profile, notices } = setup();
  for (const n of [1, 2, 3]) await profile.edit(`Add srv${n}`, put(computer(n)));
  rmSync(file);
  await profile.load();
  await profile.load();
  expect(names(profile)).toEqual(['srv1', 'srv2', 'srv3']);
  expect(notices).toEqual([expect.stringContaining('the file was taken away')]);
  await profile.edit('Add srv4', put(computer(4)));
  expect([names(profile), notices.length]).toEqual([['srv1', 'srv2', 'srv3', 'srv4'], 1]);
  rmSync(file);
  await profile.load();
  expect(notices).toHaveLength(2);
});
