import { expect, test } from 'vitest';
import { AskedRows } from './asked-rows.ts';

test('a row is asked once for each answer, and what was asked long ago is forgotten', () => {
  const asked = new AskedRows(2);
  asked.add({ key: 'a', at: 1 });
  asked.add({ key: 'b', at: 1 });
  expect([asked.has({ key: 'a', at: 1 }), asked.has({ key: 'a', at: 2 })]).toEqual([true, false]);
  asked.add({ key: 'a', at: 2 });
  asked.add({ key: 'c', at: 1 });
  expect(asked.has({ key: 'a', at: 2 })).toBe(true);
  expect(asked.has({ key: 'b', at: 1 })).toBe(false);
});
