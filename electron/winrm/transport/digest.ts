import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../../../shared/computer.ts';
import type { Credential } from '../auth/basic.ts';
import { demandDigestUser } from '../auth/digest.ts';
import { chooseDigest } from '../auth/digest-challenge.ts';
import type { DigestChallenge } from '../auth/digest-challenge.ts';
import { DigestProofs } from '../auth/digest-proofs.ts';
import { WinRMError } from '../error.ts';
import type { HttpReply, Line } from './line.ts';
import { provingEach } from './proving-each.ts';
import { isRepeatable } from './repeatable.ts';
import {
  carriesSoap,
  offersInWords,
  refusalBefore,
  schemesOffered,
  SOAP_TYPE,
  unauthenticated,
} from './reply.ts';
import type { SignIn } from './sign-in.ts';
import { SOAP_TYPE_UTF16 } from './soap-type.ts';
import { NOTHING } from './token-conversation.ts';

/**
 * Digest (RFC 7616): a request without a body fetches the challenge, and from then on each carries a proof of its own.
 * Nothing is sealed. As with Basic the first proof of a connection is its login, and that a later one is refused is
 * told to that same attempt. That only a nonce was too old is a refusal or none by `DigestProofs`; where it is none the
 * request is proven anew, once.
 *
 * @param now milliseconds
 * @throws WinRMError 'invalid' for an account that Digest cannot carry
 */
export function digest(endpoint: Endpoint, credential: Credential, now = () => performance.now()): SignIn {
  demandDigestUser(credential);
  const { hostname } = endpoint;
  return async (line, before, signal) => {
    const session = new Session(line, endpoint, credential, now);
    await session.begin(signal);
    return {
      report: {
        scheme: 'Digest',
        mechanism: session.form,
        account: credential.username,
        isBound: false,
        why: 'Digest was asked for.',
        refused: [],
      },
      post: provingEach(
        { line, endpoint },
        before,
        (body, signal) => session.ask(body, signal),
        (reply) =>
          // Whatever it offers now, it had asked for this proof.
          isStale(reply) ? endless(endpoint) : unauthenticated(hostname, reply.wwwAuthenticate, 'Digest'),
      ),
    };
  };
}

class Session {
  readonly #line: Line;
  readonly #endpoint: Endpoint;
  readonly #proofs: DigestProofs;

  constructor(line: Line, endpoint: Endpoint, credential: Credential, now: () => number) {
    this.#line = line;
    this.#endpoint = endpoint;
    this.#proofs = new DigestProofs(credential, { randomBytes, now });
  }

  /** What was chosen: `Digest with SHA-256`. */
  get form(): string {
    return `Digest with ${this.#proofs.client?.challenge.algorithm ?? 'MD5'}`;
  }

  /** Fetches the challenge. */
  async begin(signal: AbortSignal): Promise<void> {
    this.#answerTo(await this.#challenge(signal));
  }

  async #challenge(signal: AbortSignal): Promise<DigestChallenge> {
    const reply = await this.#line.post({ headers: { 'Content-Type': SOAP_TYPE }, body: NOTHING }, signal);
    if (reply.status === 200) throw noDigest(this.#endpoint, 'It answers without asking who is there.');
    if (reply.status !== 401) throw refusalBefore(reply, this.#endpoint);
    const challenge = chooseDigest(reply.wwwAuthenticate);
    if (!challenge) throw noDigest(this.#endpoint, offersInWords(schemesOffered(reply.wwwAuthenticate)));
    return challenge;
  }

  /** Sends one SOAP text with its proof; a 401 that comes back is a refusal. */
  async ask(body: Uint8Array, signal: AbortSignal): Promise<HttpReply> {
    if (this.#proofs.isOld) this.#answerTo(await this.#challenge(signal));
    const reply = await this.#prove(body, signal);
    if (!isStale(reply) || !this.#proofs.isTaken) return reply;
    // Where bodies are proven, too, this 401 is all that somebody on the way could make a request happen twice with.
    const mayRepeat =
      this.#endpoint.scheme === 'https' ||
      this.#proofs.client?.challenge.qop === 'auth' ||
      isRepeatable(this.#textOf(body));
    if (!mayRepeat) throw notAnswered(this.#endpoint);
    this.#answerTo(chooseDigest(reply.wwwAuthenticate));
    return this.#prove(body, signal);
  }

  #textOf(body: Uint8Array): string {
    return new TextDecoder(this.#line.soapType === SOAP_TYPE_UTF16 ? 'utf-16le' : 'utf-8').decode(body);
  }

  async #prove(body: Uint8Array, signal: AbortSignal): Promise<HttpReply> {
    const { client } = this.#proofs;
    if (!client) throw new WinRMError('internal', 'Digest was asked for a proof before the challenge.');
    const authorization = client.authorize({ method: 'POST', uri: this.#endpoint.path, body });
    const headers = { Authorization: authorization, 'Content-Type': SOAP_TYPE };
    const reply = await this.#line.post({ headers, body }, signal);
    if (reply.status === 401) return reply;
    client.accept(reply.authenticationInfo, reply.body);
    this.#proofs.isTaken ||= carriesSoap(reply);
    return reply;
  }

  #answerTo(challenge: DigestChallenge | undefined): void {
    if (!challenge || !this.#proofs.answerTo(challenge)) {
      throw new WinRMError(
        'protocol',
        `${this.#endpoint.hostname} changed in mid-sign-in what its Digest is for, which is not followed.`,
        {
          causes: ['Something between weakens the sign-in.'],
          remedy: { text: 'Use TLS for this computer.' },
        },
      );
    }
  }
}

function isStale({ status, wwwAuthenticate }: HttpReply): boolean {
  try {
    return status === 401 && chooseDigest(wwwAuthenticate)?.isStale === true;
  } catch {
    return false; // what cannot be read does not make less of a refusal
  }
}

const noDigest = ({ hostname }: Endpoint, why: string) =>
  new WinRMError('denied', `${hostname} does not take a sign-in by Digest. ${why}`, {
    causes: [
      'Digest is a way of web servers and gateways; the WinRM service of Windows does not offer it.',
      'Something other than WinRM answers on this port.',
    ],
    remedy: { text: 'Choose Negotiate for this computer.' },
    faultCode: 5,
    errorId: 'AccessDenied',
  });

/** Without a number: it answered, and whoever tries again by the number of a broken connection would do it twice. */
const notAnswered = ({ hostname }: Endpoint) =>
  new WinRMError(
    'protocol',
    `${hostname} called its challenge too old. Over http anybody can say so who let the request through before, so it was not sent again.`,
    {
      causes: ['It gives a new challenge every few minutes, or after so many requests.'],
      remedy: {
        text: 'Refresh before you repeat an action: it may or may not have been carried out. Over https it would be sent again.',
      },
      detail: 'HTTP 401',
    },
  );

const endless = ({ hostname }: Endpoint) =>
  new WinRMError('protocol', `${hostname} calls its own new challenge too old, so nobody can sign in.`, {
    causes: [
      'The password is wrong, and this is what it calls that.',
      'Its clock jumps, or several servers answer in turn that do not know each other’s challenges.',
    ],
    remedy: { text: 'Check the password, which was sent once; or choose Negotiate for this computer.' },
  });
