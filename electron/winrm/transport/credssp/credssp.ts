import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../../../../shared/computer.ts';
import type { Credential } from '../../auth/basic.ts';
import { tlsServerEndPoint } from '../../auth/channel-binding.ts';
import { CredsspClient } from '../../auth/credssp/credssp-client.ts';
import { subjectPublicKey } from '../../auth/credssp/key-binding.ts';
import { SpnegoClient } from '../../auth/spnego.ts';
import { WinRMError } from '../../error.ts';
import type { Line } from '../line.ts';
import type { BeforeLogin, LoginAttempt } from '../login.ts';
import { newNtlm } from '../new-ntlm.ts';
import { isOffered, notGoneOnWith } from '../not-offered.ts';
import {
  offersInWords,
  refusal,
  refusalBefore,
  schemesOffered,
  SOAP_TYPE,
  unauthenticated,
} from '../reply.ts';
import type { SignIn } from '../sign-in.ts';
import { peerCertificate } from '../tls.ts';
import { authorization, endless, noSignIn, NOTHING, tokenOf, unproven } from '../token-conversation.ts';
import { MemoryTls } from './memory-tls.ts';
import { sealedByTls } from './sealed-by-tls.ts';

export interface CredsspRequest {
  readonly endpoint: Endpoint;
  readonly credential: Credential;
  /** Also a computer whose CredSSP is older than 5; see FIRST_SAFE_VERSION. */
  readonly allowOldCredssp?: boolean | undefined;
  /** Is told once what CredSSP does with the password. */
  readonly onWarning?: ((sentence: string) => void) | undefined;
}

const AMBIENT = { now: Date.now, randomBytes };
/** TLS needs two, SPNEGO three, the binding and the password two. */
const MAX_LEGS = 12;

/**
 * CredSSP: TLS within the tokens of HTTP, in it SPNEGO with NTLM, and in the end the password itself. All travels on
 * requests without a body; over http the bodies that follow are sealed by that same TLS, over https by the outer one.
 *
 * @throws WinRMError 'invalid' for an account that cannot sign in over the network
 */
export function credssp(request: CredsspRequest): SignIn {
  const { endpoint, credential, onWarning } = request;
  newNtlm(credential, serviceOf(endpoint));
  let hasWarned = false;
  return async (line, before, signal) => {
    if (!hasWarned) onWarning?.(warning(endpoint));
    hasWarned = true;
    const tls = new MemoryTls();
    const legs = new Legs(line, endpoint, signal);
    try {
      let token = await tls.handshake();
      while (!tls.isSecure) token = await tls.handshake(await legs.exchange(token));
      const version = await new Delegation(request, tls, legs).run(before, signal);
      const report = {
        scheme: 'CredSSP',
        mechanism: `NTLM in CredSSP ${version}`,
        account: credential.username,
        isBound: true,
        why: 'CredSSP was asked for.',
        refused: [],
      };
      if (endpoint.scheme === 'http') return { ...sealedByTls(line, tls, endpoint), report };
      tls.destroy();
      const headers = { 'Content-Type': SOAP_TYPE };
      return { report, post: (body, signal) => line.post({ headers, body }, signal) };
    } catch (error) {
      tls.destroy();
      throw error;
    }
  };
}

const warning = ({ hostname }: Endpoint) =>
  `With CredSSP the password itself is handed to ${hostname}: whoever controls that computer can use the account.`;

const serviceOf = ({ hostname }: Endpoint): string => `HTTP/${hostname}`;

/** What CredSSP says inside TLS. */
class Delegation {
  readonly #request: CredsspRequest;
  readonly #tls: MemoryTls;
  readonly #legs: Legs;
  #attempt: LoginAttempt | undefined;

  constructor(request: CredsspRequest, tls: MemoryTls, legs: Legs) {
    this.#request = request;
    this.#tls = tls;
    this.#legs = legs;
  }

