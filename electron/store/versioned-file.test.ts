import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VersionedFile } from './versioned-file.ts';
import type { VersionedFileDeps } from './versioned-file.ts';
import { writeWhole } from './write-whole.ts';

interface Words {
  readonly words: readonly string[];
}

function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-versioned-'));
  const file = join(folder, 'words.json');
  const open = (deps: Partial<VersionedFileDeps> = {}) =>
    new VersionedFile<Words>(
      file,
      {
        what: 'The words',
        version: 1,
        empty: { words: [] },
        parse: (value) => ('words' in value ? { words: value.words as string[] } : undefined),
      },
      { now: () => 7, ...deps },
    );
  /** What stands in each file of the folder; its whole text where that holds no words. */
  const standing = () =>
    Object.fromEntries(
      readdirSync(folder).map((name) => [name, said(readFileSync(join(folder, name), 'utf8'))]),
    );
  /** As a writer that knows of no lock, or of one that is another's by now, puts a file in its place. */
  const put = (...words: string[]) => {
    writeFileSync(`${file}.other`, textOf(words));
    renameSync(`${file}.other`, file);
  };
  return { folder, file, bak: `${file}.bak`, open, store: open(), standing, put };
}
const add = (word: string) => (all: Words) => ({ words: [...all.words, word] });
const textOf = (words: readonly string[], version = 1) => JSON.stringify({ version, words });

function said(text: string): string {
  try {
    return (JSON.parse(text) as Words).words.join(' ');
  } catch {
    return text;
  }
}

const TAKEN_OVER = 'Another process took the file over in the middle. Nothing was saved.';

test('what another put there between reading and writing stands, and so does the backup', async () => {
  const { store, put, standing } = setup();
  for (const word of ['a', 'b']) await store.update(add(word));
  const late = store.update((all) => {
    put('theirs');
    return add('late')(all);
  });
  await expect(late).rejects.toMatchObject({ kind: 'internal', message: TAKEN_OVER });
  expect(standing()).toEqual({ 'words.json': 'theirs', 'words.json.bak': 'a' });
  expect((await store.update(add('next'))).content.words).toEqual(['theirs', 'next']);
  expect(standing()).toEqual({ 'words.json': 'theirs next', 'words.json.bak': 'theirs' });
});

test('also what was put there while the text was on its way onto the disk', async () => {
  const { open, put, standing } = setup();
  await open().update(add('a'));
  const late = open({
    write: (file, text, ready) =>
      writeWhole(file, text, async (begun) => {
        put('theirs');
        await ready?.(begun);
      }),
  });
  await expect(late.update(add('late'))).rejects.toThrow(TAKEN_OVER);
  expect(standing()).toEqual({ 'words.json': 'theirs' });
});

test('and where there was no file before', async () => {
  const { store, put, standing } = setup();
  const late = store.update((all) => {
    put('theirs');
    return add('late')(all);
  });
  await expect(late).rejects.toThrow(TAKEN_OVER);
  expect(standing()).toEqual({ 'words.json': 'theirs' });
});

test('what another put there right after a write is not taken for what was written', async () => {
  const { open, put, standing } = setup();
  const store = open({
    write: async (...how) => {
      await writeWhole(...how);
      put('theirs');
    },
  });
  await store.update(add('a'));
  expect((await store.load()).content.words).toEqual(['theirs']);
  expect(standing()).toEqual({ 'words.json': 'theirs' });
});

test('a broken file is set aside and the edit put on the backup, in one go', async () => {
  const { file, store, standing } = setup();
  for (const word of ['a', 'b']) await store.update(add(word));
  writeFileSync(file, 'broken');
  const { content, notice } = await store.update(add('c'));
  expect(content.words).toEqual(['a', 'c']);
  expect(notice).toContain('words.broken-7.json');
  expect(standing()).toEqual({
    'words.json': 'a c',
    'words.json.bak': 'a',
    'words.broken-7.json': 'broken',
  });
});

test('what would be larger than a file that is read is not written, and file and backup stay', async () => {
  const { store, standing } = setup();
  for (const word of ['a', 'b']) await store.update(add(word));
  const before = standing();
  // Of two bytes each: fewer characters than the bytes that may be.
  const saving = store.update(add('é'.repeat(34_000_000)));
  await expect(saving).rejects.toMatchObject({
    kind: 'invalid',
    message:
      'The words stay as they were, nothing was saved: they would be larger than the 64 MB that their file may hold.',
  });
  expect(standing()).toEqual(before);
});

