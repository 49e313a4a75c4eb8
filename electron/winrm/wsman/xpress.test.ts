import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { packBlocks, unpack, unpackedBlocks } from './xpress.ts';

/** A table of code lengths: a run of zeros, then bytes, and so on, in hexadecimal. */
const zeros = (count: number) => '00'.repeat(count);
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const unpackBlocks = (data: Uint8Array) => Buffer.concat([...unpackedBlocks(data)]);
const text = (data: Uint8Array) => Buffer.from(data).toString('latin1');

/** MS-XCA 3.2, both examples. */
const ALPHABET = bytes(
  `${zeros(48)}50 55 55 55 55 55 55 55 55 55 55 45 44 04${zeros(66)}04${zeros(127)}d8 52 3e d7 94 11 5b e9 19 5f f9 d6 7c df 8d 04 00 00 00 00`,
);
const ABC = bytes(`${zeros(48)}30 23${zeros(78)}02${zeros(14)}20${zeros(112)}a8 dc 00 00 ff 26 01`);

describe('what is packed by LZ77 and Huffman', () => {
  test('is unpacked as the specification has it: letters', () => {
    expect(text(unpack(ALPHABET, 26))).toBe('abcdefghijklmnopqrstuvwxyz');
  });

  test('is unpacked as the specification has it: a long match that overlaps itself', () => {
    expect(text(unpack(ABC, 300))).toBe('abc'.repeat(100));
  });

  test.each([
    ['cut short in its table', ABC.subarray(0, 200), 300],
    ['cut short in its codes', ABC.subarray(0, 258), 300],
    ['cut short in a length', ABC.subarray(0, 262), 300],
    ['longer than said', ABC, 299],
    ['without any code', bytes(`${zeros(256)}ff ff ff ff ff ff ff ff`), 10],
    ['with more codes than there can be', bytes(`${'11'.repeat(256)}00 00 00 00`), 10],
    ['shorter than said', ALPHABET, 60_000],
  ])('%s is refused', (_, packed, length) => {
    expect(() => unpack(packed, length)).toThrow(/cannot be unpacked/);
  });

  test('is refused or comes to its end, whatever bytes it is made of', () => {
    for (let seed = 0; seed < 500; seed++) {
      const noise = Array.from({ length: 12 }, (_, i) =>
        createHash('sha256').update(`${seed}.${i}`).digest(),
      );
      const packed = Uint8Array.from(ABC);
      packed.set(Buffer.concat(noise).subarray(0, 7), 256);
      try {
        expect(unpack(packed, 300)).toHaveLength(300);
      } catch (error) {
        expect(error).toMatchObject({ kind: 'protocol' });
      }
    }
  });
});

describe('blocks', () => {
  test('of a real Windows computer are read: short ones lie there as they are', () => {
    const block = Buffer.from('HQAdAA0KV2luZG93cyBJUCBDb25maWd1cmF0aW9uDQoNCg==', 'base64');
    expect(text(unpackBlocks(block))).toBe('\r\nWindows IP Configuration\r\n\r\n');
  });

  test('of both kinds follow one another', () => {
    const header = bytes('2b 01 06 01'); // 300 and 263, less one
    const both = Buffer.concat([header, ABC, packBlocks(Buffer.from('end'))]);
    expect(text(unpackBlocks(both))).toBe(`${'abc'.repeat(100)}end`);
  });

  test.each(['00', '00 00 00', '01 00 01 00 61', '00 00 01 00 61 62'])('%s are refused', (hex) => {
    expect(() => unpackBlocks(bytes(hex))).toThrow(/cannot be unpacked/);
  });

  test('are made of 64 KB at most, and read again', () => {
    const data = new Uint8Array(150_000).map((_, i) => i * 7);
    const packed = packBlocks(data);
    expect(packed).toHaveLength(150_000 + 3 * 4);
    expect(Buffer.compare(unpackBlocks(packed), data)).toBe(0);
    expect(unpackBlocks(new Uint8Array())).toHaveLength(0);
  });
});
