import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { passwordLine } from './password-line.ts';

const lineOf = (text: string) => passwordLine(Readable.from([Buffer.from(text)]));

test.each([
  ['its first line alone', 'secret\r\nmore\n', 'secret'],
  ['a byte order mark is no part of it', '\uFEFFgrün\r\n', 'grün'],
  ['one within it is', 'a\uFEFFb', 'a\uFEFFb'],
  ['blanks are part of it', ' a b \n', ' a b '],
  ['none where there is nothing', '', ''],
])('of a password that is handed in: %s', async (_, text, line) => {
  expect(await lineOf(text)).toBe(line);
});
