import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { endpointUrl } from '../../../shared/computer.ts';
import type { Endpoint } from '../../../shared/computer.ts';
import type { Limit } from '../client.ts';
import { WinRMError } from '../error.ts';
import { GatheredBytes } from '../gathered-bytes.ts';
import type { LineWatch } from '../protocol-trace.ts';
import { KEEPALIVE_MS } from './connect.ts';
import { brokenOff, foreignAnswer, tooLong } from './failure.ts';
import type { Reached } from './failure.ts';
import {
  proxyOrComputerRefuses,
  proxyRefusesComputer,
  proxySaysNothing,
  proxySpeaksNone,
} from './proxy-failure.ts';
import type { SharedSignIn } from './proxy-logins.ts';
import type { Proxy } from './proxy-settings.ts';
import { carriesSoap, isHttpSys, refusal } from './reply.ts';
import { SOAP_TYPE } from './soap-type.ts';
import { withoutAnswer } from './unanswered.ts';

/** An answer as it came, before anyone judged its status. */
export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  /** One entry a header line. */
  readonly wwwAuthenticate: readonly string[];
  readonly authenticationInfo: string | undefined;
  /** The proxy's, one entry a header line. */
  readonly proxyAuthenticate: readonly string[];
  readonly location: string | undefined;
  /** What answers, by its own word. */
  readonly server: string | undefined;
  readonly body: Buffer;
}

export interface HttpPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface LineOptions {
  readonly maxResponseBytes: number;
  /** UTF-8 unless given. */
  readonly soapType?: string;
  readonly via?: { readonly proxy: Proxy; readonly signIn: SharedSignIn } | undefined;
  /** An earlier connection to the same place was answered. */
  readonly hasAnswered?: boolean | undefined;
}

/** NTLM takes three, one more where a proxy takes it instead of Kerberos. */
const MOST_TRIES = 4;
/** What a proxy says itself of a computer that it does not reach, or lets nobody reach. */
const PROXYS_OWN = [403, 502, 503, 504];
/** What WinRM, and Windows in its place, say themselves: no right to it, and stopped. */
const COMPUTERS_OWN = [403, 503];
/** http.sys takes tokens up to 64 KiB in one header; the rest of a header block is small. */
const MAX_HEADER_BYTES = 80 * 1024;

/**
 * One open connection that carries HTTP requests one after the other. Authentication belongs to it, so it is never
 * replaced behind the caller's back: once it is not `alive`, it fails.
 */
export class Line {
  readonly socket: Socket;
  /** The type of SOAP text as this connection carries it: UTF-8, or UTF-16. */
  readonly soapType: string;
  /** The proxy that passes its requests on, each with the whole address. */
  readonly via: LineOptions['via'];
  /** Tells how the proxy on the way was signed in to, as far as it is by now. */
  proxySignIn: Pick<SharedSignIn, 'report'> | undefined;
  /** Is told of each request; a trace. */
  watch: LineWatch | undefined;
  /** Runs while an answer is waited for, as long as it is there. */
  limit: Limit | undefined;
  /** The computer has answered in HTTP, on this connection or an earlier one. */
  hasAnswered: boolean;
  readonly #endpoint: Endpoint;
  readonly #maxResponseBytes: number;
  readonly #agent: Agent;
  /** The computer itself has answered; else a proxy may be all that was heard. */
  #isThrough = false;
  /** A request was handed over. */
  #hasAsked = false;

