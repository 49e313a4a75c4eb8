import { timingSafeEqual } from 'node:crypto';
import { WinRMError } from '../error.ts';
import { channelBindingHash } from './channel-binding.ts';
import { concat, fileTime, hmacMd5, ntowfV2, utf16 } from './ntlm-keys.ts';
import {
  AV,
  AV_FLAG_MIC,
  decodeAuthenticate,
  decodeAvPairs,
  decodeNegotiate,
  encodeChallenge,
  FLAG,
  MIC_LENGTH,
  MIC_OFFSET,
} from './ntlm-message.ts';
import type { Authenticate } from './ntlm-message.ts';
import { NtlmSealing } from './ntlm-sealing.ts';
import { Rc4 } from './rc4.ts';
import type { Ambient } from './security-context.ts';

export interface AcceptorOptions {
  /** NetBIOS names, as Windows tells them. */
  readonly computerName: string;
  readonly domainName: string;
  /** undefined for an unknown account. */
  readonly passwordOf: (username: string, domain: string) => string | undefined;
  /** The `tls-server-end-point` data that the client must have bound its answer to. */
  readonly channelBinding?: Uint8Array;
}

/** Where ClientChallenge's AV pairs begin in an NTLMv2 response: after the proof and 28 bytes (MS-NLMP 2.2.2.7). */
const AV_OFFSET = 16 + 28;
const CHALLENGE_FLAGS =
  FLAG.unicode |
  FLAG.requestTarget |
  FLAG.sign |
  FLAG.seal |
  FLAG.ntlm |
  FLAG.alwaysSign |
  FLAG.extendedSessionSecurity;

/**
 * The server's side of NTLMv2, for the simulated computer. A new one for each attempt.
 *
 * @see MS-NLMP 3.2
 */
export class NtlmAcceptor {
  readonly #options: AcceptorOptions;
  readonly #ambient: Ambient;
  #negotiate: Uint8Array | undefined;
  #challenge: { readonly message: Uint8Array; readonly bytes: Uint8Array } | undefined;
  #account: { readonly username: string; readonly domain: string } | undefined;
  #sealing: NtlmSealing | undefined;

  constructor(options: AcceptorOptions, ambient: Ambient) {
    this.#options = options;
    this.#ambient = ambient;
  }

  get complete(): boolean {
    return this.#sealing !== undefined;
  }

  /** Who signed in, as the client wrote it. */
  get account(): { readonly username: string; readonly domain: string } {
    if (!this.#account) throw new WinRMError('internal', 'Nobody has signed in yet.');
    return this.#account;
  }

  get sealing(): NtlmSealing {
    if (!this.#sealing)
      throw new WinRMError('internal', 'NTLM was asked to seal before anyone had signed in.');
    return this.#sealing;
  }

  /** @returns CHALLENGE for NEGOTIATE, nothing for AUTHENTICATE @throws WinRMError 'unauthenticated' or 'protocol' */
  step(token: Uint8Array): Uint8Array | undefined {
    if (!this.#challenge) return this.#answer(token);
    this.#accept(token, this.#challenge.message, this.#challenge.bytes);
    return undefined;
  }

  #answer(negotiate: Uint8Array): Uint8Array {
    const asked = decodeNegotiate(negotiate);
    const { computerName, domainName } = this.#options;
    const flags =
      (CHALLENGE_FLAGS |
        FLAG.targetTypeServer |
        FLAG.targetInfo |
        FLAG.version |
        (asked & (FLAG.bits128 | FLAG.bits56 | FLAG.keyExchange))) >>>
      0;
    const bytes = this.#ambient.randomBytes(8);
    const targetInfo = [
      { id: AV.domainName, value: utf16(domainName) },
      { id: AV.computerName, value: utf16(computerName) },
      { id: AV.timestamp, value: fileTime(this.#ambient.now()) },
    ];
    const version = Uint8Array.of(10, 0, 0, 0, 0, 0, 0, 15);
    const message = encodeChallenge({ flags, serverChallenge: bytes, targetInfo }, computerName, version);
    this.#negotiate = negotiate;
    this.#challenge = { message, bytes };
    return message;
  }

  #accept(token: Uint8Array, challenge: Uint8Array, serverChallenge: Uint8Array): void {
    const message = decodeAuthenticate(token);
    const { username, domain, ntResponse } = message;
    const password = this.#options.passwordOf(username, domain);
    if (ntResponse.length < AV_OFFSET + 4 || password === undefined || password === '') throw refused();
    const key = ntowfV2(username, domain, password);
    const proof = hmacMd5(key, serverChallenge, ntResponse.subarray(16));
    if (!timingSafeEqual(proof, ntResponse.subarray(0, 16))) throw refused();
    const sessionKey = keyOf(message, hmacMd5(key, proof));
    const pairs = new Map(decodeAvPairs(ntResponse.subarray(AV_OFFSET)).map(({ id, value }) => [id, value]));
    if (((pairs.get(AV.flags)?.[0] ?? 0) & AV_FLAG_MIC) !== 0) {
      demandMic(sessionKey, this.#negotiate ?? new Uint8Array(), challenge, token);
    }
    const { channelBinding } = this.#options;
    if (channelBinding && !equal(pairs.get(AV.channelBindings), channelBindingHash(channelBinding)))
      throw refused();
    this.#account = { username, domain };
    this.#sealing = new NtlmSealing(sessionKey, 'server');
  }
}

/** MS-NLMP 3.2.5.1.2: with key exchange the client chose the key and sent it sealed. */
function keyOf({ flags, encryptedSessionKey }: Authenticate, sessionBaseKey: Uint8Array): Uint8Array {
  if ((flags & FLAG.keyExchange) === 0) return sessionBaseKey;
  if (encryptedSessionKey.length !== 16) throw refused();
  return new Rc4(sessionBaseKey).apply(encryptedSessionKey);
}

function demandMic(
  key: Uint8Array,
  negotiate: Uint8Array,
  challenge: Uint8Array,
  authenticate: Uint8Array,
): void {
  const given = authenticate.subarray(MIC_OFFSET, MIC_OFFSET + MIC_LENGTH);
  // A copy: the slice() of a Buffer would clear the original.
  const cleared = new Uint8Array(authenticate).fill(0, MIC_OFFSET, MIC_OFFSET + MIC_LENGTH);
  if (!equal(given, hmacMd5(key, concat(negotiate, challenge, cleared)))) throw refused();
}

const equal = (given: Uint8Array | undefined, due: Uint8Array) =>
  given !== undefined && given.length === due.length && timingSafeEqual(given, due);

const refused = () =>
  new WinRMError('unauthenticated', 'The sign-in is refused.', { faultCode: 5, errorId: 'AccessDenied' });
