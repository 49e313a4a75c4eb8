import { randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import selfsigned from 'selfsigned';
import { tlsServerEndPoint } from '../winrm/auth/channel-binding.ts';
import { WinRMError } from '../winrm/error.ts';
import type { SimulatedComputer, Surroundings } from './computer.ts';
import { ConnectionDropped } from './misbehaviour.ts';
import type { Delay } from './output-queue.ts';
import { callerOf, SCHEMES, ServerSignIn } from './server-sign-in.ts';
import type { Scheme, SimulatedAccount } from './server-sign-in.ts';

/** A key and its certificate, as PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly certificate: string;
}

export interface ListenOptions {
  readonly accounts: readonly SimulatedAccount[];
  readonly schemes?: readonly Scheme[];
  /** Milliseconds that each answer is held back. */
  readonly latencyMs?: number;
  /** With one: https. */
  readonly identity?: TlsIdentity;
}

/** What a listener saw; for tests and measurements. */
export interface Counts {
  logins: number;
  refusedLogins: number;
  /** Opened so far. */
  connections: number;
  openConnections: number;
  requests: number;
  concurrentRequests: number;
  mostConcurrentRequests: number;
}

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** The clock, timers and dice of this process. */
export const REAL_SURROUNDINGS: Surroundings = {
  now: () => Date.now(),
  newGuid: () => randomUUID().toUpperCase(),
  delay: realDelay(),
};

