import { expect, test } from 'vitest';
import { Haste } from './haste.ts';

function setup() {
  let due: (() => void) | undefined;
  let settled = 0;
  const haste = new Haste({
    settled: () => settled++,
    after: (_, run) => ((due = run), () => (due = undefined)),
  });
  const pass = () => {
    const run = due;
    due = undefined;
    run?.();
  };
  return { haste, pass, settled: () => settled };
}

test('lines that fly past are in haste until they stand for a while', () => {
  const { haste, pass, settled } = setup();
  expect([haste.moved(10, 30), haste.moved(10, 30), haste.moved(1, 30)]).toEqual([false, true, true]);
  pass();
  expect([settled(), haste.moved(1, 30)]).toEqual([1, false]);
});

test('one jump, and slow moves, are none', () => {
  const { haste, pass, settled } = setup();
  expect(haste.moved(5_000, 30)).toBe(false);
  pass();
  expect([haste.moved(5_000, 30), haste.moved(7, 30), haste.moved(7, 30)]).toEqual([false, false, false]);
  pass();
  expect(settled()).toBe(0);
});

test('one that is stopped settles no more', () => {
  const { haste, pass, settled } = setup();
  haste.moved(20, 30);
  haste.moved(20, 30);
  haste.stop();
  pass();
  expect([settled(), haste.moved(20, 30)]).toEqual([0, false]);
});
