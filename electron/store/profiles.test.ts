import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { PROFILE_VERSION } from '../../shared/computer.ts';
import type { Computer, ProfileContent } from '../../shared/computer.ts';
import { NOTHING, openProfiles } from './profiles.ts';

const computer = (n: number): Computer => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  computerName: `srv${n}`,
  groupIds: [],
  tags: [],
  options: {},
});
const add = (n: number) => (all: ProfileContent) => ({ ...all, computers: [...all.computers, computer(n)] });
const names = ({ content }: { content: ProfileContent }) => content.computers.map((one) => one.computerName);

function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-profile-'));
  const file = join(folder, 'profile.json');
  return { folder, file, store: openProfiles(file, { now: () => 7 }) };
}

test('the first day there is no file, and no computer', async () => {
  expect(await setup().store.load()).toEqual({ content: NOTHING, isAbsent: true });
});

test('what is saved is read back, for the owner alone', async () => {
  const { file, store } = setup();
  await store.update(add(1));
  expect(names(await openProfiles(file).load())).toEqual(['srv1']);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: PROFILE_VERSION });
});

test('two writers lose nothing: each works on what stands there by then', async () => {
  const { file, store } = setup();
  const other = openProfiles(file);
  await Promise.all([1, 2, 3, 4].map((n) => (n % 2 ? store : other).update(add(n))));
  expect(names(await store.load()).toSorted()).toEqual(['srv1', 'srv2', 'srv3', 'srv4']);
});

test('a half-written file is set aside, the backup is used, and it is said where', async () => {
  const { folder, file, store } = setup();
  await store.update(add(1));
  await store.update(add(2)); // now the backup holds srv1
  const half = readFileSync(file, 'utf8').slice(0, 40);
  writeFileSync(file, half);
  const { content, notice } = await store.load();
  expect(names({ content })).toEqual(['srv1']);
  expect(notice).toContain(join(folder, 'profile.broken-7.json'));
  expect(readFileSync(join(folder, 'profile.broken-7.json'), 'utf8')).toBe(half);
  expect(names(await store.load())).toEqual(['srv1']);
});

test('what could not be read again is not written, and says why; file and backup stay', async () => {
  const { folder, file, store } = setup();
  await store.update(add(1));
  await store.update(add(2));
  const files = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  const before = files();
  const bad = { ...computer(3), options: { applicationName: 'p'.repeat(256) } };
  const saving = store.update((all) => ({ ...all, computers: [...all.computers, bad] }));
  await expect(saving).rejects.toMatchObject({
    kind: 'invalid',
    message:
      'The saved computers stay as they were, nothing was saved: of srv3 applicationName is longer, or more, than can be kept.',
  });
  expect(files()).toEqual(before);
  await store.update(add(4));
  await store.update(add(5));
  expect(names(await openProfiles(file).load())).toEqual(['srv1', 'srv2', 'srv4', 'srv5']);
});

test('of two groups with one long name the second gets one that can be kept', async () => {
  const { file, store } = setup();
  const group = (n: number) => ({ id: computer(n).id, name: 'g'.repeat(100), options: {} });
  const text = { version: PROFILE_VERSION, ...NOTHING, groups: [group(1), group(2)] };
  writeFileSync(file, JSON.stringify(text));
  await store.update(add(3));
  const { content, notice } = await openProfiles(file).load();
  expect(content.groups.map(({ name }) => name)).toEqual(['g'.repeat(100), `${'g'.repeat(96)} (2)`]);
  expect(notice).toBeUndefined();
});

test('who dies, or fails, before the backup is back in its place loses nothing', async () => {
  const { file, store } = setup();
  await store.update(add(1));
  await store.update(add(2));
  writeFileSync(file, '{ half');
  const dying = openProfiles(file, { write: () => Promise.reject(new Error('killed')) });
  await expect(dying.load()).rejects.toThrow();
  const { content, notice } = await openProfiles(file).load();
  expect(names({ content })).toEqual(['srv1']);
  expect(notice).toContain('the last backup is used');
});

test('a file of a newer version is left where it is, and nothing is saved over it', async () => {
  const { folder, file, store } = setup();
  const newer = JSON.stringify({ version: PROFILE_VERSION + 1, computers: [], views: [] });
  writeFileSync(file, newer);
  const { content, notice } = await store.load();
  expect(content).toEqual(NOTHING);
  expect(notice).toContain(
    `newer version of the app, which this one cannot read. They stand unchanged in ${file}`,
  );
  await expect(store.update(add(1))).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringMatching(/^Nothing was saved\. .*newer version/),
  });
  expect(readFileSync(file, 'utf8')).toBe(newer);
  expect(readdirSync(folder)).toEqual(['profile.json']);
});

