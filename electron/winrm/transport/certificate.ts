import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import type { CertificateInfo, Distrust } from '../../../shared/error.ts';
import { WinRMError } from '../error.ts';

export interface TrustOptions {
  /** SHA-256 over the DER of the only certificate accepted, lower-case hex; who signed it, for whom and until when is then not asked. */
  readonly pinnedCertificate?: string;
  /** PowerShell's: who signed it is not asked. Its dates and its name still count. */
  readonly skipCACheck?: boolean;
  /** PowerShell's: its name is not compared. */
  readonly skipCNCheck?: boolean;
}

export interface Presented {
  readonly certificate: X509Certificate | undefined;
  /** OpenSSL's word, absent when the chain leads to a known root. */
  readonly chainError: string | undefined;
  readonly nameError: Error | undefined;
}

/** The findings that SkipCACheck is about: the chain does not lead to an authority that we know. */
const UNKNOWN_AUTHORITY = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** ERROR_WINHTTP_SECURE_FAILURE: PowerShell has no word for it and shows the number. */
const SECURE_FAILURE = 12175;

type Untrusted = (
  distrust: Distrust,
  message: string,
  causes: readonly string[],
  remedy: string,
) => WinRMError;

const isOfChain = (distrust: Distrust) => distrust === 'signer' || distrust === 'chain';

/** @throws WinRMError 'untrusted', with the certificate, so that it can be looked at and pinned */
export function judgeCertificate(
  presented: Presented,
  hostname: string,
  options: TrustOptions,
  now: number,
): void {
  const { certificate } = presented;
  if (!certificate)
    throw new WinRMError('untrusted', `${hostname} shows no certificate.`, { faultCode: SECURE_FAILURE });
  const info = certificateInfo(certificate);
  const untrusted: Untrusted = (distrust, message, causes, remedy) =>
    new WinRMError('untrusted', message, {
      causes,
      remedy: { text: remedy },
      faultCode: SECURE_FAILURE,
      certificate: info,
      distrust,
      // Of a name or a date that is wrong OpenSSL's word about the chain says nothing.
      ...(isOfChain(distrust) && presented.chainError && { detail: presented.chainError }),
    });
  if (options.pinnedCertificate !== undefined) {
    if (info.sha256 === options.pinnedCertificate.toLowerCase()) return;
    throw untrusted(
      'pin',
      `${hostname} shows another certificate than the one that is pinned.`,
      ['The certificate was renewed.', 'Another computer answers in its place.'],
      'Compare the fingerprint with the computer’s owner before you pin the new one.',
    );
  }
  if (now > info.validTo || now < info.validFrom) {
    const when = new Date(now > info.validTo ? info.validTo : info.validFrom).toISOString().slice(0, 10);
    throw untrusted(
      'dates',
      now > info.validTo
        ? `The certificate of ${hostname} expired on ${when}.`
        : `The certificate of ${hostname} is valid only from ${when}.`,
      ['The certificate was not renewed.', 'The clock of this machine is wrong.'],
      'Renew the certificate of its WinRM listener.',
    );
  }
  const { chainError, nameError } = presented;
  if (chainError && !(options.skipCACheck && UNKNOWN_AUTHORITY.has(chainError)))
    throw unknownSigner(chainError, hostname, untrusted);
  // Of a chain that leads nowhere OpenSSL says that alone, and not what the certificate is for.
  if (!isForServers(certificate)) throw notForServers(hostname, untrusted);
  if (nameError && !options.skipCNCheck) {
    throw untrusted(
      'name',
      `The certificate that ${hostname} shows is made out to ${info.names.slice(0, 5).join(', ') || info.subject}.`,
      [
        'The computer is asked by another name than its certificate has.',
        'Another computer answers in its place.',
      ],
      'Ask it by a name of its certificate, or pin this certificate after comparing its fingerprint.',
    );
  }
}

/** Extended key usages (RFC 5280 4.2.1.12): none named, or one of these. */
const SERVERS = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

function isForServers({ keyUsage }: X509Certificate): boolean {
  // Declared as always there.
  const purposes = keyUsage as string[] | undefined;
  return !purposes || purposes.length === 0 || purposes.some((one) => SERVERS.includes(one));
}

const notForServers = (hostname: string, untrusted: Untrusted): WinRMError =>
  untrusted(
    'chain',
    `The certificate of ${hostname} is not one for servers.`,
    [
      'It was issued for something else, such as to sign in with (Client Authentication).',
      'Another computer answers in its place.',
    ],
    'Have the WinRM listener there given a certificate for Server Authentication.',
  );

function unknownSigner(chainError: string, hostname: string, untrusted: Untrusted): WinRMError {
  if (!UNKNOWN_AUTHORITY.has(chainError)) {
    return untrusted(
      'chain',
      `The certificate of ${hostname} does not hold.`,
      [
        'It, or one that it rests on, is expired, revoked, or not meant for this use.',
        'One of them is signed with a hash that is not trusted any more (MD5, SHA-1), has a key that is too short, or demands what this program does not know.',
        'Another computer answers in its place.',
      ],
      'Renew the certificate of its WinRM listener.',
    );
  }
  return untrusted(
    'signer',
    `The certificate of ${hostname} is signed by nobody that this machine knows.`,
    [
      'It is self-signed, as WinRM’s often are.',
      'The company’s own authority is not installed on this machine.',
      'Another computer answers in its place.',
    ],
    'Install the authority’s certificate, or pin this one after comparing its fingerprint.',
  );
}

/** What is shown of a certificate before it is trusted. */
export function certificateInfo(certificate: X509Certificate): CertificateInfo {
  const oneLine = (name: string | undefined) => (name ?? '').split('\n').join(', ').slice(0, 1000);
  const names = (certificate.subjectAltName ?? '').split(/,\s*/).filter((name) => name !== '');
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    sha256: createHash('sha256').update(certificate.raw).digest('hex'),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    names: names.slice(0, 100).map((name) => name.replace(/^(?:DNS|IP Address):/, '')),
  };
}
