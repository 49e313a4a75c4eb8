import { expect, test } from 'vitest';
import { plainJson, plainText } from './plain-text.ts';

test('nothing of a computer’s text drives the terminal', () => {
  expect(plainText('a\u001B]0;x\u0007b\r\nc\u202Ed')).toBe('a\uFFFD]0;x\uFFFDb c\uFFFDd');
});

test.each(['\u061C', '\u00AD', '\u180E', '\u200B', '\uFFF9', '\u{E0041}', '\uD800', '\u2028'])(
  'what hides in a text or turns it around is shown: %j',
  (char) => expect(plainText(`a${char}b`)).toBe('a\uFFFDb'),
);

test('JSON keeps the text and escapes what a terminal would obey', () => {
  const value = { Name: 'a\u001B[2J\u009B\u202Eé' };
  const json = plainJson([value], 2);
  expect(json).toContain('"a\\u001b[2J\\u009b\\u202eé"');
  expect(JSON.parse(json)).toEqual([value]);
  expect(plainJson('\u{E0041}')).toBe('"\\udb40\\udc41"');
});
