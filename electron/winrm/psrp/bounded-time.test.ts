import { expect, test } from 'vitest';
import { Defragmenter, fragment } from './fragment.ts';
import { plainLines } from './plain-text.ts';
import { readClixml } from './read-clixml.ts';

/** So long that whatever looks at each place again for each place would run for hours. */
const MANY = 400_000;

/** What a value is made of, over and over; answered or refused, but soon. */
const VALUES: readonly (readonly [tag: string, text: string])[] = [
  ['Db', `${'1'.repeat(MANY)}x`],
  ['Sg', `${'1'.repeat(MANY)}.x`],
  ['D', `${'1'.repeat(MANY)}x`],
  ['I64', `${'1'.repeat(MANY)}x`],
  ['URI', `a://${'['.repeat(MANY)}`],
  ['BA', `${'A'.repeat(MANY)}*`],
  ['G', ' '.repeat(MANY)],
  ['Version', `${'1.'.repeat(MANY)}`],
  ['DT', ' '.repeat(MANY)],
  ['TS', `P${'1'.repeat(MANY)}`],
  ['S', '_x'.repeat(MANY)],
];

test.each(VALUES)('a hostile <%s> ends soon', (tag, text) => {
  try {
    readClixml(`<${tag}>${text}</${tag}>`);
  } catch (error) {
    expect(error).toMatchObject({ kind: 'protocol' });
  }
});

test.each([
  '\u001b',
  '\u001b[',
  '\u001b]',
  '\u009d',
  '\u0090',
  '\u0098',
  '\u009e',
  '\u009f',
  '\u009b0',
  '\u202e',
])('a line of nothing but %j ends soon', (piece) => {
  expect(plainLines(piece.repeat(MANY)).join('')).not.toContain('\u001b');
});

test('bytes by the megabyte are read', () => {
  const bytes = Buffer.alloc(12_000_000, 7);
  const value = readClixml(`<BA>${bytes.toString('base64')}</BA>`);
  expect(value).toMatchObject({ type: 'Bytes' });
});

test('base64 of a length that none has is refused', () => {
  expect(() => readClixml('<BA>QUJ</BA>')).toThrow(expect.objectContaining({ kind: 'protocol' }));
});

test('the first byte of a message does not keep the answer that it came in', () => {
  const [first] = fragment(1n, new Uint8Array(2), 22);
  const answer = new Uint8Array(1_000_000);
  answer.set(first!);
  const reader = new Defragmenter();
  reader.receive(answer.subarray(0, first!.length));
  answer.fill(255); // had it been kept as a view, the byte would now be another
  const [, second] = fragment(1n, new Uint8Array(2), 22);
  expect(reader.receive(second!)).toEqual([new Uint8Array(2)]);
});
