import { WinRMError } from '../error.ts';
import type { Credential } from './basic.ts';
import { channelBindingHash } from './channel-binding.ts';
import { concat, fileTime, hmacMd5, lmV2Response, ntlmV2Response, ntowfV2, utf16 } from './ntlm-keys.ts';
import {
  AV,
  AV_FLAG_MIC,
  decodeChallenge,
  encodeAuthenticate,
  encodeAvPairs,
  encodeNegotiate,
  FLAG,
  MIC_OFFSET,
} from './ntlm-message.ts';
import type { AvPair, Challenge } from './ntlm-message.ts';
import { NtlmSealing } from './ntlm-sealing.ts';
import { Rc4 } from './rc4.ts';
import type { Ambient, SealedMessage, SecurityContext, Signing } from './security-context.ts';

/** Without these the session could not be sealed, or the password could be tried out against a captured answer. */
const REQUIRED =
  (FLAG.unicode | FLAG.sign | FLAG.seal | FLAG.extendedSessionSecurity | FLAG.bits128 | FLAG.keyExchange) >>>
  0;
const REQUESTED =
  (REQUIRED |
    FLAG.requestTarget |
    FLAG.ntlm |
    FLAG.alwaysSign |
    FLAG.targetInfo |
    FLAG.version |
    FLAG.bits56) >>>
  0;
/** For logs of the server only: "10.0", revision 15 of NTLMSSP, and no build, since we are none. */
const VERSION = Uint8Array.of(10, 0, 0, 0, 0, 0, 0, 15);

/** Z(16). */
const UNBOUND = new Uint8Array(16);

export interface NtlmOptions {
  /** Service principal name that the answer is bound to, e.g. `HTTP/web01`. */
  readonly targetName?: string;
  /** `tls-server-end-point` data of the connection (channel-binding.ts); absent without TLS. */
  readonly channelBinding?: Uint8Array;
  readonly workstation?: string;
  /** 8 bytes, see MS-NLMP 2.2.2.10. */
  readonly version?: Uint8Array;
}

/**
 * `DOMAIN\user` into its parts; `user@domain` and a bare name travel whole, without a domain. `.\user` is an account
 * of the computer asked, which is what no domain means, too.
 */
export function accountOf(username: string): { domain: string; username: string } {
  const slash = username.indexOf('\\');
  if (slash < 0) return { domain: '', username };
  const domain = username.slice(0, slash);
  return { domain: domain === '.' ? '' : domain, username: username.slice(slash + 1) };
}

/**
 * The client's side of NTLMv2: NEGOTIATE, CHALLENGE, AUTHENTICATE with MIC, then sealing. Older answers (LM, NTLMv1)
 * are never given.
 *
 * @see MS-NLMP 3.1
 */
export class NtlmClient implements SecurityContext, Signing {
  readonly scheme = 'NTLM';
  readonly mechanism = 'NTLM';
  readonly #credential: Credential;
  readonly #options: NtlmOptions;
  readonly #ambient: Ambient;
  #negotiate: Uint8Array | undefined;
  #sealing: NtlmSealing | undefined;

  /** @throws WinRMError 'invalid' for an empty user name or password: Windows refuses both over the network */
  constructor(credential: Credential, options: NtlmOptions, ambient: Ambient) {
    if (accountOf(credential.username).username === '')
      throw new WinRMError('invalid', 'The user name is empty.');
    if (credential.password === '') {
      throw new WinRMError('invalid', 'An account without a password cannot sign in over the network.', {
        remedy: { text: 'Give the account a password, or use another.' },
      });
    }
    this.#credential = credential;
    this.#options = options;
    this.#ambient = ambient;
  }

  get complete(): boolean {
    return this.#sealing !== undefined;
  }

  /** AUTHENTICATE is the last token. */
  get provesPassword(): boolean {
    return this.complete;
  }

