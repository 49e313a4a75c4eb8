import { expect, test } from 'vitest';
import type { NativeFunction } from './koffi.ts';
import { callAside, GivenUp } from './native-calls.ts';

/** A function whose thread is done when the test says so. */
function held() {
  const ends: ((result: number) => void)[] = [];
  const fn = Object.assign(() => 0, {
    async: (...args: readonly unknown[]) => {
      const done = args.at(-1) as (error: unknown, result: number) => void;
      ends.push((result) => done(null, result));
    },
  }) satisfies NativeFunction;
  return { fn, ends };
}
const turn = () => new Promise(setImmediate);

test('two calls at most are out; the next goes when one ends', async () => {
  const { fn, ends } = held();
  const call = () => callAside({ fn, args: [], limitMs: 60_000, late: () => undefined });
  const all = Promise.all([call(), call(), call()]);
  await turn();
  expect(ends).toHaveLength(2);
  ends[0]?.(1);
  await turn();
  expect(ends).toHaveLength(3);
  ends[1]?.(2);
  ends[2]?.(3);
  expect(await all).toEqual([1, 2, 3]);
});

test('a call that takes too long is given up, and what it made in the end is handed to be freed', async () => {
  const { fn, ends } = held();
  const late: number[] = [];
  const call = callAside({ fn, args: [], limitMs: 1, late: (result) => void late.push(result) });
  await expect(call).rejects.toBeInstanceOf(GivenUp);
  expect(late).toEqual([]);
  ends[0]?.(7);
  expect(late).toEqual([7]);
  const next = callAside({ fn, args: [], limitMs: 60_000, late: () => undefined });
  await turn();
  ends[1]?.(0);
  expect(await next).toBe(0);
});
