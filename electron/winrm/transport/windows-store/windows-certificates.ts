import { randomBytes } from 'node:crypto';
import type { ClientCertificate } from '../../auth/client-certificate.ts';
import { readClientCertificate } from '../../auth/read-client-certificate.ts';
import { WinRMError } from '../../error.ts';
import { othersTurn } from '../../others-turn.ts';
import { loadKoffi } from '../kerberos/koffi.ts';
import { loadCrypt32 } from './crypt32.ts';
import type { Crypt32 } from './crypt32.ts';

/** CERT_STORE_PROV_…, and where a system store lies (wincrypt.h). */
const PROVIDER = { memory: 2n, system: 10n } as const;
const PLACES = [0x1_0000, 0x2_0000] as const; // CurrentUser, LocalMachine
const READ_ONLY = 0x8000 | 0x4000; // and only one that exists
const ENCODING = 0x1_0001; // X.509 and PKCS #7
const FIND_SHA1_HASH = 0x1_0000;
const KEY_PROV_INFO = 2;
const ADD_ALWAYS = 4;
/** Fails where there is no key, or none that may leave; with the private keys. */
const EXPORT_FLAGS = 0x1 | 0x2 | 0x4;

/**
 * The certificate of that thumbprint with its private key, from the Personal store of the user, then of the machine.
 * TLS here is Node's, which needs the key itself: it is exported in memory, under a passphrase made for that moment. A
 * key that must not leave its place, as in a smart card, the TPM, or marked so, cannot be used.
 *
 * The certificates that it rests on are not exported with it: a computer that needs one in between must have that itself.
 *
 * Run on no Windows yet.
 *
 * @param thumbprint SHA-1, hex
 * @throws WinRMError 'invalid' with why it cannot be had
 */
export async function certificateOfWindows(
  thumbprint: string,
  open: () => Crypt32 = () => systemCrypt32(process.platform),
): Promise<ClientCertificate> {
  if (!/^[0-9A-F]{40}$/i.test(thumbprint))
    throw new WinRMError('invalid', 'A thumbprint has forty digits and letters from A to F.');
  const crypt32 = open();
  const hash = Buffer.from(thumbprint, 'hex');
  for (const place of PLACES) {
    const found = inStore(crypt32, place, hash);
    if (!found) continue;
    const { pfx, passphrase } = found;
    return readClientCertificate(pfx, passphrase, othersTurn).finally(() => pfx.fill(0));
  }
  throw new WinRMError('invalid', `There is no certificate ${thumbprint} in the Personal store.`, {
    remedy: {
      text: 'These are there, of the user and of the machine:',
      command: 'Get-ChildItem Cert:\\CurrentUser\\My, Cert:\\LocalMachine\\My',
    },
  });
}

function systemCrypt32(platform: NodeJS.Platform): Crypt32 {
  if (platform !== 'win32')
    throw new WinRMError('invalid', 'Only Windows has a certificate store of its own.', {
      remedy: { text: 'Use a PFX or PEM file.' },
    });
  try {
    return loadCrypt32(loadKoffi());
  } catch (cause) {
    throw new WinRMError('invalid', 'The certificate store of Windows cannot be reached.', {
      cause,
      detail: cause instanceof Error ? cause.message : String(cause),
    });
  }
}

/** A Win32 handle or pointer, which koffi gives as a number or a bigint. */
type Handle = number | bigint;
const isNull = (handle: Handle) => BigInt(handle) === 0n;

function inStore(crypt32: Crypt32, place: number, hash: Buffer): Exported | undefined {
  const name = Buffer.from('MY\0', 'utf16le');
  const store: Handle = crypt32.CertOpenStore(PROVIDER.system, 0, 0n, place | READ_ONLY, name);
  if (isNull(store)) return undefined; // a store that nobody made yet holds nothing
  try {
    const blob = blobOf(crypt32, hash);
    const context = crypt32.CertFindCertificateInStore(store, ENCODING, 0, FIND_SHA1_HASH, blob, 0n);
    if (isNull(context)) return undefined;
    try {
      return exported(crypt32, context);
    } finally {
      crypt32.CertFreeCertificateContext(context);
    }
  } finally {
    crypt32.CertCloseStore(store, 0);
  }
}

/** CRYPT_DATA_BLOB: a length, and where that many bytes lie. */
function blobOf({ addressOf }: Crypt32, bytes: Buffer): Buffer {
  const blob = Buffer.alloc(16);
  blob.writeUInt32LE(bytes.length, 0);
  blob.writeBigUInt64LE(bytes.length === 0 ? 0n : addressOf(bytes), 8);
  return blob;
}

/** A PFX in memory, with the key: to be wiped. */
interface Exported {
  readonly pfx: Buffer;
  readonly passphrase: string;
}

function exported(crypt32: Crypt32, context: Handle): Exported {
  if (crypt32.CertGetCertificateContextProperty(context, KEY_PROV_INFO, null, Buffer.alloc(4)) === 0)
    throw new WinRMError(
      'invalid',
      'Windows has no private key of this certificate, so nobody can sign in with it.',
      {
        causes: ['It was imported without its key.', 'The key is in the store of another user.'],
        remedy: { text: 'Import it again from a PFX file that holds its key.' },
      },
    );
  const alone: Handle = crypt32.CertOpenStore(PROVIDER.memory, 0, 0n, 0, null);
  if (isNull(alone)) throw notExportable();
  const passphrase = randomBytes(16).toString('hex');
  try {
    if (crypt32.CertAddCertificateContextToStore(alone, context, ADD_ALWAYS, null) === 0)
      throw notExportable();
    const size = blobOf(crypt32, Buffer.alloc(0));
    if (crypt32.PFXExportCertStoreEx(alone, size, passphrase, null, EXPORT_FLAGS) === 0)
      throw notExportable();
    const bytes = Buffer.alloc(size.readUInt32LE(0));
    const blob = blobOf(crypt32, bytes);
    if (crypt32.PFXExportCertStoreEx(alone, blob, passphrase, null, EXPORT_FLAGS) === 0)
      throw notExportable();
    return { pfx: bytes.subarray(0, blob.readUInt32LE(0)), passphrase };
  } finally {
    crypt32.CertCloseStore(alone, 0);
  }
}

const notExportable = () =>
  new WinRMError(
    'invalid',
    'The private key of this certificate must not leave its place, and TLS here needs it.',
    {
      causes: ['It was imported without “Mark this key as exportable”.', 'It is in a smart card or the TPM.'],
      remedy: {
        text: 'Import it again as exportable, use its PFX file, or sign in with PowerShell itself, which can use it in place.',
      },
    },
  );
