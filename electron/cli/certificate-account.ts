import { plainThumbprint } from '../../shared/client-certificate.ts';
import { openCertificate } from '../store/certificates.ts';
import { demandUsable, toErrorInfo, WinRMError } from '../winrm/index.ts';
import type { ClientCertificate } from '../winrm/index.ts';
import { BindingError } from './binding/binding-error.ts';
import type { CommandIO } from './io.ts';
import { plainText } from './plain-text.ts';
import { hintsOf } from './report.ts';
import type { Request } from './request.ts';
import type { SavedCredentials } from './saved-credentials.ts';

/**
 * The certificate that -CertificateThumbprint or -CertificateFile names.
 *
 * @returns undefined where neither is given
 * @throws BindingError where it cannot be had, or is no use; WinRMError where the saved ones cannot be read
 */
export async function certificateFor(
  { certificateThumbprint, certificateFile, passwordStdin }: Request,
  io: CommandIO,
  saved: SavedCredentials,
): Promise<ClientCertificate | undefined> {
  if (certificateFile !== undefined)
    return usable(() => ofFile(certificateFile, io, { passwordStdin }), io, IN_FILE);
  if (certificateThumbprint === undefined) return undefined;
  const thumbprint = plainThumbprint(certificateThumbprint);
  // What cannot be read is no certificate that is no use.
  const known = await saved.byThumbprint(thumbprint);
  const find = async () => {
    if (known && known.certificate.source.kind === 'file' && passwordStdin)
      return ofFile(known.certificate.source.path, io, { passwordStdin });
    if (known) return saved.openCertificate(known);
    if (io.platform === 'win32') return openCertificate({ kind: 'windowsStore' }, { thumbprint }, '');
    throw notSaved(thumbprint);
  };
  return usable(async () => demandNamed(await find(), thumbprint), io);
}

/** Another one, mostly a renewed one, may lie in the file by now. */
function demandNamed(certificate: ClientCertificate, thumbprint: string): ClientCertificate {
  const found = certificate.info.thumbprint;
  if (found === thumbprint) return certificate;
  throw new BindingError(
    'CertificateNotFound',
    `Where the certificate ${thumbprint} was saved from there lies another one now, ${found}. Name that with -CertificateThumbprint once it is chosen for the credential in the app, or name the file with -CertificateFile.`,
  );
}

const notSaved = (thumbprint: string) =>
  new BindingError(
    'CertificateNotFound',
    `No client certificate with the thumbprint ${thumbprint} is saved in the app, and only Windows has a store to look in. Name its PFX or PEM file with -CertificateFile, or save it in the app.`,
  );

/** There is no credential for which anything could be chosen. */
const IN_FILE = (text: string) =>
  text
    .replace(
      'Choose the file anew for this credential.',
      'Name the file as it lies now with -CertificateFile.',
    )
    .replace('choose the new one for this credential', 'name its file with -CertificateFile');

/** @throws BindingError with what may be behind it and what can be done */
async function usable(
  open: () => Promise<ClientCertificate>,
  { now }: CommandIO,
  worded = (text: string) => text,
): Promise<ClientCertificate> {
  try {
    const certificate = await open();
    demandUsable(certificate, now());
    return certificate;
  } catch (error) {
    if (!(error instanceof WinRMError)) throw error;
    const { remedy, ...info } = toErrorInfo(error);
    const hints = hintsOf({ ...info, ...(remedy && { remedy: { ...remedy, text: worded(remedy.text) } }) });
    throw new BindingError('CertificateUnusable', error.message, hints);
  }
}

/** Its passphrase is asked for only where it has one, and never an argument. */
export async function ofFile(
  path: string,
  io: CommandIO,
  { passwordStdin }: Pick<Request, 'passwordStdin'>,
): Promise<ClientCertificate> {
  const source = { kind: 'file', path, hasPassphrase: true } as const;
  const open = (passphrase: string) => openCertificate(source, { thumbprint: '' }, passphrase);
  if (passwordStdin) return open(await io.readPasswordLine());
  try {
    return await open('');
  } catch (error) {
    if (!(error instanceof WinRMError) || error.kind !== 'unauthenticated') throw error;
  }
  if (!io.askPassword) {
    throw new BindingError(
      'PasswordRequired',
      'There is no terminal to ask for the passphrase at. Hand it over with --password-stdin.',
    );
  }
  return open(await io.askPassword(`Passphrase of ${plainText(path)}: `));
}