test('one of the version before is read, and written as one of this', async () => {
  const { file, store } = setup();
  const before = { ...computer(1), signIn: { kind: 'ask', username: 'CONTOSO\\me' } };
  writeFileSync(file, JSON.stringify({ version: 2, ...NOTHING, computers: [before] }));
  expect((await store.load()).content).toEqual({ ...NOTHING, computers: [before] });
  await store.update(add(2));
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: PROFILE_VERSION });
});

test('a sign-in as whoever is logged on is kept, and said in a version that the app before leaves alone', async () => {
  const { file, store } = setup();
  const signIn = { kind: 'loggedOn' } as const;
  await store.update((all) => ({ ...all, computers: [{ ...computer(1), signIn }] }));
  const { content } = await openProfiles(file).load();
  expect(content.computers).toEqual([{ ...computer(1), signIn }]);
  expect((JSON.parse(readFileSync(file, 'utf8')) as { version: number }).version).toBeGreaterThan(2);
});

test('a file with something unknown in it counts as broken, not as empty', async () => {
  const { folder, file, store } = setup();
  writeFileSync(
    file,
    JSON.stringify({ version: 2, ...NOTHING, computers: [{ ...computer(1), password: 'x' }] }),
  );
  expect((await store.load()).notice).toContain('could not be read');
  expect(readdirSync(folder)).toContain('profile.broken-7.json');
});

test.skipIf(process.platform === 'win32')(
  'through a link the file itself is written and kept a backup of, and the link stays',
  async () => {
    const { folder, file } = setup();
    const real = join(mkdtempSync(join(tmpdir(), 'shared-')), 'ours.json');
    symlinkSync(real, file); // what it points to is yet to come
    const store = openProfiles(file);
    await store.update(add(1));
    await openProfiles(file).update(add(2));
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder)).toEqual([basename(file)]);
    truncateSync(real, 5);
    expect(names(await openProfiles(file).load())).toEqual(['srv1']);
  },
);

test('on a full disk the file stays as it was and the sentence says why', async () => {
  const { file, store } = setup();
  await store.update(add(1));
  const full = openProfiles(file, {
    write: () => Promise.reject(Object.assign(new Error('write'), { code: 'ENOSPC' })),
  });
  await expect(full.update(add(2))).rejects.toMatchObject({
    message: 'The saved computers could not be kept: the disk is full.',
    info: { remedy: { text: expect.stringContaining(`See to ${file}, then try once more.`) as string } },
  });
  expect(names(await store.load())).toEqual(['srv1']);
});

test('a writer that is killed in the middle leaves a whole file', { timeout: 30_000 }, async () => {
  const { file, store } = setup();
  await store.update(add(1));
  // Writes as fast as it can, and kills itself during one of the writes.
  const script = `
    import { NOTHING, openProfiles } from ${JSON.stringify(join(import.meta.dirname, 'profiles.ts'))};
    const store = openProfiles(${JSON.stringify(file)});
    const computer = (n) => ({ id: '00000000-0000-4000-8000-' + String(n).padStart(12, '0'), computerName: 'srv' + n, groupIds: [], tags: [], options: {} });
    let written = 0;
    const many = { groups: [], views: [], computers: Array.from({ length: 3000 }, (_, n) => computer(n)) };
    for (;;) await store.update(() => (++written === 4 && setImmediate(() => process.kill(process.pid, 'SIGKILL')), many));
  `;
  const { signal } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    timeout: 20_000,
  });
  expect(signal).toBe('SIGKILL');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: PROFILE_VERSION });
  // Its lock goes stale, and the next writer takes over.
  expect(names(await store.update(() => ({ ...NOTHING, computers: [computer(9)] })))).toEqual(['srv9']);
});

test('whoever only looks sets nothing aside', async () => {
  const { file, store } = setup();
  await store.update(add(1));
  await store.update(add(2));
  writeFileSync(file, 'broken');
  const { content, notice } = await store.peek();
  expect(names({ content })).toEqual(['srv1']);
  expect(notice).toContain('could not be read, so the last backup is used');
  expect(readFileSync(file, 'utf8')).toBe('broken');
  expect((await store.load()).notice).toContain('broken-');
});

test('the mark that Notepad puts before a text is no fault, and what a killed writer began is swept up', async () => {
  const { file, store } = setup();
  await store.update(add(1));
  writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`);
  writeFileSync(`${file}.3694000644`, 'half');
  const { content, notice } = await openProfiles(file).load();
  expect([names({ content }), notice, existsSync(`${file}.3694000644`)]).toEqual([
    ['srv1'],
    undefined,
    false,
  ]);
});
