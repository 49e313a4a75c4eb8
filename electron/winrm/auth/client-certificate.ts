import type { KeyObject, X509Certificate } from 'node:crypto';
import type { ClientCertificateInfo } from '../../../shared/client-certificate.ts';
import { WinRMError } from '../error.ts';
import { certificateFacts } from '../revocation/certificate-facts.ts';
import type { Credential } from './basic.ts';

/** Who signs in by TLS. The private key lives here and in the TLS made of it, nowhere else; a KeyObject prints as nothing. */
export interface ClientCertificate {
  /** Whom it is made out to: its common name, else its whole subject. */
  readonly username: string;
  readonly info: ClientCertificateInfo;
  /** Its own first, then those that it rests on, without a root. */
  readonly chain: readonly X509Certificate[];
  readonly key: KeyObject;
}

/** Whoever signs in: by a password, or by a certificate. */
export type AnyCredential = Credential | ClientCertificate;

export const isClientCertificate = (one: AnyCredential | undefined): one is ClientCertificate =>
  one !== undefined && 'chain' in one;

/** What says in an Authorization header that TLS tells who asks (DSP0226 C.3.1). */
export const MUTUAL_TLS = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * Says before anything is sent what a computer would refuse.
 *
 * @param now epoch milliseconds
 * @throws WinRMError 'invalid' for one that is expired, not valid yet, or meant for something else
 */
export function demandUsable({ username, info, chain }: ClientCertificate, now: number): void {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  if (now > info.validTo || now < info.validFrom) {
    const isOver = now > info.validTo;
    throw new WinRMError(
      'invalid',
      isOver
        ? `The client certificate of ${username} expired on ${day(info.validTo)}.`
        : `The client certificate of ${username} is valid only from ${day(info.validFrom)}.`,
      {
        causes: [...(isOver ? ['It was not renewed.'] : []), 'The clock of this machine is wrong.'],
        remedy: { text: 'Have it renewed, and choose the new one for this credential.' },
      },
    );
  }
  if (chain[0] && !maySign(chain[0])) throw noSignature(username);
  const purposes: readonly string[] | undefined = chain[0]?.keyUsage;
  if (!purposes || purposes.includes(CLIENT_AUTHENTICATION) || purposes.includes(ANY_PURPOSE)) return;
  throw new WinRMError(
    'invalid',
    `The certificate of ${username} is not meant for signing in: Client Authentication is not among its purposes.`,
    {
      causes: ['It is a computer’s certificate, or one for signing mail or code.'],
      remedy: { text: `Have one issued with Client Authentication (${CLIENT_AUTHENTICATION}).` },
    },
  );
}

/** TLS proves the key by a signature (RFC 8446 4.4.2.4, RFC 5246 7.4.6). What cannot be read the computer may judge. */
function maySign({ raw }: X509Certificate): boolean {
  try {
    return certificateFacts(raw).maySign;
  } catch {
    return true;
  }
}

const noSignature = (username: string) =>
  new WinRMError(
    'invalid',
    `The certificate of ${username} is not meant for signing in: its key may not sign (Digital Signature is not among its key usages).`,
    {
      causes: ['It is one for encryption alone, of files or of mail.'],
      remedy: {
        text: `Have one issued with the key usage Digital Signature, and with Client Authentication (${CLIENT_AUTHENTICATION}).`,
      },
    },
  );
