import { describe, expect, test } from 'vitest';
import { readSealed, sealedType, writeSealed } from '../sealed-mime.ts';
import { cutRecord, piecesOf, recordsLength } from './tls-pieces.ts';

const SOAP = 'application/soap+xml;charset=UTF-8';
const GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
const record = (length: number, fill: string | number = 7) =>
  Buffer.concat([Buffer.of(23, 3, 3, length >> 8, length & 255), Buffer.alloc(length, fill)]);
const part = (bytes: Uint8Array, plainLength: number) => ({
  ...cutRecord(bytes, plainLength, GCM),
  contentType: SOAP,
  plainLength,
});
const read = (body: Uint8Array) => readSealed(body, sealedType('CredSSP', true), recordsLength);
const broken = expect.objectContaining({ kind: 'protocol' });

test('a message is cut into pieces of what one record of TLS holds; an empty one is a piece, too', () => {
  const lengths = (length: number) => piecesOf(new Uint8Array(length)).map((piece) => piece.length);
  expect(lengths(0)).toEqual([0]);
  expect(lengths(16_384)).toEqual([16_384]);
  expect(lengths(40_000)).toEqual([16_384, 16_384, 7_232]);
});

test.each([
  [GCM, 10, 16],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 10, 16],
  ['TLS_RSA_WITH_AES_128_CCM_8', 10, 8],
  ['TLS_RSA_WITH_AES_128_CBC_SHA', 10, 22],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 10, 38],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 16, 64],
])('with %s, %i bytes have a header of what the cipher adds', (cipher, plainLength, headerLength) => {
  const { header, data } = cutRecord(record(100), plainLength, cipher);
  expect(header).toHaveLength(headerLength);
  expect(Buffer.concat([header, data])).toEqual(record(100));
});

describe('a body of several records', () => {
  const boundary = '--Encrypted Boundary--\r\n--Encrypted Boundary\r\n\tContent-Type';
  const parts = [part(record(40), 16), part(Buffer.concat([record(9), record(300, boundary)]), 277)];
  const body = writeSealed(parts, 'CredSSP');

  test('is taken apart by the lengths of its records, though they hold the boundary by chance', () => {
    const joined = (all: typeof parts) => all.map(({ header, data }) => Buffer.concat([header, data]));
    expect(joined(read(body) as typeof parts)).toEqual(joined(parts));
    expect(read(body).map(({ plainLength }) => plainLength)).toEqual([16, 277]);
  });

  test('is refused when it is cut anywhere', () => {
    for (let length = 0; length < body.length - 2; length++)
      expect(() => read(body.subarray(0, length)), `${length} bytes`).toThrow(broken);
  });

  test('is read or refused, and nothing else, with any bit flipped', () => {
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = body.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        read(changed);
      } catch (error) {
        expect(error).toEqual(broken);
      }
    }
  });
});
