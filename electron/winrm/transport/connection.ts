import type { Endpoint } from '../../../shared/computer.ts';
import { SESSION_OPTION_DEFAULTS } from '../../../shared/computer.ts';
import type { SignInReport } from '../../../shared/sign-in-report.ts';
import type { Credential } from '../auth/basic.ts';
import { isClientCertificate } from '../auth/client-certificate.ts';
import type { AnyCredential } from '../auth/client-certificate.ts';
import type { Channel, Limit, Post } from '../client.ts';
import { WinRMError, withSignIn } from '../error.ts';
import type { ProtocolTrace } from '../protocol-trace.ts';
import { following } from '../following.ts';
import { withoutLostProof } from '../no-proof-lost.ts';
import { orAborted } from '../or-aborted.ts';
import { settled } from '../settled.ts';
import { isPassing } from '../auth/kerberos-failure.ts';
import { answeredInClear, brokenQuestion } from './failure.ts';
import { refusedThoughLetIn } from './refused-though-taken.ts';
import { changesNothing, isRepeatable } from './repeatable.ts';
import { wasHandedOver } from './handed-over.ts';
import { Line } from './line.ts';
import type { HttpReply } from './line.ts';
import { UNHEARD } from './login.ts';
import type { BeforeLogin } from './login.ts';
import { LostProof } from './lost-proof.ts';
import { proofRefusedOn } from './proof-refused.ts';
import { readingTurns } from './reading-turns.ts';
import { letInNoRequest, soapOf } from './reply.ts';
import { isOutlived } from './sealed-exchange.ts';
import { chooseSignIn } from './sign-in.ts';
import type { SignedIn, SignIn, SignInOptions } from './sign-in.ts';
import { encodeSoap, SOAP_TYPE, SOAP_TYPE_UTF16 } from './soap-type.ts';
import { openSecured } from './secured-way.ts';
import { openWay, signInBy } from './way.ts';
import type { ProxyOptions } from './way.ts';
import type { TlsOptions } from './tls.ts';
import { isClosedUnanswered } from './unanswered.ts';
import { unjudgedProof } from './unjudged-proof.ts';
import { withRemedy } from './with-remedy.ts';

export type { Credential };

export interface ChannelOptions extends SignInOptions, TlsOptions {
  /** For name, TCP connection and TLS together; milliseconds, PowerShell's 180 000 by default. */
  readonly openTimeoutMs?: number;
  /** For the TCP connection alone; see CONNECT_TIMEOUT_MS. */
  readonly connectTimeoutMs?: number;
  /** Is asked before each login; without it none waits. */
  readonly beforeLogin?: BeforeLogin;
  /** Without it the computer is asked directly. */
  readonly proxy?: ProxyOptions;
  /** UseUTF16: requests travel in UTF-16. */
  readonly useUTF16?: boolean;
  /** Is told what travels. */
  readonly trace?: ProtocolTrace;
  /** The longest answer that is read; see MAX_RESPONSE_BYTES. */
  readonly maxResponseBytes?: number;
  /** What is known at that place of proofs; its own without it. */
  readonly lostProof?: LostProof;
}

/**
 * Servers obey the MaxEnvelopeSize that we send (500 KB), some only roughly, and old ones send a page of a long list
 * whole. 16 MB is far beyond any of them, and what a sweep of 32 at once can still hold in memory.
 */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/**
 * A way to one computer over a single kept-alive connection, opened and authenticated by the first post; posts wait
 * for one another. Nothing is thrown here: what is wrong with the choice comes with the first post, before any traffic.
 *
 * When a request is sent a second time: only if the server has said that it did not carry it out, that is, if it
 * answers 401 on a connection that was signed in before; then once, on a new connection. Where bodies are sealed that
 * 401 is in clear, and anyone on the way could have written it after letting the request through: there only what
 * changes nothing is repeated. A connection that the server
 * closed between two requests is noticed before the next one is written, and replaced. One that it closes just then
 * breaks under the request: what changes nothing is repeated, too, if the connection had let one through before and no
 * byte of an answer came. Any other fails: it may have been carried out, and a Send or Pull must not happen twice; a
 * Create that names its shell is asked again by the client. For all these reasons together a request is sent twice at
 * most.
 *
 * A ticket that runs out while a connection is used is noticed before anything is sent with it: then, too, the request
 * goes out on a new connection, once.
 *
 * A refused password is remembered: later posts fail without traffic, so that one mistake counts once towards lock-out.
 * So is, for a while, one that the computer got and never judged; see LostProof.
 */
