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

test('what an app says again takes the place of what it said before, and of nothing else', async () => {
  const file = inFolder();
  await openLastWords(file).keep(['Of an earlier run.']);
  const words = openLastWords(file);
  await words.keep(['Three without an answer.']);
  await words.keep(['One without an answer.']);
  const later = openLastWords(file);
  expect(await later.take()).toEqual(['Of an earlier run.', 'One without an answer.']);
  await later.keep(['Two more.']);
  await later.keep([]);
  expect(await openLastWords(file).take()).toEqual([]);
});

test('an app is not told what it keeps itself in case it is killed', async () => {
  const file = inFolder();
  await openLastWords(file).keep(['Of an earlier run.']);
  const words = openLastWords(file);
  await words.keep(['It ended by force.']);
  expect(await words.take()).toEqual(['Of an earlier run.']);
  expect(await openLastWords(file).take()).toEqual(['It ended by force.']);
});

test('what is kept while others are being taken is not lost', async () => {
  const file = inFolder();
  await openLastWords(file).keep(['First.']);
  const [taken] = await Promise.all([openLastWords(file).take(), openLastWords(file).keep(['Second.'])]);
  expect([...taken, ...(await openLastWords(file).take())]).toEqual(['First.', 'Second.']);
});

test('a file that nobody can read says nothing and keeps nobody from starting', async () => {
  const file = inFolder();
  writeFileSync(file, '{"version":1,"sentences":[7');
  expect(await openLastWords(file).take()).toEqual([]);
  await openLastWords(file).keep(['Said.']);
  expect(await openLastWords(file).take()).toEqual(['Said.']);
});