  constructor(
    socket: Socket,
    endpoint: Endpoint,
    { maxResponseBytes, soapType = SOAP_TYPE, via, hasAnswered = false }: LineOptions,
  ) {
    this.socket = socket;
    this.soapType = soapType;
    this.via = via;
    this.hasAnswered = hasAnswered;
    this.#endpoint = endpoint;
    this.#maxResponseBytes = maxResponseBytes;
    // It would set what the socket has to a second of its own.
    const keeping = { keepAlive: true, keepAliveMsecs: KEEPALIVE_MS };
    this.#agent = Object.assign(new Agent({ ...keeping, maxSockets: 1 }), {
      createConnection: () => socket,
    });
    // Between two requests nobody else listens, and an unheard 'error' ends the process.
    socket.on('error', () => undefined);
  }

  /** False once either side has ended the connection. */
  get alive(): boolean {
    return !this.socket.destroyed && this.socket.writable && this.socket.readable;
  }

  /** Rejects with `signal.reason` on abort, which also ends the connection: an answer under way would be the next one's. */
  async post(message: HttpPost, signal: AbortSignal): Promise<HttpReply> {
    signal.throwIfAborted();
    if (!this.alive) throw this.#brokenOff(undefined, 'signIn');
    const abort = () => this.destroy();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const reply = await (this.via ? this.#passedOn(message, this.via, signal) : this.#exchange(message));
      this.hasAnswered = true;
      return reply;
    } catch (error) {
      this.watch?.failed(error);
      this.destroy();
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** A proxy that answers 407 has not passed the request on, so it is sent again with what the proxy wants. */
  async #passedOn(
    message: HttpPost,
    { proxy, signIn }: NonNullable<LineOptions['via']>,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    for (let tries = 1; ; tries++) {
      await signIn.turn(signal);
      // Whoever waited for a turn may have been hung up on meanwhile.
      if (!this.alive) throw this.#brokenOff(undefined, 'signIn');
      const uri = endpointUrl(this.#endpoint);
      const authorization = signIn.authorize({ method: 'POST', uri, body: message.body });
      const proof = authorization === undefined ? {} : { 'Proxy-Authorization': authorization };
      const sent = { ...message, headers: { ...message.headers, ...proof } };
      const reply = await this.#exchange(sent).catch((error: unknown) => {
        throw signal.aborted ? error : signIn.broke(error);
      });
      if (reply.status !== 407) {
        this.#demandComputers(reply, proxy);
        await signIn.answered(isComputers(reply), reply.proxyAuthenticate);
        this.#isThrough = true;
        return reply;
      }
      await signIn.challenged(reply.proxyAuthenticate);
      if (tries === MOST_TRIES) throw proxySpeaksNone(proxy);
    }
  }

  /** @throws WinRMError for an answer that is the proxy's own, or may be */
  #demandComputers(reply: HttpReply, proxy: Proxy): void {
    const { status } = reply;
    if (!PROXYS_OWN.includes(status) || carriesSoap(reply)) return;
    if (!COMPUTERS_OWN.includes(status)) throw proxyRefusesComputer(proxy, this.#endpoint, status);
    if (isHttpSys(reply)) return;
    throw this.#isThrough
      ? proxyOrComputerRefuses(proxy, this.#endpoint, status, refusal(reply, this.#endpoint))
      : proxyRefusesComputer(proxy, this.#endpoint, status);
  }

  /** What a request failed with that had no answer in time: a proxy may be all that took it. */
  unheard(error: unknown): unknown {
    const isLate = error instanceof WinRMError && error.kind === 'timeout';
    return this.via && this.#hasAsked && !this.#isThrough && isLate
      ? proxySaysNothing(this.via.proxy, this.#endpoint, error)
      : error;
  }

  destroy(): void {
    this.via?.signIn.ended();
    this.socket.destroy();
    this.#agent.destroy();
  }

  async #exchange(message: HttpPost): Promise<HttpReply> {
    this.limit?.resume();
    try {
      return await this.#asked(message);
    } finally {
      this.limit?.pause();
    }
  }

  #asked({ headers, body }: HttpPost): Promise<HttpReply> {
    // Without a body nothing is asked but who is there.
    const reached = body.length === 0 ? 'signIn' : 'request';
    const { hostname, port, path } = this.#endpoint;
    let isHeard = false;
    const broken = (error?: unknown) => {
      const told = this.#brokenOff(error, reached);
      return isHeard ? told : withoutAnswer(told);
    };
    return new Promise((resolve, reject) => {
      const outgoing = request({
        method: 'POST',
        host: hostname,
        port,
        path: this.via ? endpointUrl(this.#endpoint) : path,
        agent: this.#agent,
        maxHeaderSize: MAX_HEADER_BYTES,
        // Our own spelling: node would write an IPv6 address without brackets and leave out port 80 under TLS.
        setHost: false,
        headers: {
          Host: `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`,
          'User-Agent': 'PSSession Manager',
          ...headers,
          // In which letters SOAP travels is no matter of who signs in.
          ...(headers['Content-Type'] === SOAP_TYPE && { 'Content-Type': this.soapType }),
          'Content-Length': body.length,
        },
      });
      outgoing.once('socket', (socket) => socket.once('data', () => (isHeard = true)));
      outgoing.on('error', (error) => reject(broken(error)));
      outgoing.once('upgrade', () => reject(foreignAnswer(this.#endpoint, 'It wanted to switch protocols.')));
      // A request that never got its socket, since that was closed behind the last answer, hears nothing by itself.
      const closed = () => reject(broken());
      this.socket.once('close', closed);
      outgoing.once('close', () => this.socket.removeListener('close', closed));
      outgoing.once('response', (incoming) => {
        this.socket.removeListener('close', closed);
        this.#read(incoming, reached).then(resolve, reject);
      });
      this.#hasAsked = true;
      this.watch?.sent(headers, body.length);
      outgoing.end(body);
    });
  }

  /** What is no HTTP is the proxy's own, as long as nothing was heard of the computer. */
  #brokenOff(error: unknown, reached: Reached): WinRMError {
    const told = brokenOff(error, this.#endpoint, reached, this.hasAnswered);
    return this.via && !this.#isThrough && told.kind === 'protocol'
      ? proxySpeaksNone(this.via.proxy, error)
      : told;
  }

  /** By events: an asynchronous iteration costs a sweep several times as much. */
  #read(incoming: IncomingMessage, reached: Reached): Promise<HttpReply> {
    const body = new GatheredBytes();
    const refuse = () => incoming.destroy(tooLong(this.#endpoint, this.#maxResponseBytes));
    return new Promise((resolve, reject) => {
      incoming.on('data', (piece: Buffer) => {
        body.add(piece);
        if (body.length > this.#maxResponseBytes) refuse();
      });
      incoming.once('error', (error) => reject(brokenOff(error, this.#endpoint, reached, true)));
      if (Number(incoming.headers['content-length'] ?? 0) > this.#maxResponseBytes) refuse();
      incoming.once('end', () => {
        try {
          resolve(this.#reply(incoming, body.bytes()));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #reply(incoming: IncomingMessage, body: Buffer): HttpReply {
    const { headers, statusCode } = incoming;
    this.watch?.received(statusCode ?? 0, headers, body.length);
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw foreignAnswer(
        this.#endpoint,
        `The answer is compressed (${encoding.slice(0, 40)}), which was not asked for.`,
      );
    }
    return {
      status: statusCode ?? 0,
      contentType: headers['content-type'] ?? '',
      wwwAuthenticate:
        headers['www-authenticate'] === undefined ? [] : (incoming.headersDistinct['www-authenticate'] ?? []),
      authenticationInfo: oneText(headers['authentication-info']),
      proxyAuthenticate:
        headers['proxy-authenticate'] === undefined
          ? []
          : (incoming.headersDistinct['proxy-authenticate'] ?? []),
      location: headers.location,
      server: oneText(headers['server']),
      body,
    };
  }
}

/** No refusal that the proxy may have made up by itself: its 401 would be a 407. */
const isComputers = (reply: HttpReply): boolean =>
  reply.status < 400 || reply.status === 401 || carriesSoap(reply) || isHttpSys(reply);

const oneText = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(', ') : value);
