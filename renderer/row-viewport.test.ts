import { expect, test } from 'vitest';
import { shift } from './row-viewport.ts';

const was = ['a', 'b', 'c', 'd', 'e'];
const seen = { first: 2, last: 3, atTop: false };

test('lines that come above push what is looked at down by as many', () => {
  expect(shift(was, ['x', 'y', ...was], seen, undefined)).toBe(2);
  expect(shift(was, ['b', 'c', 'd', 'e'], seen, undefined)).toBe(-1);
});

test('when the first that is seen is gone, the next stands for it', () => {
  expect(shift(was, ['x', 'a', 'b', 'd', 'e'], seen, undefined)).toBe(0);
});

test('at the very top new lines come into sight, unless a line in sight has the focus', () => {
  const top = { first: 0, last: 3, atTop: true };
  expect(shift(was, ['x', ...was], top, undefined)).toBe(0);
  expect(shift(was, ['x', ...was], top, 'b')).toBe(1);
});

test('a focused line out of sight holds nothing', () => {
  expect(shift(was, ['x', 'b', 'c', 'd', 'e', 'a'], seen, 'a')).toBe(0);
});

test('when nothing of it is left, nothing moves', () => {
  expect(shift(was, ['x'], seen, undefined)).toBe(0);
});
