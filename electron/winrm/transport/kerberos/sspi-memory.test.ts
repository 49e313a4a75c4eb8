import { expect, test } from 'vitest';
import { layOutBindings, layOutBuffers, layOutIdentity, SECBUFFER } from './sspi-memory.ts';

/** Each buffer lies at an address of its own that can be told from the others. */
function memory() {
  const known: Buffer[] = [];
  const addressOf = (bytes: Buffer) =>
    BigInt(known.includes(bytes) ? known.indexOf(bytes) + 1 : known.push(bytes)) * 0x1000n;
  return { addressOf, at: (address: bigint) => known[Number(address / 0x1000n) - 1] };
}

test('a SecBufferDesc points to its SecBuffers, each with length, type and address', () => {
  const { addressOf, at } = memory();
  const bytes = Buffer.from('token');
  const { description, at: left } = layOutBuffers(
    [
      { type: SECBUFFER.token, bytes },
      { type: SECBUFFER.data, bytes: Buffer.alloc(0) },
    ],
    addressOf,
  );
  expect([description.readUInt32LE(0), description.readUInt32LE(4)]).toEqual([0, 2]);
  const table = at(description.readBigUInt64LE(8));
  expect([table?.readUInt32LE(0), table?.readUInt32LE(4), table?.length]).toEqual([5, 2, 32]);
  expect(at(table?.readBigUInt64LE(8) ?? 0n)).toBe(bytes);
  expect([table?.readUInt32LE(16), table?.readUInt32LE(20), table?.readBigUInt64LE(24)]).toEqual([0, 1, 0n]);
  table?.writeUInt32LE(3, 0); // the library needed less
  expect(left(0)).toMatchObject({ length: 3 });
});

test('an identity counts characters, and says that they are UTF-16', () => {
  const { addressOf, at } = memory();
  const { identity, keep } = layOutIdentity({ user: 'zoë', domain: 'LAB.TEST', password: '密x' }, addressOf);
  expect(identity).toHaveLength(48);
  const texts = [0, 16, 32].map((offset) => at(identity.readBigUInt64LE(offset))?.toString('utf16le'));
  expect(texts).toEqual(['zoë\0', 'LAB.TEST\0', '密x\0']);
  expect([8, 24, 40].map((offset) => identity.readUInt32LE(offset))).toEqual([3, 8, 2]);
  expect(identity.readUInt32LE(44)).toBe(2);
  expect(keep).toHaveLength(3);
});

test('channel bindings hold their data behind the structure', () => {
  const bindings = layOutBindings(Buffer.from('tls-server-end-point:x'));
  expect([bindings.readUInt32LE(24), bindings.readUInt32LE(28)]).toEqual([22, 32]);
  expect(bindings.subarray(32).toString()).toBe('tls-server-end-point:x');
});
