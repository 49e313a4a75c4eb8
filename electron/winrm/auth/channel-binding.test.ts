import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { channelBindingHash, tlsServerEndPoint } from './channel-binding.ts';
import { der } from './der.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const SHA384 = '608648016503040202';

/** As much of a certificate as the binding looks at: something signed, the algorithm, a signature. */
const certificate = (oid: string, ...parameters: Uint8Array[]) =>
  der(
    0x30,
    der(0x30, der(0x02, bytes('01'))),
    der(0x30, der(0x06, bytes(oid)), ...parameters),
    der(0x03, bytes('0000')),
  );
const pss = (hash?: string) =>
  der(
    0x30,
    ...(hash ? [der(0xa0, der(0x30, der(0x06, bytes(hash))))] : []),
    der(0xa2, der(0x02, bytes('20'))),
  );

test.each([
  ['sha1WithRSA, lifted', certificate('2a864886f70d010105', bytes('0500')), 'sha256'],
  ['md5WithRSA, lifted', certificate('2a864886f70d010104', bytes('0500')), 'sha256'],
  ['sha256WithRSA', certificate('2a864886f70d01010b', bytes('0500')), 'sha256'],
  ['sha384WithRSA', certificate('2a864886f70d01010c', bytes('0500')), 'sha384'],
  ['sha512WithRSA', certificate('2a864886f70d01010d', bytes('0500')), 'sha512'],
  ['ecdsa-with-SHA384', certificate('2a8648ce3d040303'), 'sha384'],
  ['RSASSA-PSS with SHA-384', certificate('2a864886f70d01010a', pss(SHA384)), 'sha384'],
  ['RSASSA-PSS without a word, which is SHA-1', certificate('2a864886f70d01010a', pss()), 'sha256'],
])('a certificate signed by %s is hashed as RFC 5929 says', (_, cert, hash) => {
  const prefix = Buffer.from('tls-server-end-point:');
  const digest = createHash(hash).update(cert).digest();
  expect(Buffer.from(tlsServerEndPoint(cert) ?? []).equals(Buffer.concat([prefix, digest]))).toBe(true);
});

test('there is no binding where the signature implies no hash', () => {
  expect(tlsServerEndPoint(certificate('2b6570'))).toBeUndefined();
});

test('what is no certificate is refused', () => {
  for (const value of ['', '30', '3000', '02010a', '30023000', '308000']) {
    expect(() => tlsServerEndPoint(bytes(value)), value).toThrow(
      expect.objectContaining({ kind: 'protocol' }),
    );
  }
});

/** The value that Windows was seen to send for this certificate (the public tests of ntlm-auth, MIT). */
test('the hash over the bindings is the one seen from Windows', () => {
  const hash = bytes('e3ca49271e5089cc48ce82109f1324f41dbeddc29a777410c738f7868c4ff405');
  const data = Buffer.concat([Buffer.from('tls-server-end-point:'), hash]);
  expect(Buffer.from(channelBindingHash(data)).toString('hex')).toBe('6ea19df066da4622051f9c4f92c6df74');
});
