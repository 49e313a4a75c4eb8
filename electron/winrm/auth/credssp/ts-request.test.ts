import { expect, test } from 'vitest';
import { der } from '../der.ts';
import { decodeTsCredentials, encodeTsCredentials } from './ts-credentials.ts';
import { decodeTsRequest, encodeTsRequest } from './ts-request.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const octets = (tag: number, value: Uint8Array) => der(tag, der(0x04, value));
const int = (...content: number[]) => der(0x02, Uint8Array.from(content));
const broken = expect.objectContaining({ kind: 'protocol' });

test('a message is written as MS-CSSP 2.2.1 has it', () => {
  const message = encodeTsRequest({
    version: 6,
    negoToken: bytes('4e54'),
    pubKeyAuth: bytes('aa'),
    clientNonce: bytes('bb'),
  });
  expect(hex(message)).toBe(
    hex(bytes('301b a003020106 a10a 3008 3006 a004 0402 4e54 a303 0401aa a503 0401bb')),
  );
});

test('every field comes back as it was written', () => {
  const whole = {
    version: 3,
    negoToken: new Uint8Array(300).fill(1),
    authInfo: bytes('02'),
    pubKeyAuth: bytes('03'),
    errorCode: 0xc000006d,
    clientNonce: new Uint8Array(32),
  };
  expect(decodeTsRequest(encodeTsRequest(whole))).toEqual(whole);
  expect(decodeTsRequest(encodeTsRequest({ version: 2 }))).toEqual({ version: 2 });
});

test('what a newer version has behind the fields that we know is skipped', () => {
  const newer = der(
    0x30,
    der(0xa0, int(7)),
    octets(0xa3, bytes('aa')),
    octets(0xa6, bytes('01')),
    der(0xa9, int(1)),
  );
  expect(decodeTsRequest(newer)).toEqual({ version: 7, pubKeyAuth: bytes('aa') });
});

test('an error is read with its sign and without it', () => {
  const of = (...content: number[]) => der(0x30, der(0xa0, int(6)), der(0xa4, int(...content)));
  expect(decodeTsRequest(of(0xc0, 0, 0, 0x6d)).errorCode).toBe(0xc000006d);
  expect(decodeTsRequest(of(0, 0xc0, 0, 0, 0x6d)).errorCode).toBe(0xc000006d);
  expect(decodeTsRequest(of(5)).errorCode).toBe(5);
});

const token = der(0x30, octets(0xa0, bytes('01')));
test.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array()],
  ['no version', der(0x30)],
  ['another type', der(0x31, der(0xa0, int(6)))],
  ['something behind its end', Buffer.concat([der(0x30, der(0xa0, int(6))), bytes('00')])],
  ['a negative version', der(0x30, der(0xa0, int(0xff)))],
  ['a version with a leading zero', der(0x30, der(0xa0, int(0, 6)))],
  ['an empty version', der(0x30, der(0xa0, int()))],
  ['a huge version', der(0x30, der(0xa0, int(1, 2, 3, 4, 5)))],
  ['a field of no message', der(0x30, der(0xa0, int(6)), octets(0xbf, bytes('01')))],
  [
    'an unknown field before the last',
    der(0x30, der(0xa0, int(7)), octets(0xa6, bytes('01')), octets(0xa5, bytes('01'))),
  ],
  [
    'an unknown field twice',
    der(0x30, der(0xa0, int(7)), octets(0xa6, bytes('01')), octets(0xa6, bytes('01'))),
  ],
  ['fields out of order', der(0x30, octets(0xa3, bytes('01')), der(0xa0, int(6)))],
  ['a field twice', der(0x30, der(0xa0, int(6)), der(0xa0, int(6)))],
  ['two tokens', der(0x30, der(0xa0, int(6)), der(0xa1, der(0x30, token, token)))],
  ['a list without a token', der(0x30, der(0xa0, int(6)), der(0xa1, der(0x30)))],
  [
    'a token of another type',
    der(0x30, der(0xa0, int(6)), der(0xa1, der(0x30, der(0x30, der(0xa0, int(1)))))),
  ],
  ['a long error', der(0x30, der(0xa0, int(6)), der(0xa4, int(1, 2, 3, 4, 5, 6)))],
])('%s is refused', (_, message) => {
  expect(() => decodeTsRequest(message)).toThrow(broken);
});

test('a message cut anywhere, or with any one bit flipped, is refused or read, and nothing else', () => {
  const whole = encodeTsRequest({
    version: 6,
    negoToken: new Uint8Array(200),
    pubKeyAuth: new Uint8Array(20),
  });
  for (let length = 0; length < whole.length; length++)
    expect(() => decodeTsRequest(whole.subarray(0, length))).toThrow(broken);
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const changed = whole.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    try {
      decodeTsRequest(changed);
    } catch (error) {
      expect(error).toEqual(broken);
    }
  }
});

test('the password is written in UTF-16 without a mark, its account in two parts', () => {
  expect(hex(encodeTsCredentials({ username: 'L\\zë', password: '密' }))).toBe(
    hex(bytes('301f a003020101 a118 0416 3014 a004 0402 4c00 a106 0404 7a00eb00 a204 0402 c65b')),
  );
  expect(decodeTsCredentials(encodeTsCredentials({ username: '.\\a', password: 'ü' }))).toEqual({
    domain: '',
    username: 'a',
    password: 'ü',
  });
  expect(decodeTsCredentials(encodeTsCredentials({ username: 'a@lab.test', password: '' }))).toMatchObject({
    domain: '',
    username: 'a@lab.test',
  });
});
