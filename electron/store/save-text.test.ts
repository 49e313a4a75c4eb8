import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveText } from './save-text.ts';

const place = () => join(mkdtempSync(join(tmpdir(), 'save-text-')), 'trace.txt');
const modeOf = (file: string) => statSync(file).mode & 0o777;

test.skipIf(process.platform === 'win32')(
  'a file is for its owner alone, also in the place of one that was for all',
  async () => {
    const [file, other] = [place(), place()];
    await saveText('The trace', file, 'one');
    writeFileSync(other, 'before', { mode: 0o644 });
    await saveText('The trace', other, 'two');
    expect([file, other].map((one) => [readFileSync(one, 'utf8'), modeOf(one)])).toEqual([
      ['one', 0o600],
      ['two', 0o600],
    ]);
    expect(readdirSync(join(file, '..'))).toEqual(['trace.txt']);
  },
);

test('a place that cannot be written is said, and nothing is left there', async () => {
  const folder = place();
  await expect(saveText('The trace', join(folder, 'trace.txt'), 'text')).rejects.toMatchObject({
    message: 'The trace could not be written there: its folder is not there.',
    info: { detail: 'ENOENT', remedy: { text: 'Choose another place.' } },
  });
  expect(existsSync(folder)).toBe(false);
});

test.each([
  ['ENOSPC', 'the disk is full'],
  ['EACCES', 'the file may not be written'],
  ['EROFS', 'the disk is read-only'],
  ['EISDIR', 'a folder stands in its place'],
  ['E2BIG', 'the file failed'],
])('%s is said in words', async (code, words) => {
  const write = () => Promise.reject(Object.assign(new Error(code), { code }));
  await expect(saveText('The trace', place(), 'text', write)).rejects.toThrow(
    `The trace could not be written there: ${words}.`,
  );
});