  /** The session's signing and sealing, for SPNEGO too. */
  get sealing(): NtlmSealing {
    if (!this.#sealing) throw new WinRMError('internal', 'NTLM was asked to seal before it had signed in.');
    return this.#sealing;
  }

  step(token?: Uint8Array): Uint8Array | undefined {
    if (!this.#negotiate) {
      return (this.#negotiate = encodeNegotiate(REQUESTED, this.#options.version ?? VERSION));
    }
    if (!token || this.complete) throw new WinRMError('protocol', 'The computer broke off its NTLM sign-in.');
    return this.#authenticate(this.#negotiate, token);
  }

  wrap(plain: Uint8Array): SealedMessage {
    return this.sealing.wrap(plain);
  }

  unwrap(sealed: SealedMessage): Uint8Array {
    return this.sealing.unwrap(sealed);
  }

  /** For SPNEGO's list of mechanisms: after it the key stream begins anew, while the count goes on (MS-SPNG 3.3.5.1). */
  sign(message: Uint8Array): Uint8Array {
    const signature = this.sealing.sign(message);
    this.sealing.restartOutgoing();
    return signature;
  }

  /** The same for the server's. */
  verify(message: Uint8Array, signature: Uint8Array): void {
    this.sealing.verify(message, signature);
    this.sealing.restartIncoming();
  }

  #authenticate(negotiate: Uint8Array, token: Uint8Array): Uint8Array {
    const challenge = decodeChallenge(token);
    demandStrength(challenge);
    demandNames(challenge);
    const { domain, username } = accountOf(this.#credential.username);
    const timestamp = challenge.targetInfo.find(({ id }) => id === AV.timestamp)?.value;
    if (timestamp && timestamp.length !== 8)
      throw new WinRMError('protocol', 'The computer told its time in a form that NTLM does not have.');
    const input = {
      key: ntowfV2(username, domain, this.#credential.password),
      serverChallenge: challenge.serverChallenge,
      clientChallenge: this.#ambient.randomBytes(8),
      time: timestamp ?? fileTime(this.#ambient.now()),
      targetInfo: encodeAvPairs(this.#targetInfo(challenge, timestamp !== undefined)),
    };
    const { ntResponse, sessionBaseKey } = ntlmV2Response(input);
    const sessionKey = this.#ambient.randomBytes(16);
    const message = {
      flags: (REQUESTED & (challenge.flags | FLAG.requestTarget)) >>> 0,
      domain,
      username,
      workstation: this.#options.workstation ?? '',
      // A server that tells its time wants no LM answer (MS-NLMP 3.1.5.1.2).
      lmResponse: timestamp ? new Uint8Array(24) : lmV2Response(input),
      ntResponse,
      encryptedSessionKey: new Rc4(sessionBaseKey).apply(sessionKey),
    };
    const authenticate = encodeAuthenticate(
      message,
      this.#options.version ?? VERSION,
      timestamp !== undefined,
    );
    if (timestamp) authenticate.set(hmacMd5(sessionKey, concat(negotiate, token, authenticate)), MIC_OFFSET);
    this.#sealing = new NtlmSealing(sessionKey, 'client');
    return authenticate;
  }

  /** The server's pairs, and ours: that a MIC follows, what the TLS connection is, whom we mean (MS-NLMP 3.1.5.1.2). */
  #targetInfo({ targetInfo }: Challenge, withMic: boolean): AvPair[] {
    const { targetName, channelBinding } = this.#options;
    const ours: AvPair[] = [];
    const flags = targetInfo.find(({ id }) => id === AV.flags)?.value ?? new Uint8Array(4);
    if (flags.length !== 4)
      throw new WinRMError('protocol', 'The computer sent NTLM flags in a form that NTLM does not have.');
    if (withMic) ours.push({ id: AV.flags, value: flags.with(0, (flags[0] ?? 0) | AV_FLAG_MIC) });
    // Where there is nothing to bind to, zeros say so; to a server so old that it tells no time nothing is said.
    if (channelBinding) ours.push({ id: AV.channelBindings, value: channelBindingHash(channelBinding) });
    else if (withMic) ours.push({ id: AV.channelBindings, value: UNBOUND });
    if (targetName !== undefined) ours.push({ id: AV.targetName, value: utf16(targetName) });
    return [...targetInfo.filter(({ id }) => ours.every((own) => own.id !== id)), ...ours];
  }
}

/**
 * Without the two names nobody can have sent it who means to sign and seal; who strikes them out on the way takes the
 * MIC and the channel binding along (MS-NLMP 3.1.5.1.2: STATUS_LOGON_FAILURE, before anything is proven).
 */
function demandNames({ targetInfo }: Challenge): void {
  if ([AV.computerName, AV.domainName].every((name) => targetInfo.some(({ id }) => id === name))) return;
  throw new WinRMError(
    'protocol',
    'The computer does not say in its NTLM sign-in who it is, which is refused.',
    {
      causes: ['Something between weakens the sign-in.', 'What answers is not Windows, nor speaks NTLMv2.'],
      remedy: { text: 'Use Kerberos, or TLS with a certificate that is trusted, for this computer.' },
      faultCode: 1326,
      errorId: 'LogonFailure',
    },
  );
}

function demandStrength({ flags }: Challenge): void {
  if ((flags & REQUIRED) >>> 0 === REQUIRED) return;
  throw new WinRMError(
    'denied',
    'The computer would only sign in with a weaker form of NTLM, which is refused.',
    {
      causes: [
        'Its security policy turns off NTLMv2 session security or 128 bit encryption.',
        'Something between weakens the sign-in.',
      ],
      remedy: {
        text: 'Set "Network security: Minimum session security for NTLM SSP" on that computer to 128 bit.',
      },
      faultCode: 5,
      errorId: 'AccessDenied',
    },
  );
}
