import { expect, test } from 'vitest';
import { inParts } from './in-parts.ts';

test('what one request cannot name goes in several', () => {
  const sizes = (n: number) => inParts(Array.from({ length: n }, (_, i) => i)).map(({ length }) => length);
  expect(sizes(45_000)).toEqual([20_000, 20_000, 5_000]);
  expect(sizes(20_000)).toEqual([20_000]);
  expect(sizes(0)).toEqual([]);
});
