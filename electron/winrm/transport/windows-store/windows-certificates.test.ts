import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { OPEN_PEM } from '../../auth/client-certificate-fixture.ts';
import { der } from '../../auth/der.ts';
import { readClientCertificate } from '../../auth/read-client-certificate.ts';
import { certificateOfWindows } from './windows-certificates.ts';
import type { Crypt32 } from './crypt32.ts';

const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const data = (content: Uint8Array) => der(0x30, oid('2a864886f70d010701'), der(0xa0, der(0x04, content)));
const bag = (type: string, value: Uint8Array) =>
  der(0x30, oid(`2a864886f70d010c0a01${type}`), der(0xa0, value));

/** A PFX of the certificate and its key, which Node encrypts (PBES2); without a MAC. */
function pfxUnder(passphrase: string): Uint8Array {
  const secret = { type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase } as const;
  const certificate = new X509Certificate(OPEN_PEM).raw;
  const bags = der(
    0x30,
    bag('02', createPrivateKey(OPEN_PEM).export(secret)),
    bag('03', der(0x30, oid('2a864886f70d01091601'), der(0xa0, der(0x04, certificate)))),
  );
  return der(0x30, der(0x02, Buffer.of(3)), data(der(0x30, data(bags))));
}

/** Answers as Microsoft documents the functions; what Windows really does nobody here has seen. */
function store({ has = true, hasKey = true, isExportable = true } = {}) {
  const open = new Set<bigint>();
  const known: Buffer[] = [];
  const passphrases: string[] = [];
  let pfx: Uint8Array | undefined;
  let exported: Buffer | undefined;
  let last = 100n;
  const opened = () => {
    open.add(++last);
    return last as unknown as number;
  };
  const closed = (handle: unknown) => Number(open.delete(handle as bigint));
  const calls = {
    addressOf: (bytes: Buffer) => BigInt(known.push(bytes)),
    CertOpenStore: opened,
    CertFindCertificateInStore: () => (has ? opened() : 0),
    CertGetCertificateContextProperty: () => Number(hasKey),
    CertAddCertificateContextToStore: () => 1,
    PFXExportCertStoreEx: (_store: unknown, blob: Buffer, passphrase: string) => {
      if (!isExportable) return 0;
      expect(passphrase).toMatch(/^[0-9a-f]{32}$/);
      passphrases.push(passphrase);
      pfx ??= pfxUnder(passphrase);
      exported = known[Number(blob.readBigUInt64LE(8)) - 1];
      exported?.set(pfx);
      blob.writeUInt32LE(pfx.length, 0);
      return 1;
    },
    CertFreeCertificateContext: closed,
    CertCloseStore: closed,
  };
  return { crypt32: () => calls as unknown as Crypt32, open, passphrases, exported: () => exported };
}

const THUMBPRINT = '00112233445566778899AABBCCDDEEFF00112233';

test('what is exported, under a passphrase of that moment, is opened with it, and nothing of it is left', async () => {
  const [first, second] = [store(), store()];
  const certificate = await certificateOfWindows(THUMBPRINT, first.crypt32);
  const { info, chain } = await readClientCertificate(Buffer.from(OPEN_PEM), '');
  expect(certificate.username).toBe('alice');
  expect(certificate.info).toEqual(info);
  expect(certificate.chain.map(({ raw }) => raw)).toEqual(chain.map(({ raw }) => raw));
  expect(certificate.chain[0]?.checkPrivateKey(certificate.key)).toBe(true);
  expect(first.open.size).toBe(0);
  expect(first.exported()?.length).toBeGreaterThan(500);
  expect(first.exported()?.every((byte) => byte === 0)).toBe(true);
  await certificateOfWindows(THUMBPRINT, second.crypt32);
  expect(second.passphrases[0]).not.toBe(first.passphrases[0]);
});

test.each([
  ['one that is not there', { has: false }, 'no certificate 0011'],
  ['one without a key', { hasKey: false }, 'no private key'],
  ['one whose key must not leave', { isExportable: false }, 'must not leave its place'],
])('%s is told apart, and every handle is given back', async (_, what, sentence) => {
  const { crypt32, open } = store(what);
  await expect(certificateOfWindows(THUMBPRINT, crypt32)).rejects.toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining(sentence) }),
  );
  expect(open.size).toBe(0);
});

test('what is no thumbprint is not looked for, and elsewhere than on Windows nothing is', async () => {
  await expect(certificateOfWindows('AB12')).rejects.toThrow('forty digits');
  if (process.platform !== 'win32')
    await expect(certificateOfWindows(THUMBPRINT)).rejects.toThrow('Only Windows');
});
