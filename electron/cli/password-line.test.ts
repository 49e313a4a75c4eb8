import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { BindingError } from './binding/binding-error.ts';
import { passwordLine } from './password-line.ts';

const lineOf = (text: string) => passwordLine(Readable.from([Buffer.from(text)]));

test.each([
  ['its first line alone', 'secret\r\nmore\n', 'secret'],
  ['a byte order mark is no part of it', '\uFEFFgrün\r\n', 'grün'],
  ['one within it is', 'a\uFEFFb', 'a\uFEFFb'],
  ['blanks are part of it', ' a b \n', ' a b '],
  ['none where there is nothing', '', ''],
  ['as long as any is', `${'x'.repeat(65_536)}\n`, 'x'.repeat(65_536)],
])('of a password that is handed in: %s', async (_, text, line) => {
  expect(await lineOf(text)).toBe(line);
});

test('a letter that comes in two pieces is one', async () => {
  const bytes = Buffer.from('grün\n');
  expect(await passwordLine(Readable.from([...bytes].map((byte) => Buffer.from([byte]))))).toBe('grün');
});

test('of what is too long to be a password no more is read than shows it', async () => {
  let pieces = 0;
  function* endless() {
    for (; ; pieces++) yield Buffer.alloc(10_000, 'x');
  }
  await expect(passwordLine(Readable.from(endless(), { highWaterMark: 1 }))).rejects.toThrow(BindingError);
  expect(pieces).toBeLessThan(20);
});