  /** @returns the version of CredSSP */
  async run(before: BeforeLogin, signal: AbortSignal): Promise<number> {
    const client = this.#newClient();
    try {
      let message = await client.step();
      while (!client.complete) {
        if (client.provesPassword) this.#attempt ??= await before(signal);
        const answer = await this.#legs.exchange(await this.#tls.seal(message), this.#attempt !== undefined);
        message = await client.step(await this.#tls.open(answer));
      }
      // That the computer knew the session's key means that it, or its domain, took the password.
      this.#attempt?.taken();
      await this.#legs.last(await this.#tls.seal(message));
      return client.version ?? 0;
    } catch (error) {
      if (error instanceof WinRMError && error.kind === 'unauthenticated' && !client.complete)
        this.#attempt?.refused();
      throw error;
    } finally {
      this.#attempt?.ended();
    }
  }

  /** As Remote Desktop does it, NTLM is bound to the certificate of the inner TLS. */
  #newClient(): CredsspClient {
    const certificate = peerCertificate(this.#tls.socket);
    if (!certificate) throw new WinRMError('protocol', 'The computer shows no key in its CredSSP sign-in.');
    const publicKey = subjectPublicKey(certificate.publicKey.export({ type: 'spki', format: 'der' }));
    const { endpoint, credential, allowOldCredssp = false } = this.#request;
    const ntlm = newNtlm(credential, serviceOf(endpoint), tlsServerEndPoint(certificate.raw));
    const inner = new SpnegoClient({ ntlm });
    return new CredsspClient({ inner, credential, publicKey, allowOldVersions: allowOldCredssp }, AMBIENT);
  }
}

/** Tokens to and fro, each on a request without a body. */
class Legs {
  readonly #line: Line;
  readonly #endpoint: Endpoint;
  readonly #signal: AbortSignal;
  #count = 0;

  constructor(line: Line, endpoint: Endpoint, signal: AbortSignal) {
    this.#line = line;
    this.#endpoint = endpoint;
    this.#signal = signal;
  }

  /** @param isProven whether a 401 without an answer is a refusal of the password */
  async exchange(token: Uint8Array, isProven = false): Promise<Uint8Array> {
    if (++this.#count > MAX_LEGS || token.length === 0) throw endless(this.#endpoint);
    const reply = await this.#post(token);
    if (reply.status === 200) throw unproven(this.#endpoint);
    if (reply.status !== 401)
      throw isProven ? refusal(reply, this.#endpoint) : refusalBefore(reply, this.#endpoint);
    const answer = tokenOf(reply, 'CredSSP');
    if (answer) return answer;
    if (isProven) throw unauthenticated(this.#endpoint.hostname, reply.wwwAuthenticate);
    const offered = schemesOffered(reply.wwwAuthenticate);
    if (isOffered(offered, 'CredSSP')) throw notGoneOnWith(this.#endpoint.hostname, 'CredSSP', offered);
    throw noSignIn(this.#endpoint, offersInWords(offered), {
      scheme: 'CredSSP',
      remedy: 'Choose Negotiate; or run there, elevated: Enable-WSManCredSSP -Role Server.',
    });
  }

  /** Hands over the password. */
  async last(token: Uint8Array): Promise<void> {
    const reply = await this.#post(token);
    if (reply.status === 200) return;
    if (reply.status !== 401) throw refusal(reply, this.#endpoint);
    const { hostname } = this.#endpoint;
    throw new WinRMError(
      'denied',
      `${hostname} took the password as right, and did not let it in with CredSSP.`,
      {
        causes: [
          'The account may not sign in to that computer, or is in Protected Users, which CredSSP does not serve.',
        ],
        remedy: { text: 'Choose Negotiate or Kerberos for this computer.' },
        faultCode: 5,
        errorId: 'AccessDenied',
      },
    );
  }

  #post(token: Uint8Array) {
    return this.#line.post({ headers: authorization('CredSSP', token), body: NOTHING }, this.#signal);
  }
}
