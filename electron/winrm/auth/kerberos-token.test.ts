import { expect, test } from 'vitest';
import { joinSealed, splitWrapped } from './kerberos-token.ts';

const broken = expect.objectContaining({ kind: 'protocol' });
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** RFC 4121 4.2.4: confounder and text, then a copy of the header and the checksum, all of it told apart by its bytes. */
function token(textLength: number, checksum: number, flags = 2): Uint8Array {
  const header = hex(`0504 0${flags} ff 0000 0000 0000000000000007`);
  return Uint8Array.from([
    ...header,
    ...Array.from({ length: 16 }, () => 0xc0),
    ...Array.from({ length: textLength }, (_, i) => i % 128),
    ...Array.from({ length: 16 }, () => 0xe0),
    ...Array.from({ length: checksum }, () => 0xf0),
  ]);
}

/** As a library that rotates by itself gives it. */
function rotated(plain: Uint8Array, by: number): Uint8Array {
  const body = [...plain.subarray(16)];
  const turned = [...body.slice(body.length - by), ...body.slice(0, body.length - by)];
  const whole = Uint8Array.from([...plain.subarray(0, 16), ...turned]);
  new DataView(whole.buffer).setUint16(6, by);
  return whole;
}

test.each([
  [12, 60],
  [16, 64],
  [24, 72],
])(
  'with a checksum of %i bytes the header has %i, and the data is as long as the text',
  (checksum, length) => {
    for (const textLength of [0, 1, 100, 5_000]) {
      const { header, data } = splitWrapped(token(textLength, checksum), textLength);
      expect(header).toHaveLength(length);
      expect(data).toEqual(Uint8Array.from({ length: textLength }, (_, i) => i % 128));
      expect([...header.subarray(6, 8)]).toEqual([0, 16 + checksum]);
      expect([...header.subarray(16)]).toEqual([
        ...Array.from({ length: 16 }, () => 0xe0),
        ...Array.from({ length: checksum }, () => 0xf0),
        ...Array.from({ length: 16 }, () => 0xc0),
      ]);
    }
  },
);

test('a token that its library rotated already comes out the same', () => {
  const due = splitWrapped(token(100, 12), 100);
  for (const by of [1, 28, 100, 128]) expect(splitWrapped(rotated(token(100, 12), by), 100)).toEqual(due);
});

test.each([
  ['only signed: the text would be in clear', token(10, 12, 0), 10],
  ['said to come from the server', token(10, 12, 3), 10],
  ['of a length that no cipher gives', token(10, 13), 10],
  ['longer than the text', token(10, 12), 9],
  ['of RC4', hex('601d06092a864886f712010202 02011100 1000ffff 0000000000000000'), 4],
  ['broken off', hex('0504 02ff 0000'), 0],
  ['with a filler that is none', token(10, 12).with(3, 0), 10],
  ['with flags that nobody knows', token(10, 12, 10), 10],
])('a token %s is not sent', (_, bytes, length) => {
  expect(() => splitWrapped(bytes, length)).toThrow(broken);
});

test('what the server sealed is joined again, with its own rotation', () => {
  const { header, data } = splitWrapped(token(50, 16), 50);
  const answer = header.with(2, 3);
  expect(joinSealed({ header: answer, data })).toEqual(Uint8Array.from([...answer, ...data]));
  expect(joinSealed({ header: header.with(2, 7), data })).toHaveLength(64 + 50); // with the acceptor's subkey
});

test.each([
  ['our own message thrown back', (header: Uint8Array) => header],
  ['only signed', (header: Uint8Array) => header.with(2, 1)],
  ['no token of Wrap', (header: Uint8Array) => header.with(1, 5)],
  ['with a header that is too short', (header: Uint8Array) => header.with(2, 3).subarray(0, 59)],
  ['with a header that is too long', (header: Uint8Array) => Uint8Array.from([...header.with(2, 3), 0])],
  [
    'with an extra count that its header does not hold',
    (header: Uint8Array) => header.with(2, 3).with(5, 16),
  ],
  ['with no header', () => new Uint8Array()],
])('an answer that is %s is not taken', (_, change) => {
  const { header, data } = splitWrapped(token(50, 12), 50);
  expect(() => joinSealed({ header: change(header), data })).toThrow(broken);
});
