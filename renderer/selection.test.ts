import { expect, test } from 'vitest';
import { NOTHING, prune, select, stepTo } from './selection.ts';

const keys = ['a', 'b', 'c', 'd'];
const chosen = ({ selected }: { selected: ReadonlySet<string> }) => [...selected].toSorted().join('');

test('a range runs from where the last single choice was, both ways', () => {
  const from = select(NOTHING, keys, 'c', 'replace');
  expect(chosen(select(from, keys, 'd', 'range'))).toBe('cd');
  expect(chosen(select(select(from, keys, 'd', 'range'), keys, 'a', 'range'))).toBe('abc');
});

test('toggling adds and takes away; moving chooses nothing', () => {
  const two = select(select(NOTHING, keys, 'a', 'toggle'), keys, 'c', 'toggle');
  expect(chosen(two)).toBe('ac');
  expect(chosen(select(two, keys, 'a', 'toggle'))).toBe('c');
  expect(select(two, keys, 'd', 'move')).toMatchObject({ focus: 'd', selected: two.selected });
});

test.each([
  ['b', 'ArrowDown', 'c'],
  ['a', 'ArrowUp', 'a'],
  ['d', 'ArrowDown', 'd'],
  ['b', 'PageDown', 'd'],
  ['d', 'Home', 'a'],
  [undefined, 'ArrowDown', 'a'],
  ['b', 'x', undefined],
])('from %s, %s leads to %s', (focus, key, to) => {
  expect(stepTo(keys, focus, key, 3)).toBe(to);
});

test('rows that are gone are not selected any more; without a loss nothing changes', () => {
  const two = select(select(NOTHING, keys, 'a', 'toggle'), keys, 'c', 'toggle');
  expect(prune(two, keys)).toBe(two);
  expect(prune(two, ['a'])).toMatchObject({ focus: undefined });
  expect(chosen(prune(two, ['a']))).toBe('a');
});

test('the focus of a line that is gone goes to the next that is left, else to the one before', () => {
  const at = (focus: string) => ({ selected: new Set<string>(), focus, anchor: focus });
  expect(prune(at('b'), ['a', 'd'], keys)).toMatchObject({ focus: 'd', anchor: 'd' });
  expect(prune(at('d'), ['a', 'b'], keys).focus).toBe('b');
});

test('lines over rows take the focus, but are never chosen', () => {
  const lines = ['group/g', 'a', 'b', 'group/h', 'c'];
  expect(select(NOTHING, lines, 'group/g', 'replace')).toMatchObject({
    focus: 'group/g',
    selected: new Set(),
  });
  expect(chosen(select(select(NOTHING, lines, 'a', 'replace'), lines, 'c', 'range'))).toBe('abc');
  expect(select(NOTHING, lines, 'group/h', 'toggle').selected.size).toBe(0);
  const on = (focus: string) => ({ selected: new Set<string>(), focus });
  expect(prune(on('b'), ['group/g', 'group/h', 'c'], lines).focus).toBe('c');
  expect(prune(on('b'), ['group/h'], lines).focus).toBeUndefined();
});

test('what is selected in a group that is closed stays so, and nothing else that is gone', () => {
  const selection = { selected: new Set(['a', 'b', 'c']), focus: 'group/x', anchor: 'a' };
  const left = prune(selection, ['group/x', 'c'], ['group/x', 'a', 'b', 'c'], { folded: ['a'] });
  expect([...left.selected]).toEqual(['a', 'c']);
  expect(left.focus).toBe('group/x');
});

test('a focused row that goes into a closed group leads to that, not to a row of another computer', () => {
  const lines = ['a', 'b', 'c'];
  const focused = { selected: new Set(['b']), focus: 'b', anchor: 'b' };
  const closed = { folded: ['b'], over: 'group/x' };
  const left = prune(focused, ['a', 'c', 'group/x'], lines, closed);
  expect([chosen(left), left.focus]).toEqual(['b', 'group/x']);
  expect(prune(focused, ['a', 'b', 'c', 'group/x'], lines, closed)).toBe(focused);
});
