import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLastWords } from './last-words.ts';

const inFolder = () => join(mkdtempSync(join(tmpdir(), 'pssm-words-')), 'last-words.json');

test('what an app that ended had to say is said to the next one, once', async () => {
  const file = inFolder();
  expect(await openLastWords(file).take()).toEqual([]);
  await openLastWords(file).keep(['Three were not begun.']);
  await openLastWords(file).keep(['Two more.']);
  expect(await openLastWords(file).take()).toEqual(['Three were not begun.', 'Two more.']);
  expect(await openLastWords(file).take()).toEqual([]);
});

test('a file that nobody can read says nothing and keeps nobody from starting', async () => {
  const file = inFolder();
  writeFileSync(file, '{"version":1,"sentences":[7');
  expect(await openLastWords(file).take()).toEqual([]);
  await openLastWords(file).keep(['Said.']);
  expect(await openLastWords(file).take()).toEqual(['Said.']);
});
