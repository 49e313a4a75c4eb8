import { expect, test } from 'vitest';
import { decryptRc2 } from './rc2.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

/** RFC 2268, section 5. */
test.each([
  ['0000000000000000', 63, '0000000000000000', 'ebb773f993278eff'],
  ['ffffffffffffffff', 64, 'ffffffffffffffff', '278b27e42e2f0d49'],
  ['3000000000000000', 64, '1000000000000001', '30649edf9be7d2c2'],
  ['88', 64, '0000000000000000', '61a8a244adacccf0'],
  ['88bca90e90875a', 64, '0000000000000000', '6ccf4308974c267f'],
  ['88bca90e90875a7f0f79c384627bafb2', 64, '0000000000000000', '1a807d272bbe5db1'],
  ['88bca90e90875a7f0f79c384627bafb2', 128, '0000000000000000', '2269552ab0f85ca6'],
])('RFC 2268: key %s with %i effective bits', (key, bits, plain, encrypted) => {
  const decrypted = decryptRc2(hex(encrypted), hex(key), Buffer.alloc(8), bits);
  expect(Buffer.from(decrypted).toString('hex')).toBe(plain);
});

test('in CBC a block is mixed with the one before it, the first with the initialisation vector', () => {
  const one = '2269552ab0f85ca6';
  const key = hex('88bca90e90875a7f0f79c384627bafb2');
  const decrypted = decryptRc2(hex(one + one), key, hex('0102030405060708'), 128);
  expect(Buffer.from(decrypted).toString('hex')).toBe('0102030405060708' + one);
});
