import { expect, test } from 'vitest';
import { Rc4 } from './rc4.ts';

const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** RFC 6229 2, the first 16 bytes. */
test.each([
  ['0102030405', 'b2396305f03dc027ccc3524a0a1118a8'],
  ['0102030405060708090a0b0c0d0e0f10', '9ac7cc9a609d1ef7b2932899cde41b97'],
])('gives the stream of RFC 6229 for the key %s', (key, atStart) => {
  expect(Buffer.from(new Rc4(bytes(key)).apply(new Uint8Array(16))).toString('hex')).toBe(atStart);
});

test('the stream at offset 4096 for a 40 bit key is that of RFC 6229', () => {
  const stream = new Rc4(bytes('0102030405')).apply(new Uint8Array(4112));
  expect(Buffer.from(stream.subarray(4096)).toString('hex')).toBe('ff25b58995996707e51fbdf08b34d875');
});

test('the stream runs on over any split', () => {
  const whole = new Rc4(bytes('0102030405')).apply(new Uint8Array(1000));
  for (const size of [1, 2, 3, 4, 5, 7, 255, 256, 257]) {
    const rc4 = new Rc4(bytes('0102030405'));
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < 1000; at += size) pieces.push(rc4.apply(new Uint8Array(Math.min(size, 1000 - at))));
    expect(Buffer.concat(pieces).equals(whole), `pieces of ${size}`).toBe(true);
  }
});
