import { open, stat } from 'node:fs/promises';
import type { CertificateSource, ClientCertificateInfo } from '../../shared/client-certificate.ts';
import { certificateOfWindows, readClientCertificate, WinRMError } from '../winrm/index.ts';
import type { ClientCertificate } from '../winrm/index.ts';

/** A key file is a few KB; what a path leads to may be endless. */
const MAX_BYTES = 1_000_000;

/**
 * A client certificate with its key, from where it lies. The key is in this process's memory from then on, nowhere else.
 *
 * @param passphrase of the file; empty where it has none
 * @throws WinRMError 'unauthenticated' for a wrong passphrase, 'invalid' with why it is no use otherwise
 */
export async function openCertificate(
  source: CertificateSource,
  { thumbprint }: Pick<ClientCertificateInfo, 'thumbprint'>,
  passphrase: string,
): Promise<ClientCertificate> {
  if (source.kind === 'windowsStore') return certificateOfWindows(thumbprint);
  return readClientCertificate(await readKeyFile(source.path), passphrase);
}

/** @throws WinRMError 'invalid' where it cannot be read */
async function readKeyFile(path: string): Promise<Uint8Array> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('no file');
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.min(size, MAX_BYTES) + 1);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new WinRMError('invalid', `The file of the certificate cannot be read: ${path}.`, {
      causes: [code === 'ENOENT' ? 'It was moved or deleted.' : 'It must not be read by this account.'],
      remedy: { text: 'Choose the file anew for this credential.' },
      ...(code && { detail: code }),
    });
  }
}