test('where the file was taken away the last backup is used, which is said, and nothing written by reading alone', async () => {
  const { file, bak, open, store, standing } = setup();
  for (const word of ['a', 'b']) await store.update(add(word));
  rmSync(file);
  const notice = `The words could not be read: words.json is not there, so the last backup is used. It stands in ${bak}.`;
  for (const read of [() => open().load(), () => open().peek()])
    expect(await read()).toEqual({ content: { words: ['a'] }, notice });
  expect(standing()).toEqual({ 'words.json.bak': 'a' });
  expect(await open().update(add('c'))).toEqual({ content: { words: ['a', 'c'] }, notice });
  expect(standing()).toEqual({ 'words.json': 'a c', 'words.json.bak': 'a' });
  expect((await open().load()).notice).toBeUndefined();
});

test('who knows what stood in a file that is taken away goes on from that, and not from the older backup', async () => {
  const { file, store, standing } = setup();
  for (const word of ['a', 'b']) await store.update(add(word));
  rmSync(file);
  const notice = `The words are not in ${file} any more: the file was taken away. What stood there last is used, and written there with the next change.`;
  for (let n = 0; n < 2; n++) expect(await store.load()).toEqual({ content: { words: ['a', 'b'] }, notice });
  expect(standing()).toEqual({ 'words.json.bak': 'a' });
  expect(await store.update(add('c'))).toEqual({ content: { words: ['a', 'b', 'c'] }, notice });
  expect(standing()).toEqual({ 'words.json': 'a b c', 'words.json.bak': 'a' });
});

test('a text that cannot be written leaves the backup as it was', async () => {
  const { file, bak, open, standing } = setup();
  for (const word of ['a', 'b']) await open().update(add(word));
  const full = open({ write: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) });
  await expect(full.update(add('c'))).rejects.toThrow('The words could not be kept: the disk is full.');
  expect(standing()).toEqual({ 'words.json': 'a b', 'words.json.bak': 'a' });
  expect(statSync(file).ino).not.toBe(statSync(bak).ino);
});

test('of file and backup that cannot be read neither is overwritten, and it is said where they are', async () => {
  const { folder, file, bak, open, standing } = setup();
  writeFileSync(file, 'broken');
  writeFileSync(bak, textOf(['newer'], 2));
  const ofBackup =
    'The last backup could not be read, either: a newer version of the app wrote it. It stands in';
  expect((await open().peek()).notice).toBe(
    `The words could not be read. The file stands in ${file}. ${ofBackup} ${bak}.`,
  );
  const store = open();
  expect((await store.load()).notice).toBe(
    `The words could not be read. The file stands in ${join(folder, 'words.broken-7.json')}. ${ofBackup} ${join(folder, 'words.backup-7.json')}.`,
  );
  for (const word of ['a', 'b', 'c']) expect((await store.update(add(word))).notice).toBeUndefined();
  expect(standing()).toEqual({
    'words.json': 'a b c',
    'words.json.bak': 'a b',
    'words.broken-7.json': 'broken',
    'words.backup-7.json': 'newer',
  });
});

test('nor is a broken backup of a file that was taken away, nor what was set aside before', async () => {
  const { folder, bak, store, standing } = setup();
  writeFileSync(join(folder, 'words.backup-7.json'), 'earlier');
  writeFileSync(bak, 'broken');
  expect((await store.load()).notice).toBe(
    `The words could not be read: words.json is not there. The last backup could not be read, either. It stands in ${join(folder, 'words.backup-8.json')}.`,
  );
  for (const word of ['a', 'b']) await store.update(add(word));
  expect(standing()).toEqual({
    'words.json': 'a b',
    'words.json.bak': 'a',
    'words.backup-7.json': 'earlier',
    'words.backup-8.json': 'broken',
  });
});

test('where the disk is full a broken file keeps its place, however often it is read', async () => {
  const { file, open, store, standing } = setup();
  for (const word of ['a', 'b']) await store.update(add(word));
  writeFileSync(file, 'broken');
  const full = open({
    write: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
  });
  for (let n = 0; n < 3; n++) await expect(full.load()).rejects.toThrow('the disk is full');
  expect(standing()).toEqual({ 'words.json': 'broken', 'words.json.bak': 'a' });
  expect((await open().load()).content.words).toEqual(['a']);
});
