import { expect, test } from 'vitest';
import { GatheredBytes } from './gathered-bytes.ts';

test('pieces of every size come out in their order', () => {
  const gathered = new GatheredBytes();
  const sizes = [1, 5_000, 0, 3, 4_095, 4_096, 70_000, 1, 1, 65_536, 4_000, 4_000];
  const pieces = sizes.map((size, i) => Buffer.alloc(size, i + 1));
  for (const piece of pieces) gathered.add(piece);
  expect(gathered.length).toBe(sizes.reduce((sum, size) => sum + size));
  expect(gathered.bytes().equals(Buffer.concat(pieces))).toBe(true);
});

test('what is added after a look comes after it', () => {
  const gathered = new GatheredBytes();
  gathered.add(Buffer.from('ab'));
  expect(gathered.bytes().toString()).toBe('ab');
  gathered.add(Buffer.from('cd'));
  expect(gathered.bytes().toString()).toBe('abcd');
});

test('a million single bytes, each in a block of its own, hold a few megabytes', () => {
  const gathered = new GatheredBytes();
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 1_000_000; i++) gathered.add(Buffer.allocUnsafeSlow(64).subarray(0, 1));
  globalThis.gc?.();
  expect(gathered.bytes().length).toBe(1_000_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
});
