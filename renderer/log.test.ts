import { expect, test } from 'vitest';
import { MAX_CHARACTERS, MAX_LINES } from '../shared/kept-lines.ts';
import type { OutputLine, StreamName } from '../shared/output.ts';
import { Log } from './log.ts';
import type { Shown } from './log.ts';

const line = (text: string, stream: StreamName = 'output'): OutputLine => ({ stream, text });
const lines = (n: number, from = 0) => Array.from({ length: n }, (_, i) => line(String(from + i)));
const texts = (shown: Shown) => Array.from({ length: shown.length }, (_, i) => shown.at(i)?.text);

test('beyond the limit the first lines go and are counted', () => {
  const log = new Log();
  log.add(lines(MAX_LINES));
  log.add([line('last')]);
  const all = log.without(new Set());
  expect([all.length, all.at(0)?.text, all.at(all.length - 1)?.text]).toEqual([MAX_LINES, '1', 'last']);
  expect([log.dropped, log.counts.get('output')]).toEqual([1, MAX_LINES]);
});

test('few but long lines are bounded by their characters', () => {
  const log = new Log();
  const long = line('x'.repeat(MAX_CHARACTERS / 4));
  log.add(Array.from({ length: 10 }, () => long));
  expect([log.without(new Set()).length, log.dropped]).toEqual([4, 6]);
});

test('what was not kept where it came from takes along all before it', () => {
  const log = new Log();
  log.add(lines(3));
  log.add([line('after')], 1_000);
  expect(texts(log.without(new Set()))).toEqual(['after']);
  expect(log.dropped).toBe(1_003);
});

test('a stream that is muted stays so while more is said and the first lines go', () => {
  const log = new Log();
  log.add([line('a'), line('e1', 'error'), line('b')]);
  const muted = new Set<StreamName>(['error']);
  expect(texts(log.without(muted))).toEqual(['a', 'b']);
  log.add([line('e2', 'error'), line('c')]);
  expect(texts(log.without(muted))).toEqual(['a', 'b', 'c']);
  log.add(lines(MAX_LINES - 2));
  expect(texts(log.without(muted)).slice(0, 2)).toEqual(['c', '0']);
  expect(log.without(muted).length).toBe(MAX_LINES - 1);
  expect(log.counts.get('error')).toBe(1);
});

test('a batch costs what it holds, not what was said before', () => {
  const log = new Log();
  log.add(lines(MAX_LINES));
  for (let i = 0; i < 200_000; i++) log.add([line(String(i))]);
  expect(log.dropped).toBe(200_000);
});
