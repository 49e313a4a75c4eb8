import { expect, test } from 'vitest';
import { MAX_LINES } from '../shared/kept-lines.ts';
import { indexFrom, textsBetween, withHeld } from './held-lines.ts';
import { Log } from './log.ts';

const NONE = new Set<never>();

function logOf(n: number): Log {
  const log = new Log();
  log.add(Array.from({ length: n }, (_, i) => ({ stream: i % 2 ? 'error' : 'output', text: `line ${i}` })));
  return log;
}

test('lines that a selection begins or ends in are drawn wherever the list stands by now', () => {
  const log = logOf(1_000);
  expect(withHeld(log.without(NONE), [990, 991, 992], [3, 991])).toEqual([3, 990, 991, 992]);
  expect(withHeld(log.without(NONE), [0, 1], [500])).toEqual([0, 1, 500]);
});

test('they are found again by their number after the first lines went', () => {
  const log = logOf(MAX_LINES);
  log.add([{ stream: 'output', text: 'one more' }]);
  const lines = log.without(NONE);
  expect(lines.at(indexFrom(lines, 7))).toMatchObject({ number: 7, text: 'line 7' });
  expect(withHeld(lines, [40_000], [7])).toEqual([6, 40_000]);
});

test('a line that is gone, or of a stream that is muted, is not drawn in another’s place', () => {
  const log = logOf(MAX_LINES);
  log.add([{ stream: 'output', text: 'one more' }]);
  expect(withHeld(log.without(NONE), [5], [0])).toEqual([5]);
  expect(withHeld(log.without(new Set(['error'] as const)), [5], [7, 8])).toEqual([3, 5]);
});

test('what stands between the ends is said whole, of the streams that are looked at', () => {
  const log = logOf(10);
  expect(textsBetween(log.without(NONE), 2, 6)).toEqual(['line 3', 'line 4', 'line 5']);
  expect(textsBetween(log.without(new Set(['error'] as const)), 2, 6)).toEqual(['line 4']);
  expect(textsBetween(log.without(NONE), 4, 5)).toEqual([]);
});
