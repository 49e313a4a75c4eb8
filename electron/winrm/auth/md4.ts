/** Left rotations of the three rounds, four steps each. */
const SHIFTS = [
  [3, 7, 11, 19],
  [3, 5, 9, 13],
  [3, 9, 11, 15],
] as const;
const CONSTANTS = [0, 0x5a827999, 0x6ed9eba1] as const;
/** Which word of the block a step takes. */
const ORDERS = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
] as const;
const MIXES = [
  (x: number, y: number, z: number) => (x & y) | (~x & z),
  (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
  (x: number, y: number, z: number) => x ^ y ^ z,
] as const;

/**
 * MD4, which NTLM hashes passwords with and OpenSSL 3 no longer has. Never use it for anything else.
 *
 * @see RFC 1320
 */
export function md4(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n, true);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let offset = 0; offset < padded.length; offset += 64) digestBlock(state, view, offset);
  return new Uint8Array(state.buffer);
}

function digestBlock(state: Uint32Array, block: DataView, offset: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let round = 0; round < 3; round++) {
    const [order, mix, shifts] = [ORDERS[round]!, MIXES[round]!, SHIFTS[round]!];
    for (let step = 0; step < 16; step++) {
      const sum =
        (a + mix(b, c, d) + block.getUint32(offset + order[step]! * 4, true) + CONSTANTS[round]!) >>> 0;
      const shift = shifts[step & 3]!;
      [a, b, c, d] = [d, ((sum << shift) | (sum >>> (32 - shift))) >>> 0, b, c];
    }
  }
  // The array adds modulo 2^32 by itself.
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
}
