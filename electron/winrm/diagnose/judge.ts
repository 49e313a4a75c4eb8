import type { AuthenticationMechanism } from '../../../shared/authentication.ts';
import type { Endpoint } from '../../../shared/endpoint.ts';
import { plainText } from '../../../shared/plain-text.ts';
import type { SignInReport } from '../../../shared/sign-in-report.ts';
import type { Identity } from '../wsman/identify.ts';
import type { SessionAnswer } from '../wsman/query.ts';
import { WinRMError } from '../error.ts';
import { isOffered, notOffered } from '../transport/not-offered.ts';
import { failed } from './ladder.ts';
import type { Found } from './ladder.ts';
import type { Asking, Secured } from './probe.ts';

const DAY_MS = 86_400_000;
/** A certificate that ends within that time is told of. */
const SOON_MS = 30 * DAY_MS;

/** The schemes any of which a mechanism can use; see the forms of `negotiate`. */
const SCHEMES_OF: Readonly<Record<string, readonly string[]>> = {
  Basic: ['Basic'],
  Digest: ['Digest'],
  Credssp: ['CredSSP'],
  Kerberos: ['Kerberos'],
};
const NEGOTIATED = ['Negotiate', 'NTLM', 'Kerberos'];

/** How somebody is to sign in: a value of -Authentication, or a client certificate. */
export type SignInWay = AuthenticationMechanism | 'Certificate';

/** Over http there is no TLS: what else keeps it secret, or nothing. */
export function withoutTls(mechanism: SignInWay): Found {
  const isClear = mechanism === 'Basic' || mechanism === 'Digest';
  if (!isClear) {
    const sentence =
      'Not used over http: what is sent after the sign-in is sealed by it. TrustedHosts is not needed here.';
    return { verdict: 'skipped', isIdle: true, sentence };
  }
  const sentence =
    mechanism === 'Basic'
      ? 'Not used: over http everybody between can read the password and all that is sent.'
      : 'Not used: over http everybody between can read and change all that is sent.';
  const remedy = { text: 'Use TLS, or Negotiate, which seals what it sends.' };
  return { verdict: 'warning', isIdle: true, sentence, remedy };
}

/** @param pinned SHA-256 of the one certificate that is accepted; @param now epoch milliseconds */
export function judgeTls(
  { protocol, chain, refusal, unchecked, revocation }: Secured,
  pinned: string | undefined,
  now: number,
): Found {
  const learned = chain.length > 0 ? { learned: { chain } } : {};
  if (refusal) return { ...failed(refusal), ...learned };
  const with_ = [revocation, protocol && `${protocol.replace('TLSv', 'TLS ')}.`]
    .map((one) => (one ? ` ${one}` : ''))
    .join('');
  if (unchecked.length > 0) {
    const remedy = { text: 'Pin its certificate instead: then no other is accepted.' };
    return { verdict: 'warning', sentence: unchecked.join(' ') + with_, remedy, ...learned };
  }
  const [own] = chain;
  const endsOn = own && new Date(own.validTo).toISOString().slice(0, 10);
  if (own && pinned !== undefined)
    return { verdict: 'ok', sentence: `It shows the pinned certificate.${with_}`, ...learned };
  if (own && own.validTo - now < SOON_MS) {
    const remedy = { text: 'Renew the certificate of its WinRM listener.' };
    return { verdict: 'warning', sentence: `Its certificate ends on ${endsOn}.${with_}`, remedy, ...learned };
  }
  return { verdict: 'ok', sentence: `Its certificate is trusted, until ${endsOn}.${with_}`, ...learned };
}

/** Nobody signs in by a way that is not offered: a password would be shown in vain. */
export function judgeOffers(
  { status, schemes }: Asking,
  mechanism: SignInWay,
  { hostname }: Endpoint,
): Found {
  const learned = { learned: { offered: schemes } };
  const list = schemes.join(', ');
  if (mechanism === 'Certificate') {
    // WWW-Authenticate has no word for it.
    const sentence = `A client certificate is told of in no offer: the sign-in shows it.${list && ` It offers ${list}.`}`;
    return { verdict: 'ok', sentence, ...learned };
  }
  if (status !== 401) {
    const remedy = { text: 'Check that it is WinRM that answers on this port.' };
    // The other ways wait for a challenge by themselves.
    if (mechanism === 'Basic') {
      const message = `${hostname} did not ask who is there (HTTP ${status}), so it is not shown the password.`;
      const causes = ['Something other than WinRM answers on this port.'];
      return { ...failed(new WinRMError('protocol', message, { causes, remedy })), ...learned };
    }
    const sentence = `It did not ask who is there (HTTP ${status}).`;
    return { verdict: 'warning', sentence, remedy, ...learned };
  }
  const usable = SCHEMES_OF[mechanism] ?? NEGOTIATED;
  if (usable.some((one) => isOffered(schemes, one)))
    return { verdict: 'ok', sentence: `It offers ${list}.`, ...learned };
  const isNegotiated = mechanism === 'Default' || mechanism === 'NegotiateWithImplicitCredential';
  const wanted = isNegotiated ? 'Negotiate' : mechanism;
  return { ...failed(notOffered(hostname, wanted, schemes)), ...learned };
}

/** Who came in, and by which way. @param asked the address; @param url where that led to */
export function signedIn(report: SignInReport | undefined, asked: string, url = asked): Found {
  const moved = url === asked.replace(/\?.*$/s, '') ? '' : `It sent on to ${url}, which is allowed for it. `;
  if (!report) return { verdict: 'ok', sentence: `${moved}It let the account in.` };
  const { mechanism, account, spn } = report;
  const as = account ? ` as ${account}` : '';
  const to = spn ? `, for ${spn}` : '';
  return { verdict: 'ok', sentence: `${moved}By ${mechanism}${as}${to}.`, learned: { signIn: report } };
}

export function identified({ productVendor, productVersion }: Identity): Found {
  return { verdict: 'ok', sentence: plainText(`${productVendor}, ${productVersion}.`).slice(0, 300) };
}

export function listed({ sessions }: SessionAnswer): Found {
  const count = sessions.length === 1 ? '1 session.' : `${sessions.length || 'No'} sessions.`;
  return { verdict: 'ok', sentence: count };
}