export function openChannel(
  endpoint: Endpoint,
  credential: AnyCredential | undefined,
  options: ChannelOptions,
): Channel {
  return new Connection(endpoint, credential, options);
}

interface Ready {
  readonly line: Line;
  readonly signedIn: SignedIn;
  /** True once a request was let through on it. */
  proven: boolean;
}

class Connection implements Channel {
  readonly #endpoint: Endpoint;
  readonly #options: ChannelOptions;
  readonly #signIn: SignIn | undefined;
  /** Why no post can succeed any more. */
  #refusal: unknown;
  /** A login that was not let out is no refusal. */
  #held: unknown;
  readonly #lostProof: LostProof;
  #current: Ready | undefined;
  /** The newest, also while it is being signed in. */
  #line: Line | undefined;
  #isClosed = false;
  /** Of the posts that have not settled. */
  readonly #waiting = new Set<AbortController>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(endpoint: Endpoint, credential: AnyCredential | undefined, options: ChannelOptions) {
    this.#endpoint = endpoint;
    this.#options = isClientCertificate(credential) ? { ...options, clientCertificate: credential } : options;
    this.#lostProof = options.lostProof ?? new LostProof();
    try {
      this.#signIn = chooseSignIn(endpoint, credential, options);
    } catch (error) {
      this.#refusal = error;
    }
  }

  readonly post: Post = (soap, signal, limit) => {
    const { controller, letGo } = following(signal);
    this.#waiting.add(controller);
    const turn = this.#last
      .then(() => this.#carry(soap, controller.signal, limit))
      .finally(() => {
        letGo();
        this.#waiting.delete(controller);
      });
    this.#last = settled(turn);
    return orAborted(turn, controller.signal).catch((error: unknown) => {
      throw this.#line?.unheard(error) ?? error;
    });
  };

  get signIn(): SignInReport | undefined {
    if (!this.#current) return undefined;
    const { line, signedIn } = this.#current;
    const proxy = line.proxySignIn?.report;
    return proxy ? { ...signedIn.report, proxy } : signedIn.report;
  }

  close(): void {
    this.#isClosed = true;
    for (const controller of this.#waiting) controller.abort(this.#closedError());
    this.#drop();
  }

  #closedError(): WinRMError {
    return new WinRMError('cancelled', `The connection to ${this.#endpoint.hostname} was closed.`);
  }

  async #carry(text: string, signal: AbortSignal, limit: Limit | undefined): Promise<string> {
    try {
      return await this.#carried(text, signal, limit);
    } catch (error) {
      const isQuestion = changesNothing(text);
      const told = isQuestion ? brokenQuestion(error) : error;
      if (!this.#lostProof.failed(error)) throw withoutLostProof(told);
      this.#drop();
      throw unjudgedProof(told, isQuestion);
    }
  }

  async #carried(text: string, signal: AbortSignal, limit: Limit | undefined): Promise<string> {
    const soap = encodeSoap(text, this.#options.useUTF16);
    for (let again = false; ; again = true) {
      const ready = await this.#ready(signal, limit);
      const posted = this.#guard(this.#posted(ready, soap, signal), ready.line);
      const reply = await posted.catch((error: unknown) => {
        const isClosed = ready.proven && isClosedUnanswered(error) && isRepeatable(text);
        if (again || !(isOutlived(error) || isClosed)) throw error;
      });
      if (!reply) {
        this.#drop();
        continue;
      }
      if (reply.status !== 401) {
        // A redirection in clear may be anyone's, who let the request through before.
        const isMoved = reply.status >= 300 && reply.status < 400;
        if (isMoved && ready.signedIn.isSealed && !isRepeatable(text))
          throw answeredInClear(this.#endpoint, reply.status);
        ready.proven = true;
        ready.line.limit = undefined;
        const answer = soapOf(reply, this.#endpoint);
        this.#lostProof.hasLetIn = true;
        await readingTurns.before();
        return answer;
      }
      this.#drop();
      // The server forgot who asks, and so did not do it.
      if (ready.proven && !again) {
        if (!ready.signedIn.isSealed || isRepeatable(text)) continue;
        throw answeredInClear(this.#endpoint, reply.status);
      }
      // What judges the password is told by the sign-in itself; this one had come to its end.
      this.#lostProof.letGo();
      const { report } = ready.signedIn;
      throw withSignIn(letInNoRequest(this.#endpoint, report.account), report);
    }
  }

  /** A connection on which the next request can be sent. */
  async #ready(signal: AbortSignal, limit: Limit | undefined): Promise<Ready> {
    signal.throwIfAborted();
    if (this.#current) {
      // Lets an end that has arrived be read before we write into it: sockets are read between the two.
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      if (this.#current?.line.alive) return this.#current;
      this.#drop();
    }
    if (this.#isClosed) throw this.#closedError();
    if (this.#refusal !== undefined || !this.#signIn) throw this.#refusal;
    this.#lostProof.demandNone();
    limit?.pause();
    const line = await this.#open(signal);
    line.limit = limit;
    const signingIn = this.#signIn(line, this.#beforeLogin, signal).catch((error: unknown) => {
      if (error === this.#held || !line.via || wasHandedOver(error)) throw error;
      throw signInBy(line.via.proxy, this.#endpoint, proofRefusedOn(line, this.#endpoint, error));
    });
    const signedIn = await this.#guard(signingIn, line);
    return (this.#current = { line, signedIn, proven: false });
  }

  /** Over TLS the first request carries NTLM's proof. */
  async #posted(
    { line, signedIn, proven }: Ready,
    soap: Uint8Array,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    try {
      return await signedIn.post(soap, signal);
    } catch (error) {
      if (proven) throw error;
      const isProof = error !== this.#held && signedIn.report.mechanism.startsWith('NTLM');
      const told = isProof ? proofRefusedOn(line, this.#endpoint, error) : error;
      throw withSignIn(told, signedIn.report);
    }
  }

  async #open(signal: AbortSignal): Promise<Line> {
    const { openTimeoutMs = SESSION_OPTION_DEFAULTS.openTimeout, maxResponseBytes = MAX_RESPONSE_BYTES } =
      this.#options;
    const { connectTimeoutMs } = this.#options;
    const end = performance.now() + openTimeoutMs;
    // Where a second connection is made for TLS, it has what the first has left.
    const limits = () => ({ openTimeoutMs: Math.max(0, end - performance.now()), connectTimeoutMs });
    const open = () => openWay(this.#endpoint, this.#options.proxy, limits(), signal);
    const { way, socket } =
      this.#endpoint.scheme === 'http'
        ? await open().then((plain) => ({ way: plain, socket: plain.socket }))
        : await openSecured(this.#endpoint, open, this.#options, signal);
    const soapType = this.#options.useUTF16 ? SOAP_TYPE_UTF16 : SOAP_TYPE;
    const hasAnswered = this.#line?.hasAnswered;
    const line = new Line(socket, this.#endpoint, { maxResponseBytes, soapType, via: way.via, hasAnswered });
    this.#line = line;
    line.proxySignIn = way.proxySignIn;
    line.watch = this.#options.trace?.connection(this.#endpoint);
    return line;
  }

  /** A failure ends the connection: what is still under way on it would be taken for the next answer. */
  async #guard<T>(work: Promise<T>, line: Line): Promise<T> {
    try {
      return await work;
    } catch (error) {
      line.destroy();
      const isRefusal =
        error instanceof WinRMError &&
        error.kind === 'unauthenticated' &&
        error !== this.#held &&
        !isPassing(error);
      const told = isRefusal && this.#lostProof.hasLetIn ? refusedThoughLetIn(error, this.#endpoint) : error;
      if (isRefusal) this.#refusal ??= told;
      throw withRemedy(told, this.#endpoint);
    }
  }

  readonly #beforeLogin: BeforeLogin = async (signal) => {
    try {
      const attempt = (await this.#options.beforeLogin?.(signal)) ?? UNHEARD;
      // No account is locked out for a certificate.
      return this.#options.clientCertificate ? attempt : this.#lostProof.watch(attempt);
    } catch (error) {
      this.#held = error;
      throw error;
    }
  };

  #drop(): void {
    this.#current?.line.destroy();
    this.#current = undefined;
  }
}
