import { expect, test } from 'vitest';
import { byAccount } from './by-account.ts';

const accountOf = (item: string) => item.charAt(0);

test('items of one account stand together, in their order', () => {
  expect(byAccount(['a1', 'b1', 'a2', 'c1', 'b2'], accountOf)).toEqual([['a1', 'a2'], ['b1', 'b2'], ['c1']]);
});

test('those that will answer soon come first', () => {
  expect(byAccount(['a1', 'a2', 'a3'], accountOf, (item) => item === 'a3')).toEqual([['a3', 'a1', 'a2']]);
});
