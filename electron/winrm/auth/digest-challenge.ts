import { WinRMError } from '../error.ts';
import { parseChallenges } from './http-challenge.ts';
import type { HttpChallenge } from './http-challenge.ts';

/** What a server asks for, in the form of Digest that we answer in. Texts hold one character a byte, as they travelled. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the server spelt it; absent where it left it out, which is MD5. */
  readonly algorithm: string | undefined;
  /** Node's name of the hash. */
  readonly hash: string;
  /** The `-sess` variants hash the password with the first nonces once more. */
  readonly isSession: boolean;
  readonly qop: 'auth' | 'auth-int';
  /** Only the nonce of the last answer was too old, its proof was right. */
  readonly isStale: boolean;
  /** The account's name travels as a hash. */
  readonly hashesUser: boolean;
  readonly charset: 'utf8' | 'latin1';
}

/** RFC 7616 6.1, the strongest first. */
const HASHES: readonly (readonly [algorithm: string, hash: string])[] = [
  ['SHA-512-256', 'sha512-256'],
  ['SHA-256', 'sha256'],
  ['MD5', 'md5'],
];
const rank = (hash: string) => HASHES.findIndex(([, name]) => name === hash);

/**
 * Of all that WWW-Authenticate offers, the strongest Digest; of two alike, the first.
 *
 * @returns undefined where no Digest is offered
 * @throws WinRMError 'protocol' for a challenge that cannot be read, 'denied' where none is in a form that we speak
 * @see RFC 7616 3.3
 */
export function chooseDigest(wwwAuthenticate: readonly string[]): DigestChallenge | undefined {
  // What other schemes say is read only where it shares a header.
  const headers = wwwAuthenticate.filter((header) => /(?:^|[\s,])digest(?:[\s,]|$)/i.test(header));
  const offers = parseChallenges(headers).filter(({ scheme }) => scheme === 'digest');
  if (offers.length === 0) return undefined;
  const [best] = offers
    .map(read)
    .filter((one) => one !== undefined)
    .toSorted((a, b) => rank(a.hash) - rank(b.hash));
  if (!best) throw notSpoken(offers);
  return best;
}

/**
 * A fresh nonce for the same: another realm, another algorithm, or a name in clear where it was hashed, in mid-sign-in is
 * somebody else's, or no renewal.
 */
export const renewsDigest = (old: DigestChallenge, next: DigestChallenge): boolean =>
  next.realm === old.realm &&
  next.hash === old.hash &&
  next.isSession === old.isSession &&
  next.qop === old.qop &&
  (next.hashesUser || !old.hashesUser);

/** undefined for an algorithm or a quality of protection that we do not speak. */
function read({ parameters, token68 }: HttpChallenge): DigestChallenge | undefined {
  const [realm, nonce] = [parameters.get('realm'), parameters.get('nonce')];
  if (token68 !== undefined || realm === undefined || !nonce) {
    throw new WinRMError('protocol', 'The computer asks for Digest without saying what to answer to.', {
      causes: ['Something other than WinRM answers on this port.'],
    });
  }
  const algorithm = parameters.get('algorithm');
  const [, name = '', session] = /^(.*?)(-sess)?$/is.exec(algorithm ?? 'MD5') ?? [];
  const hash = HASHES.find(([one]) => one === name.toUpperCase())?.[1];
  // Without qop (RFC 2069) nothing of ours would be in the hash: a server could have the password guessed from tables.
  const offered = (parameters.get('qop') ?? '').toLowerCase().split(/[ \t]*,[ \t]*/);
  const qop = (['auth-int', 'auth'] as const).find((one) => offered.includes(one));
  if (!hash || !qop) return undefined;
  return {
    realm,
    nonce,
    opaque: parameters.get('opaque'),
    algorithm,
    hash,
    isSession: session !== undefined,
    qop,
    isStale: isTrue(parameters.get('stale')),
    hashesUser: isTrue(parameters.get('userhash')),
    charset: parameters.get('charset')?.toLowerCase() === 'utf-8' ? 'utf8' : 'latin1',
  };
}

const isTrue = (value: string | undefined) => value?.toLowerCase() === 'true';

function notSpoken(offers: readonly HttpChallenge[]): WinRMError {
  const forms = offers.map(
    ({ parameters }) =>
      `${parameters.get('algorithm') ?? 'MD5'} with ${parameters.get('qop') ?? 'no'} protection`,
  );
  const what = forms
    .slice(0, 5)
    .join(', ')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 200);
  return new WinRMError('denied', 'The computer takes Digest only in a form that is not spoken.', {
    causes: [`It offers ${what}.`],
    remedy: { text: 'Choose Negotiate, or another way to sign in that it takes.' },
    faultCode: 5,
    errorId: 'AccessDenied',
  });
}
