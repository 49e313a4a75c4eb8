import { expect, test } from 'vitest';
import { session } from '../fleet-fixture.ts';
import type { Miss, SessionAnswer } from '../winrm/index.ts';
import { commonMisses } from './common-misses.ts';

const miss = (value: string): Miss => ({ kind: 'name', value });
const answer = (sessions: number, ...missed: string[]): SessionAnswer => ({
  sessions: Array.from({ length: sessions }, () => session),
  misses: missed.map(miss),
});

test('a name that one computer has is no miss of the others', () => {
  expect(commonMisses([answer(0, 'web'), answer(1), answer(0, 'web')])).toEqual([]);
});

test('a name that no computer has is missed once, whatever else was found', () => {
  expect(commonMisses([answer(1, 'nope'), answer(0, 'web', 'nope'), answer(1, 'nope')])).toEqual([
    miss('nope'),
  ]);
});

test('a computer without any session neither misses it nor has it', () => {
  expect(commonMisses([answer(0), answer(0, 'web')])).toEqual([miss('web')]);
  expect(commonMisses([answer(0), answer(0)])).toEqual([]);
});
