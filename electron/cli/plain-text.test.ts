import { expect, test } from 'vitest';
import { plainJson, plainText } from './plain-text.ts';

test('nothing of a computer’s text drives the terminal', () => {
  expect(plainText('a\u001B]0;x\u0007b\r\nc\u202Ed')).toBe('a\uFFFD]0;x\uFFFDb c\uFFFDd');
});

test('JSON keeps the text and escapes what a terminal would obey', () => {
  const value = { Name: 'a\u001B[2J\u009B\u202Eé' };
  const json = plainJson([value], 2);
  expect(json).toContain('"a\\u001b[2J\\u009b\\u202eé"');
  expect(JSON.parse(json)).toEqual([value]);
});