function realDelay(): Delay {
  return (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
}

/** Windows' HTTP does not mind the case, and PowerShell's clients say /WSMan at times. */
const PATH = '/wsman';
const STATE_PATH = '/__simulator/state';
const MAX_BODY_BYTES = 16 << 20;
const AMBIENT = { now: () => Date.now(), randomBytes: (length: number) => randomBytes(length) };

/** Simulated computers behind sockets of this machine: one HTTP server, many addresses. */
export class SimulatorListener {
  readonly counts: Counts = {
    logins: 0,
    refusedLogins: 0,
    connections: 0,
    openConnections: 0,
    requests: 0,
    concurrentRequests: 0,
    mostConcurrentRequests: 0,
  };
  readonly #options: ListenOptions;
  readonly #server: http.Server | https.Server;
  readonly #doors: net.Server[] = [];
  readonly #sockets = new Set<net.Socket>();
  readonly #computers = new Map<string, () => SimulatedComputer>();
  readonly #signIns = new WeakMap<net.Socket, ServerSignIn>();
  readonly #channelBinding: Uint8Array | undefined;

  constructor(options: ListenOptions) {
    this.#options = options;
    const { identity } = options;
    const answer = (request: http.IncomingMessage, response: http.ServerResponse) =>
      void this.#answer(request, response);
    this.#server = identity
      ? https.createServer({ key: identity.key, cert: identity.certificate }, answer)
      : http.createServer(answer);
    this.#channelBinding = identity && tlsServerEndPoint(toDer(identity.certificate));
    // Connections are kept by their clients, and a Receive may wait for minutes.
    Object.assign(this.#server, { keepAliveTimeout: 0, requestTimeout: 0, timeout: 0 });
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /**
   * @param computer or what makes it, once it is asked; @param port 0 for any
   * @throws the system's error when the address cannot be had
   */
  open(computer: SimulatedComputer | (() => SimulatedComputer), { address, port }: Place): Promise<Place> {
    const get = typeof computer === 'function' ? computer : () => computer;
    const door = net.createServer({ noDelay: true }, (socket) => this.#welcome(socket));
    this.#doors.push(door);
    return new Promise((resolve, reject) => {
      door.once('error', reject);
      door.listen({ host: address, port, backlog: 128 }, () => {
        const place = { address, port: (door.address() as net.AddressInfo).port }; // a TCP server has no other address
        this.#computers.set(`${place.address}:${place.port}`, get);
        resolve(place);
      });
    });
  }

  /** Breaks every connection, under whatever waits on it. */
  killConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = this.#doors.map((door) => new Promise((resolve) => door.close(resolve)));
    this.killConnections();
    this.#server.close();
    await Promise.all(closed);
  }

  #welcome(socket: net.Socket): void {
    this.counts.connections++;
    this.counts.openConnections++;
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.counts.openConnections--;
      this.#sockets.delete(socket);
    });
    this.#server.emit('connection', socket);
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    this.counts.requests++;
    this.counts.mostConcurrentRequests = Math.max(
      this.counts.mostConcurrentRequests,
      ++this.counts.concurrentRequests,
    );
    try {
      const body = await read(request);
      const { latencyMs = 0 } = this.#options;
      if (latencyMs > 0) await REAL_SURROUNDINGS.delay(latencyMs, gone.signal);
      await this.#respond(request, body, response, gone.signal);
    } catch (error) {
      if (error instanceof WinRMError && !response.headersSent) response.writeHead(400).end();
      else
        request.socket.destroy(
          error instanceof ConnectionDropped || gone.signal.aborted ? undefined : asError(error),
        );
    } finally {
      this.counts.concurrentRequests--;
    }
  }

  async #respond(
    request: http.IncomingMessage,
    body: Buffer,
    response: http.ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const { socket, url = '', method } = request;
    if (url === STATE_PATH)
      return send(response, 200, { 'Content-Type': 'application/json' }, JSON.stringify(this.counts));
    const get = this.#computers.get(`${socket.localAddress}:${socket.localPort}`);
    if (!get || method !== 'POST' || url.replace(/\?.*$/, '').toLowerCase() !== PATH)
      return send(response, 404, {});
    const computer = get();
    const signedIn = this.#signInOf(socket, computer).receive({
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'] ?? '',
      body,
    });
    if (signedIn.kind === 'refused') {
      if (signedIn.wasTried) this.counts.refusedLogins++;
      return send(response, 401, { 'WWW-Authenticate': [...signedIn.challenges] });
    }
    if (signedIn.isNew) this.counts.logins++;
    const headers = signedIn.challenges.length > 0 ? { 'WWW-Authenticate': [...signedIn.challenges] } : {};
    if (signedIn.soap === '') return send(response, 200, headers);
    const caller = callerOf(signedIn.account, socket.remoteAddress ?? '');
    const answer = await computer.answer(signedIn.soap, caller, signal);
    const dressed = signedIn.dress(answer.soap);
    send(
      response,
      answer.isFault ? 500 : 200,
      { ...headers, 'Content-Type': dressed.contentType },
      dressed.body,
    );
  }

  #signInOf(socket: net.Socket, { computerName }: SimulatedComputer): ServerSignIn {
    const known = this.#signIns.get(socket);
    if (known) return known;
    const { accounts, schemes = SCHEMES, identity } = this.#options;
    const policy = {
      computerName,
      accounts,
      schemes,
      seals: !identity,
      ...(this.#channelBinding ? { channelBinding: this.#channelBinding } : {}),
    };
    const signIn = new ServerSignIn(policy, AMBIENT);
    this.#signIns.set(socket, signIn);
    return signIn;
  }
}

/** A certificate for localhost and the loopback addresses given, made for this run; its key never rests on disk. */
export async function makeIdentity(addresses: readonly string[]): Promise<TlsIdentity> {
  const made = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 2, value: 'localhost' }, ...addresses.map((ip) => ({ type: 7, ip }) as const)],
      },
    ],
  });
  return { key: made.private, certificate: made.cert };
}

const toDer = (pem: string): Uint8Array => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

async function read(request: http.IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    if ((size += piece.length) > MAX_BODY_BYTES) throw new WinRMError('protocol', 'The request is too big.');
    pieces.push(piece);
  }
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}

function send(
  response: http.ServerResponse,
  status: number,
  headers: http.OutgoingHttpHeaders,
  body: string | Uint8Array = '',
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, { Server: 'Microsoft-HTTPAPI/2.0', ...headers, 'Content-Length': bytes.length });
  response.end(bytes);
}
