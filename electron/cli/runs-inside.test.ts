import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { CommandIO } from './io.ts';
import { recordingIO } from './recording-io.ts';
import { RunsInside } from './runs-inside.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'pssm-runs-')), 'runs.json');
});
const runOf = (processId: number, overrides: Partial<CommandIO> = {}) =>
  new RunsInside(
    file,
    recordingIO('/nowhere', { processId, isRunning: () => true, ...overrides }).io,
    () => undefined,
  );

test('of two runs that claim a session as the same client at once, one has it', async () => {
  const claims = await Promise.all([1, 2, 3].map((n) => runOf(n).claim('s', 'C')));
  expect(claims.filter((other) => other === undefined)).toHaveLength(1);
});

test('as another client it is the computer’s to say, and another session is nobody else’s', async () => {
  await runOf(1).claim('s', 'C');
  expect(await runOf(2).claim('s', 'D')).toBeUndefined();
  expect(await runOf(2).claim('t', 'C')).toBeUndefined();
});

test('this run’s own claim, and that of one that is over, stand in nobody’s way', async () => {
  const one = runOf(1);
  expect([await one.claim('s', 'C'), await one.claim('s', 'C')]).toEqual([undefined, undefined]);
  expect(await runOf(2, { isRunning: () => false }).claim('s', 'C')).toBeUndefined();
  expect(await runOf(2).all()).toMatchObject([{ processId: 2, host: 'here' }]);
});

test('a run that ends gives back its own alone; Disconnect-PSSession has any forgotten', async () => {
  const [one, two] = [runOf(1), runOf(2)];
  await one.claim('s', 'C');
  await two.claim('t', 'C');
  await one.releaseAll();
  expect((await one.all()).map(({ instanceId }) => instanceId)).toEqual(['t']);
  await one.forget('t');
  expect(await one.all()).toEqual([]);
});

test('what nobody could judge is forgotten after a month', async () => {
  await runOf(1, { place: { host: 'there' } }).claim('s', 'C');
  expect(await runOf(2).claim('s', 'C')).toMatchObject({ processId: 1, host: 'there' });
  const later = { now: () => Date.UTC(2026, 1, 2) };
  expect(await runOf(2, later).claim('s', 'C')).toBeUndefined();
});

test('a file of a newer version is left as it is, and what claims says so', async () => {
  const newer = JSON.stringify({ version: 2 });
  writeFileSync(file, newer);
  await expect(runOf(1).claim('s', 'C')).rejects.toMatchObject({
    message: expect.stringContaining(file) as string,
  });
  expect(await runOf(1).all()).toEqual([]);
  expect(readFileSync(file, 'utf8')).toBe(newer);
});
