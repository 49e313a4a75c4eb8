import { expect, test } from 'vitest';
import { oneFirst } from './one-first.ts';

/** Visits that end when told to. */
function setup(items: readonly string[]) {
  const visited: string[] = [];
  const end = new Map<string, (clear: boolean) => void>();
  const waits: (() => void)[] = [];
  const visit = (item: string) => {
    visited.push(item);
    return new Promise<boolean>((resolve) => end.set(item, resolve));
  };
  const done = oneFirst(items, visit, (over) => waits.push(over));
  const say = async (item: string, clear: boolean) => {
    end.get(item)!(clear);
    await new Promise(setImmediate);
  };
  return { visited, waits, say, done };
}

test('one after another until the way is clear, then all', async () => {
  const { visited, say, done } = setup(['a', 'b', 'c', 'd']);
  await say('a', false);
  expect(visited).toEqual(['a', 'b']);
  await say('b', true);
  expect(visited).toEqual(['a', 'b', 'c', 'd']);
  await say('c', false);
  await say('d', false);
  await done;
});

test('one that says nothing is passed by, but still heard', async () => {
  const { visited, waits, say } = setup(['a', 'b', 'c', 'd']);
  waits[0]!();
  await new Promise(setImmediate);
  expect(visited).toEqual(['a', 'b']);
  await say('a', true);
  expect(visited).toEqual(['a', 'b', 'c', 'd']);
});
