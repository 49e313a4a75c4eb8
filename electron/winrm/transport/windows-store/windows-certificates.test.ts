import { expect, test } from 'vitest';
import { OLD_PFX } from '../../auth/client-certificate-fixture.ts';
import { certificateOfWindows } from './windows-certificates.ts';
import type { Crypt32 } from './crypt32.ts';

/** Answers as Microsoft documents the functions; what Windows really does nobody here has seen. */
function store({ has = true, hasKey = true, isExportable = true } = {}) {
  const open = new Set<bigint>();
  const known: Buffer[] = [];
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
      known[Number(blob.readBigUInt64LE(8)) - 1]?.set(OLD_PFX);
      blob.writeUInt32LE(OLD_PFX.length, 0);
      return 1;
    },
    CertFreeCertificateContext: closed,
    CertCloseStore: closed,
  };
  return { crypt32: () => calls as unknown as Crypt32, open };
}

const THUMBPRINT = '00112233445566778899AABBCCDDEEFF00112233';

test('what is exported is opened with the passphrase of that moment alone', () => {
  const { crypt32, open } = store();
  // The file at hand has another passphrase: that it is refused shows which one was tried.
  expect(() => certificateOfWindows(THUMBPRINT, crypt32)).toThrow(
    'The passphrase is not the one of this file.',
  );
  expect(open.size).toBe(0);
});

test.each([
  ['one that is not there', { has: false }, 'no certificate 0011'],
  ['one without a key', { hasKey: false }, 'no private key'],
  ['one whose key must not leave', { isExportable: false }, 'must not leave its place'],
])('%s is told apart, and every handle is given back', (_, what, sentence) => {
  const { crypt32, open } = store(what);
  expect(() => certificateOfWindows(THUMBPRINT, crypt32)).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining(sentence) }),
  );
  expect(open.size).toBe(0);
});

test('what is no thumbprint is not looked for, and elsewhere than on Windows nothing is', () => {
  expect(() => certificateOfWindows('AB12')).toThrow('forty digits');
  if (process.platform !== 'win32') expect(() => certificateOfWindows(THUMBPRINT)).toThrow('Only Windows');
});
