import { expect, test } from 'vitest';
import { cut } from './cut.ts';

test('a text is cut where it is too long, and shows it', () => {
  expect([cut('abcd', 4), cut('abcde', 4)]).toEqual(['abcd', 'abc…']);
});
