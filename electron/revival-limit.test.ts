import { expect, test } from 'vitest';
import { RevivalLimit } from './revival-limit.ts';

test('three times in a minute, then no more until the first is a minute ago', () => {
  const limit = new RevivalLimit();
  const at = [0, 10_000, 20_000, 30_000, 59_999, 60_000, 61_000, 70_000];
  const allowed = at.filter((now) => limit.allows(now));
  expect(allowed).toEqual([0, 10_000, 20_000, 60_000, 70_000]);
});
