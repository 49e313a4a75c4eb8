import { expect, test } from 'vitest';
import { bytes, clock, count, duration, thumbprint } from './format.ts';

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 m'],
  [4_320_000, '1 h 12 m'],
  [7_200_000, '2 h'],
  [90_000_000, '1 d 1 h'],
  [-5, '0 s'],
])('%i ms reads %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('sizes, counts and thumbprints', () => {
  expect([bytes(402 * 2 ** 20), bytes(3 * 2 ** 30), bytes(100)]).toEqual(['402 MB', '3.0 GB', '1 KB']);
  expect([count(1, 'computer'), count(1200, 'computer')]).toEqual(['1 computer', '1,200 computers']);
  expect(thumbprint('4fa109')).toBe('4f:a1:09');
});

test('a date stands with the time only when it is not today’s', () => {
  const now = new Date(2026, 1, 3, 12).getTime();
  expect(clock(new Date(2026, 1, 3, 10, 42).getTime(), now)).toBe('10:42');
  expect(clock(new Date(2026, 1, 2, 10, 42).getTime(), now)).toBe('2026-02-02 10:42');
});
