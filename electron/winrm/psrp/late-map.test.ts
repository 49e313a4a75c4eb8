import { expect, test } from 'vitest';
import { LateMap } from './late-map.ts';

test('what is set before and after a look is found; the last of one key wins', () => {
  const map = new LateMap<number>();
  expect(map.get('a')).toBeUndefined();
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  expect([map.get('a'), map.get('b')]).toEqual([3, 2]);
  map.set('b', 4);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([3, 4, undefined]);
});
