import { expect, test } from 'vitest';
import { throttle } from './throttle.ts';

test('never more than the limit run at once, and every item is visited in order', async () => {
  const started: number[] = [];
  const waiting: (() => void)[] = [];
  const done = throttle([1, 2, 3, 4, 5], 2, (item) => {
    started.push(item);
    return new Promise((resolve) => waiting.push(resolve));
  });
  expect(started).toEqual([1, 2]);
  while (started.length < 5) {
    waiting.shift()!();
    await Promise.resolve();
    expect(waiting.length).toBeLessThanOrEqual(2);
  }
  for (const resolve of waiting) resolve();
  await done;
  expect(started).toEqual([1, 2, 3, 4, 5]);
});

test('a slow item delays nobody but its own worker', async () => {
  const started: string[] = [];
  let release = () => {};
  const done = throttle(['slow', 'a', 'b', 'c'], 2, async (item) => {
    started.push(item);
    if (item === 'slow') await new Promise<void>((resolve) => (release = resolve));
  });
  await new Promise(setImmediate);
  expect(started).toEqual(['slow', 'a', 'b', 'c']);
  release();
  await done;
});
