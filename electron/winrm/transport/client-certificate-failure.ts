import type { Endpoint } from '../../../shared/computer.ts';
import type { ClientCertificate } from '../auth/client-certificate.ts';
import { WinRMError } from '../error.ts';

/** TLS alerts about the certificate that we showed, as OpenSSL and BoringSSL name them. */
const REFUSED_ALERT =
  /ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|UNKNOWN_CA)/;
const ALERT_WORDS: readonly (readonly [RegExp, string])[] = [
  [/EXPIRED/, 'It calls the certificate expired: its clock or this one is wrong.'],
  [/REVOKED/, 'The certificate was revoked.'],
  [/UNKNOWN_CA/, 'It does not trust the authority that signed the certificate.'],
  [/UNSUPPORTED/, 'The certificate is not meant for signing in.'],
];
/** Why OpenSSL does not load one, by its codes. */
const LOADING_WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /MD_TOO_WEAK/,
    'It, or an authority’s in its chain, is signed with a hash that is not safe any more, as SHA-1.',
  ],
  [/KEY_TOO_SMALL/, 'Its key, or an authority’s in its chain, is too short to be safe.'],
];
const OTHER_KEY =
  'The kind of its key is none that TLS signs with: a curve other than P-256, P-384 or P-521.';
const MISSING_ALERT = /CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE/;

/** The alert by which a computer says that it found no common ground, by OpenSSL's code. */
export const isHandshakeFailure = (code: string): boolean => code.includes('ALERT_HANDSHAKE_FAILURE');

const MAPPING =
  'No account is mapped to it there (WSMan:\\localhost\\ClientCertificate), by its issuer and the name user@… in it.';
const AUTHORITY = 'The computer does not trust its authority: that must stand among its Trusted Root ones.';
const SWITCHED_OFF = 'Sign-in by certificate is switched off there.';
const SWITCH_ON = {
  text: 'Switch it on there, in an elevated PowerShell, and look at the mapping:',
  command: 'Set-Item WSMan:\\localhost\\Service\\Auth\\Certificate $true',
};

/** The TLS of this machine does not load it: nothing was sent. */
export function certificateNotLoaded({ username }: ClientCertificate, cause: unknown): WinRMError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const word = LOADING_WORDS.find(([pattern]) => pattern.test(code))?.[1];
  return new WinRMError('invalid', `The TLS of this machine does not take the certificate of ${username}.`, {
    cause,
    causes: [word ?? 'Its kind of key or of signature is none that is spoken here.'],
    remedy: {
      text: 'Have it issued anew with SHA-256, and a key of P-256 or of RSA with 2048 bits or more.',
    },
    ...(code && { detail: code }),
  });
}

/** The alert by which OpenSSL says of a key that its curve is none that it takes: in TLS 1.2, in mid-handshake. */
export const isKeyAlert = (code: string): boolean => code.includes('ALERT_ILLEGAL_PARAMETER');

/** To who showed a certificate. */
export const certificateKeyRefused = ({ hostname }: Endpoint, cause: unknown, code: string): WinRMError =>
  new WinRMError('unauthenticated', `${hostname} did not accept the client certificate.`, {
    cause,
    causes: [
      'The kind of its key is none that the computer takes: a curve other than P-256, P-384 or P-521.',
    ],
    remedy: { text: 'Have it issued anew, with a key of P-256 or of RSA with 2048 bits or more.' },
    faultCode: 5,
    errorId: 'AccessDenied',
    detail: code,
  });

/** HTTP 401 or 403 to who showed a certificate. */
export function certificateRefused({ hostname }: Endpoint, status: 401 | 403): WinRMError {
  const causes =
    status === 401
      ? [
          MAPPING,
          'The password of the account that it is mapped to has changed there.',
          SWITCHED_OFF,
          AUTHORITY,
        ]
      : [AUTHORITY, 'The certificate was revoked, or whether it was cannot be found out there.', MAPPING];
  return new WinRMError('unauthenticated', `${hostname} did not accept the client certificate.`, {
    causes,
    remedy: SWITCH_ON,
    faultCode: 5,
    errorId: 'AccessDenied',
    detail: `HTTP ${status}`,
  });
}

/** What a TLS alert says of a client certificate, by OpenSSL's code; undefined where it is about something else. */
export function certificateAlert(
  code: string,
  { hostname }: Endpoint,
  cause: unknown,
): WinRMError | undefined {
  const options = { cause, detail: code, faultCode: 5, errorId: 'AccessDenied' } as const;
  if (REFUSED_ALERT.test(code)) {
    const word = ALERT_WORDS.find(([pattern]) => pattern.test(code))?.[1];
    return new WinRMError('unauthenticated', `${hostname} did not accept the client certificate.`, {
      ...options,
      causes: word === undefined ? [AUTHORITY, 'The certificate is not meant for signing in.'] : [word],
      remedy: { text: 'Have its authority trusted there, or use a certificate of one that is.' },
    });
  }
  if (!MISSING_ALERT.test(code)) return undefined;
  const isSure = code.includes('REQUIRED');
  return new WinRMError(
    isSure ? 'denied' : 'protocol', // of a password it says nothing
    isSure ? `${hostname} asks for a client certificate.` : `${hostname} broke off the TLS handshake.`,
    {
      ...options,
      causes: [
        ...(isSure ? [] : ['It wants a client certificate, and this one is none that it takes.']),
        ...(isSure ? ['No certificate was shown, or none of an authority that it names.', OTHER_KEY] : []),
        ...(isSure ? [] : ['It has no TLS cipher in common with this machine.']),
      ],
      remedy: { text: 'Sign in to it with a client certificate that it trusts.' },
    },
  );
}

/**
 * The connection broke under the first request that showed a certificate: with TLS 1.3 a refusal may come so, and
 * Windows breaks it where it would ask for the certificate only later.
 */
export function certificateUnheard(error: unknown, { hostname }: Endpoint): unknown {
  const isBroken =
    error instanceof WinRMError && error.kind === 'unreachable' && !error.info.detail?.startsWith('HTTP');
  if (!isBroken) return error;
  return new WinRMError(
    'unreachable',
    `${hostname} broke the connection off where it was shown the certificate.`,
    {
      ...error.info,
      cause: error,
      causes: [
        'It does not accept the client certificate, and does not say so.',
        'It asks for certificates in the middle of a connection, which TLS 1.3 here does not do.',
        ...(error.info.causes ?? []),
      ],
      remedy: {
        text: `On ${hostname}, have certificates asked for from the start (clientcertnegotiation), or TLS 1.2 allowed:`,
        command: 'netsh http show sslcert',
      },
    },
  );
}
