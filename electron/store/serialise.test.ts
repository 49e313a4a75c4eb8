import { expect, test } from 'vitest';
import { createPauses, serialise } from './serialise.ts';

test('it writes what JSON.stringify writes', async () => {
  const value = {
    version: 2,
    empty: [],
    gone: undefined,
    groups: [
      { id: 'a', options: { useSSL: true } },
      { id: 'b', notes: 'two\nlines', tags: [] },
    ],
    more: { deep: { list: [1, 2] } },
  };
  expect(await serialise(value)).toBe(`${JSON.stringify(value, undefined, 2)}\n`);
  expect(await serialise({})).toBe('{}\n');
});

test('whoever waits gets a turn as soon as a slice is used up', async () => {
  let now = 0;
  const pause = createPauses(() => now);
  now = 3;
  expect(pause()).toBeUndefined();
  now = 4;
  const turns: string[] = [];
  setImmediate(() => turns.push('the others'));
  await pause();
  turns.push('this one');
  expect(turns).toEqual(['the others', 'this one']);
  expect(pause()).toBeUndefined();
});
