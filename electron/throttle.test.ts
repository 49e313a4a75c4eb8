import { expect, test } from 'vitest';
import { limiter, throttle } from './throttle.ts';

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

test('a limiter lets so many run at a time, in their order, also when one fails', async () => {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const limited = limiter(2);
  const all = Promise.allSettled(
    [1, 2, 3, 4].map((n) =>
      limited(() => {
        started.push(n);
        return new Promise<void>((resolve, reject) => ends.push(n === 1 ? reject : resolve));
      }),
    ),
  );
  await new Promise(setImmediate);
  expect(started).toEqual([1, 2]);
  ends[0]!();
  await new Promise(setImmediate);
  expect(started).toEqual([1, 2, 3]);
  for (const end of ends.slice(1)) end();
  await new Promise(setImmediate);
  ends[3]!();
  expect((await all).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
});
