import { mkdtempSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isUnwritten, markOf } from './file-mark.ts';

test('a file is unwritten as long as its size and date are the same, whatever inode it has', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pssm-mark-')), 'a');
  expect(await markOf(file)).toBe('');
  const put = (name: string, text: string, seconds: number) => {
    writeFileSync(name, text);
    utimesSync(name, seconds, seconds);
  };
  put(file, 'one', 1);
  const before = await markOf(file);
  put(`${file}2`, 'two', 1);
  renameSync(`${file}2`, file);
  const another = await markOf(file);
  expect([another === before, isUnwritten(before, another)]).toEqual([false, true]);
  put(file, 'two', 2);
  expect(isUnwritten(before, await markOf(file))).toBe(false);
  put(file, 'longer', 1);
  expect(isUnwritten(before, await markOf(file))).toBe(false);
  expect([isUnwritten('', before), isUnwritten(before, ''), isUnwritten('', '')]).toEqual([
    false,
    false,
    true,
  ]);
});
