import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BulkAct } from '../../shared/bulk-act.ts';
import { ifKilledInWords, openLastWords, unfinishedInWords } from './last-words.ts';

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

const act: BulkAct = {
  ...{ id: 1, kind: 'remove', asked: 3, begun: 2, done: 2, failed: 0, gone: 0, since: 0 },
};

test('of the audit log it is said only what is true of it', () => {
  const said = (change: Partial<BulkAct>) => unfinishedInWords({ ...act, ...change }, { wasStopped: false });
  const closed = 'The app was closed while it was removing';
  const tried = 'The audit log has those on which it was tried to the end.';
  expect(said({})).toBe(
    `${closed} sessions: 2 sessions removed, 1 not begun. The audit log has each of them.`,
  );
  // What has no answer was not logged, nor what was gone before its turn, or not in the list any more.
  expect(said({ done: 1 })).toBe(
    `${closed} sessions: 1 session removed, 1 without an answer, 1 not begun. ${tried}`,
  );
  for (const change of [{ gone: 1 }, { failed: 1 }]) expect(said(change)).toContain(tried);
  expect(said({ asked: 1, begun: 1, done: 0 })).toBe(
    `${closed} a session: No session removed, 1 without an answer. The audit log has it only if it was tried to the end.`,
  );
  expect(ifKilledInWords({ ...act, asked: 1 })).toBe(
    'The app ended by force while it was removing 1 session. The audit log has it only if it was tried to the end.',
  );
});
