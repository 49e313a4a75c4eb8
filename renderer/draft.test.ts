import { expect, test } from 'vitest';
import { NO_CHANGES } from './bulk-edit.ts';
import { afterAdding, toCorrect } from './draft.ts';
import { NO_DRAFT } from './store.ts';
import type { Draft } from './store.ts';

const draft = (words: readonly string[], typing = ''): Draft => ({
  words,
  typing,
  groupId: 'web',
  changes: NO_CHANGES,
});

test('what names no computer is not lost when the others are added: it is left to be corrected', () => {
  const typed = draft(['localhost:5985', 'bad_name!'], 'nope:99999');
  expect(toCorrect(typed)).toEqual(['bad_name!', 'nope:99999']);
  expect(afterAdding(typed, typed)).toEqual(draft(['bad_name!', 'nope:99999']));
});

test('once all were added nothing is left', () => {
  const typed = draft(['srv1'], 'srv2');
  expect(toCorrect(typed)).toEqual([]);
  expect(afterAdding(typed, typed)).toBe(NO_DRAFT);
});

test('what was typed while they were added stays', () => {
  expect(afterAdding(draft(['srv1', 'srv2'], 'sr'), draft(['srv1']))).toEqual(draft(['srv2'], 'sr'));
  // And what was taken away meanwhile does not come back.
  expect(afterAdding(NO_DRAFT, draft(['srv1', 'bad!']))).toBe(NO_DRAFT);
  expect(afterAdding(NO_DRAFT, draft(['srv1'], 'srv2'))).toBe(NO_DRAFT);
});
