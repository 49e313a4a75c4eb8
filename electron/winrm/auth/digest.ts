import { createHash, timingSafeEqual } from 'node:crypto';
import { WinRMError } from '../error.ts';
import type { Credential } from './basic.ts';
import type { DigestChallenge } from './digest-challenge.ts';
import { parseParameters } from './http-challenge.ts';
import type { Ambient } from './security-context.ts';

export interface DigestRequest {
  readonly method: string;
  /** The request target as it stands in the request line. */
  readonly uri: string;
  readonly body: Uint8Array;
}

/** @throws WinRMError 'invalid' for a user name that Digest cannot carry */
export function demandDigestUser({ username }: Credential): void {
  const what =
    username === ''
      ? 'The user name is empty.'
      : username.includes(':')
        ? 'A user name with a colon cannot sign in with Digest.'
        : /[\p{Cc}]/u.test(username)
          ? 'A user name with control characters cannot sign in with Digest.'
          : undefined;
  if (what) throw new WinRMError('invalid', what, { remedy: { text: 'Use Negotiate for this account.' } });
}

/**
 * The client's side of Digest for one challenge: a proof for each request, counted.
 *
 * `DOMAIN\user` is hashed as it was typed, and escaped where it travels. Without `charset=UTF-8` names and passwords
 * are Latin-1, as Windows has them (MS-DPSP).
 *
 * @see RFC 7616
 */
export class DigestClient {
  readonly challenge: DigestChallenge;
  readonly #user: string;
  readonly #clientNonce: string;
  /** H(A1), which stays the same as long as the challenge does: the password is not kept. */
  readonly #secret: string;
  #nonce: string;
  #count = 0;
  /** What the server's own proof must be, up to its body. */
  #due: { readonly prefix: string; readonly count: string; readonly uri: string } | undefined;

  /** @throws WinRMError 'invalid' for letters that the server's charset does not have */
  constructor(
    challenge: DigestChallenge,
    { username, password }: Credential,
    { randomBytes }: Pick<Ambient, 'randomBytes'>,
  ) {
    this.challenge = challenge;
    this.#nonce = challenge.nonce;
    this.#clientNonce = Buffer.from(randomBytes(24)).toString('base64');
    this.#user = encode(username, challenge, 'user name');
    const account = this.#hash(this.#user, challenge.realm, encode(password, challenge, 'password'));
    // With one nonce of ours a challenge, it does not matter whether the server takes the first request's or the last's.
    this.#secret = challenge.isSession ? this.#hash(account, this.#nonce, this.#clientNonce) : account;
  }

  /** The Authorization header of the next request. */
  authorize({ method, uri, body }: DigestRequest): string {
    const { realm, algorithm, qop, opaque, hashesUser } = this.challenge;
    const count = (++this.#count).toString(16).padStart(8, '0');
    const prefix = [this.#secret, this.#nonce, count, this.#clientNonce, qop].join(':');
    this.#due = { prefix, count, uri };
    const response = this.#hash(prefix, this.#hash(method, uri, ...this.#bodyHash(body)));
    const fields = [
      `username=${quoted(hashesUser ? this.#hash(this.#user, realm) : this.#user)}`,
      `realm=${quoted(realm)}`,
      `uri=${quoted(uri)}`,
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      `nonce=${quoted(this.#nonce)}`,
      `nc=${count}`,
      `cnonce=${quoted(this.#clientNonce)}`,
      `qop=${qop}`,
      `response=${quoted(response)}`,
      ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
      ...(hashesUser ? ['userhash=true'] : []),
    ];
    return `Digest ${fields.join(', ')}`;
  }

  /**
   * Judges the server's own proof, where it gives one, and takes the nonce that it wants next.
   *
   * @throws WinRMError 'protocol' when the proof does not hold: it does not know the password, or something was changed
   */
  accept(authenticationInfo: string | undefined, body: Uint8Array): void {
    if (authenticationInfo === undefined || !this.#due) return;
    const { prefix, count, uri } = this.#due;
    const info = parseParameters(authenticationInfo);
    const given = info.get('rspauth');
    if (given !== undefined) {
      const proof = this.#hash(prefix, this.#hash('', uri, ...this.#bodyHash(body)));
      const isOurs =
        (info.get('cnonce') ?? this.#clientNonce) === this.#clientNonce &&
        (info.get('nc') ?? count).toLowerCase() === count &&
        (info.get('qop') ?? this.challenge.qop).toLowerCase() === this.challenge.qop;
      if (!isOurs || !sameText(given.toLowerCase(), proof)) throw notProven();
    }
    const next = info.get('nextnonce');
    // What a nonce in mid-session does to the key of `-sess` servers read in two ways; the old one is good until it is stale.
    if (!next || next === this.#nonce || this.challenge.isSession) return;
    this.#nonce = next;
    this.#count = 0;
  }

  #bodyHash(body: Uint8Array): readonly string[] {
    if (this.challenge.qop === 'auth') return [];
    return [createHash(this.challenge.hash).update(body).digest('hex')];
  }

  #hash(...parts: readonly string[]): string {
    return createHash(this.challenge.hash).update(parts.join(':'), 'latin1').digest('hex');
  }
}

/** One character a byte, as headers are written. */
function encode(text: string, { charset }: DigestChallenge, what: string): string {
  if (charset === 'latin1' && /[^\x00-\xff]/.test(text)) {
    throw new WinRMError(
      'invalid',
      `The ${what} has letters that the computer's Digest cannot carry: it takes Western European ones only.`,
      { remedy: { text: 'Use Negotiate for this account.' } },
    );
  }
  return Buffer.from(text, charset).toString('latin1');
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

const sameText = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));

const notProven = () =>
  new WinRMError(
    'protocol',
    'The computer did not prove that it knows the password; its answer is not trusted.',
    {
      causes: [
        'Something between takes part in the conversation.',
        'What answers is not the computer that was asked.',
      ],
      remedy: { text: 'Use TLS for this computer.' },
    },
  );
