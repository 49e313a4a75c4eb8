/** The permutation of RFC 2268, section 2. */
const PI = Buffer.from(
  [
    'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2',
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82',
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626',
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7',
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec',
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731',
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9',
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  ].join(''),
  'hex',
);
const BLOCK = 8;
/** Each of the four words of a block is turned by so many bits in a mixing round. */
const TURNS = [1, 2, 3, 5] as const;

const piOf = (index: number): number => PI[index & 0xff] ?? 0;

/** The 64 words of the key (RFC 2268, section 2). @param effectiveBits how many bits of the key count */
function expand(key: Uint8Array, effectiveBits: number): readonly number[] {
  const bytes = new Uint8Array(128);
  bytes.set(key);
  const at = (index: number) => bytes[index] ?? 0;
  for (let i = key.length; i < 128; i++) bytes[i] = piOf(at(i - 1) + at(i - key.length));
  const length = (effectiveBits + 7) >> 3;
  const mask = 0xff >> (8 * length - effectiveBits);
  bytes[128 - length] = piOf(at(128 - length) & mask);
  for (let i = 127 - length; i >= 0; i--) bytes[i] = piOf(at(i + 1) ^ at(i + length));
  return Array.from({ length: 64 }, (_, i) => at(2 * i) | (at(2 * i + 1) << 8));
}

/** One block in place: sixteen mixing rounds backwards, with a mashing round after the fifth and the eleventh (section 4). */
function decryptBlock(words: Uint16Array, key: readonly number[]): void {
  const at = (index: number) => words[index & 3] ?? 0;
  let next = 63;
  for (let round = 0; round < 16; round++) {
    for (let i = 3; i >= 0; i--) {
      const turn = TURNS[i] ?? 0;
      const turned = (at(i) >> turn) | (at(i) << (16 - turn));
      words[i] = turned - (key[next--] ?? 0) - (at(i + 3) & at(i + 2)) - (~at(i + 3) & at(i + 1));
    }
    if (round === 4 || round === 10)
      for (let i = 3; i >= 0; i--) words[i] = at(i) - (key[at(i + 3) & 63] ?? 0);
  }
}

/**
 * RC2 in CBC mode (RFC 2268), decrypting only, padding left in place: old PFX files hold their certificates so, and
 * OpenSSL 3 has it no more. It protects nothing today.
 *
 * @param encrypted whole blocks of 8 bytes
 */
export function decryptRc2(
  encrypted: Uint8Array,
  key: Uint8Array,
  iv: Uint8Array,
  effectiveBits: number,
): Uint8Array {
  const words = expand(key, effectiveBits);
  const plain = new Uint8Array(encrypted.length);
  const block = new Uint16Array(4);
  for (let start = 0; start < encrypted.length; start += BLOCK) {
    for (let i = 0; i < 4; i++)
      block[i] = (encrypted[start + 2 * i] ?? 0) | ((encrypted[start + 2 * i + 1] ?? 0) << 8);
    decryptBlock(block, words);
    for (let i = 0; i < BLOCK; i++) {
      const before = (start === 0 ? iv[i] : encrypted[start - BLOCK + i]) ?? 0;
      plain[start + i] = (((block[i >> 1] ?? 0) >> (8 * (i & 1))) & 0xff) ^ before;
    }
  }
  return plain;
}
