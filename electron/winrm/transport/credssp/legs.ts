import type { Endpoint } from '../../../../shared/computer.ts';
import { WinRMError } from '../../error.ts';
import type { Line } from '../line.ts';
import { handedOver } from '../handed-over.ts';
import { isOffered, notGoneOnWith } from '../not-offered.ts';
import { offersInWords, refusal, refusalBefore, schemesOffered, unauthenticated } from '../reply.ts';
import { authorization, endless, noSignIn, NOTHING, unproven } from '../token-conversation.ts';
import { tokenOf } from '../token-in.ts';

/** TLS needs two, SPNEGO four where the computer takes NTLM instead of Kerberos, the binding and the password two. */
const MAX_LEGS = 12;

/** Tokens to and fro, each on a request without a body. */
export class Legs {
  readonly #line: Line;
  readonly #endpoint: Endpoint;
  readonly #signal: AbortSignal;
  #count = 0;

  constructor(line: Line, endpoint: Endpoint, signal: AbortSignal) {
    this.#line = line;
    this.#endpoint = endpoint;
    this.#signal = signal;
  }

  /** Whether anything can be sent. */
  get isOpen(): boolean {
    return this.#line.alive && !this.#signal.aborted;
  }

  /**
   * @param isProven whether a 401 without an answer is a refusal of the password
   * @param unanswered what such a 401 means otherwise, where that is known better
   */
  async exchange(
    token: Uint8Array,
    { isProven = false, unanswered }: { isProven?: boolean; unanswered?: () => Error | undefined } = {},
  ): Promise<Uint8Array> {
    if (++this.#count > MAX_LEGS || token.length === 0) throw endless(this.#endpoint);
    const reply = await this.#post(token);
    if (reply.status === 200) throw unproven(this.#endpoint);
    if (reply.status !== 401)
      throw isProven ? refusal(reply, this.#endpoint) : refusalBefore(reply, this.#endpoint);
    const answer = tokenOf(reply.wwwAuthenticate, 'CredSSP');
    if (answer) return answer;
    if (isProven) throw unauthenticated(this.#endpoint.hostname, reply.wwwAuthenticate);
    const offered = schemesOffered(reply.wwwAuthenticate);
    if (isOffered(offered, 'CredSSP'))
      throw unanswered?.() ?? notGoneOnWith(this.#endpoint.hostname, 'CredSSP', offered);
    throw noSignIn(this.#endpoint, offersInWords(offered), {
      scheme: 'CredSSP',
      remedy: 'Choose Negotiate; or run there, elevated: Enable-WSManCredSSP -Role Server.',
    });
  }

  /** Hands over the password. Whatever it fails with then may not be tried again by itself; see handedOver. */
  async last(token: Uint8Array): Promise<void> {
    const isSent = this.isOpen;
    try {
      await this.#handOver(token);
    } catch (error) {
      throw isSent ? handedOver(error) : error;
    }
  }

  async #handOver(token: Uint8Array): Promise<void> {
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
