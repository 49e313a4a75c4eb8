import { expect, test } from 'vitest';
import { fromEditing, partsOf, problemsOf, reopened, tidied, toEditing, toMend } from './filter-editing.ts';

test.each([
  ['', [], ''],
  ['state:ready', [], 'state:ready'],
  ['state:ready ', ['state:ready'], ''],
  ['tag:prod -computer:dc* st', ['tag:prod', '-computer:dc*'], 'st'],
  ['foo state:ready bar', ['state:ready'], 'foo bar'],
  ['one two ', [], 'one two '],
  ['idle:2h x', [], 'idle:2h x'], // not understood: stays text, so that it can be mended
  ['name:"a b" ', ['name:"a b"'], ''],
])('%j has the chips %j and the text %j', (filter, chips, text) => {
  expect(toEditing(filter)).toEqual({ chips, text });
});

test('what is put together is taken apart alike', () => {
  for (const filter of ['tag:prod -computer:dc* st', 'state:ready ', 'a b ']) {
    const editing = toEditing(filter);
    expect(fromEditing(editing)).toBe(filter);
    expect(toEditing(fromEditing(editing))).toEqual(editing);
  }
});

test('the last chip can be opened again', () => {
  const editing = reopened(toEditing('tag:prod idle:>2h '));
  expect(editing).toEqual({ chips: ['tag:prod'], text: 'idle:>2h' });
  expect(toEditing(fromEditing(editing))).toEqual(editing);
});

test('a chip is read in its parts', () => {
  expect(partsOf('-computer:dc*')).toEqual({ field: '-computer:', values: 'dc*', not: true });
});

test('what is still typed is not complained about', () => {
  expect(problemsOf('idle:2h idle:>', true, false).map(({ text }) => text)).toEqual(['idle:2h']);
  expect(problemsOf('idle:2h idle:>', false, false)).toHaveLength(2);
});

test('a word with a colon that is like no field is complained about only where nothing fits', () => {
  expect(problemsOf('ticket:INC4711', false, true)).toEqual([]);
  expect(problemsOf('ticket:INC4711', false, false)).toHaveLength(1);
  expect(problemsOf('staet:ready', false, true)).toHaveLength(1);
});

test('what is written tidily loses no term, a faulty one least of all', () => {
  expect(tidied('idle:2h  State:ready idle: staet:x "a b"')).toBe('idle:2h state:ready idle: staet:x "a b"');
});

test('the term that is wrong is text with the caret behind it, a chip again where it was one', () => {
  expect(toMend('tag:prod idle:>2h web')).toBeUndefined();
  expect(toMend('staet:ready')).toBeUndefined(); // may be meant so
  expect(toMend('tag:prod idle:>abc web')).toEqual({ filter: 'tag:prod idle:>abc web', caret: 9 });
  expect(toEditing('state:raedy tag:prod we').chips).toContain('state:raedy');
  expect(toMend('state:raedy tag:prod we')).toEqual({ filter: 'tag:prod we state:raedy', caret: 14 });
});
