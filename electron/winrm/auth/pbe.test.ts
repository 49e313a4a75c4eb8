import { expect, test } from 'vitest';
import { der, readDer } from './der.ts';
import { bmpOf, decryptKey, iterationsOf, PURPOSE, stretch } from './pbe.ts';
import { turnsDuring } from '../turns-fixture.ts';

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

test('while a passphrase is stretched the old way other work has its turn', async () => {
  const how = { salt: new Uint8Array(8), iterations: 20_001, digest: ['sha1', 64] as const, pause };
  expect(await turnsDuring(() => stretch(bmpOf('x'), PURPOSE.key, how, 20))).toBeGreaterThanOrEqual(10);
});

test('so it has while PBKDF2 is at work', async () => {
  const iterations = Uint8Array.of(0x03, 0x0d, 0x40); // 200 000
  const salt = new Uint8Array(8);
  const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
  const kdf = der(0x30, oid('2a864886f70d01050c'), der(0x30, der(0x04, salt), der(0x02, iterations)));
  const cipher = der(0x30, oid('60864801650304012a'), der(0x04, new Uint8Array(16)));
  const scheme = der(0x30, oid('2a864886f70d01050d'), der(0x30, kdf, cipher));
  const locked = der(0x30, scheme, der(0x04, new Uint8Array(16)));
  const opening = async () => {
    await expect(decryptKey(locked, { text: 'x', pause })).rejects.toMatchObject({ kind: 'unauthenticated' });
  };
  expect(await turnsDuring(opening)).toBeGreaterThan(10);
});

test('a passphrase that would be stretched for minutes is not, and it is said', () => {
  const count = (...bytes: number[]) => iterationsOf(readDer(der(0x02, Uint8Array.from(bytes))));
  expect(count(0x08, 0x00)).toBe(2_048);
  expect(count(0x09, 0x27, 0xc0)).toBe(600_000);
  const most = expect.objectContaining({
    message: expect.stringContaining('more than 600000 iterations'),
    info: expect.objectContaining({ remedy: expect.anything() }),
  });
  for (const bytes of [[0x09, 0x27, 0xc1], [0x1e, 0x84, 0x80], new Array<number>(40).fill(0x7f)])
    expect(() => count(...bytes)).toThrow(most);
  for (const bytes of [[], [0], [0xff]]) expect(() => count(...bytes)).toThrow('cannot be read');
});
