import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { md4 } from './md4.ts';

interface Md4 {
  update(message: Uint8Array): Md4;
  hex(): string;
}
// It has no type declarations; its short form would ask OpenSSL, which refuses.
const { create } = createRequire(import.meta.url)('js-md4') as { create: () => Md4 };

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test.each([
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
  ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
])('hashes %j as RFC 1320 A.5 says', (message, digest) => {
  expect(hex(md4(new TextEncoder().encode(message)))).toBe(digest);
});

test('agrees with another implementation at every length around the block border', () => {
  for (let length = 0; length <= 200; length++) {
    const message = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 255);
    expect(hex(md4(message)), `${length} bytes`).toBe(create().update(message).hex());
  }
});

test('agrees with another implementation on 100,000 messages of any length', { timeout: 60_000 }, () => {
  let state = 1;
  // A linear congruence: what it gives is the same every time.
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 8;
  for (let i = 0; i < 100_000; i++) {
    const message = new Uint8Array(next() % (i % 1000 ? 192 : 5000));
    for (let at = 0; at < message.length; at++) message[at] = next();
    const due = create().update(message).hex();
    if (hex(md4(message)) !== due) expect.fail(`${hex(message)} is not ${due}`);
  }
});
