import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Endpoint } from '../../../shared/computer.ts';
import type { LineWatch } from '../protocol-trace.ts';
import { brokenOff, foreignAnswer, tooLong } from './failure.ts';
import { GatheredBytes } from './gathered-bytes.ts';

/** An answer as it came, before anyone judged its status. */
export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  /** One entry a header line. */
  readonly wwwAuthenticate: readonly string[];
  readonly location: string | undefined;
  readonly body: Buffer;
}

export interface HttpPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** http.sys takes tokens up to 64 KiB in one header; the rest of a header block is small. */
const MAX_HEADER_BYTES = 80 * 1024;

/**
 * One open connection that carries HTTP requests one after the other. Authentication belongs to it, so it is never
 * replaced behind the caller's back: once it is not `alive`, it fails.
 */
export class Line {
  readonly socket: Socket;
  /** Is told of each request; a trace. */
  watch: LineWatch | undefined;
  readonly #endpoint: Endpoint;
  readonly #maxResponseBytes: number;
  readonly #agent: Agent;

  constructor(socket: Socket, endpoint: Endpoint, maxResponseBytes: number) {
    this.socket = socket;
    this.#endpoint = endpoint;
    this.#maxResponseBytes = maxResponseBytes;
    this.#agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 1 }), {
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
    const abort = () => this.destroy();
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await this.#exchange(message);
    } catch (error) {
      this.watch?.failed(error);
      this.destroy();
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  destroy(): void {
    this.socket.destroy();
    this.#agent.destroy();
  }

  #exchange({ headers, body }: HttpPost): Promise<HttpReply> {
    const { hostname, port, path } = this.#endpoint;
    return new Promise((resolve, reject) => {
      const outgoing = request({
        method: 'POST',
        host: hostname,
        port,
        path,
        agent: this.#agent,
        maxHeaderSize: MAX_HEADER_BYTES,
        // Our own spelling: node would write an IPv6 address without brackets and leave out port 80 under TLS.
        setHost: false,
        headers: {
          Host: `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`,
          'User-Agent': 'PSSession Manager',
          ...headers,
          'Content-Length': body.length,
        },
      });
      outgoing.on('error', (error) => reject(brokenOff(error, this.#endpoint)));
      outgoing.once('upgrade', () => reject(foreignAnswer(this.#endpoint, 'It wanted to switch protocols.')));
      outgoing.once('response', (incoming) => this.#read(incoming).then(resolve, reject));
      this.watch?.sent(headers, body.length);
      outgoing.end(body);
    });
  }

  /** By events: an asynchronous iteration costs a sweep several times as much. */
  #read(incoming: IncomingMessage): Promise<HttpReply> {
    const body = new GatheredBytes();
    return new Promise((resolve, reject) => {
      incoming.on('data', (piece: Buffer) => {
        body.add(piece);
        if (body.length > this.#maxResponseBytes)
          incoming.destroy(tooLong(this.#endpoint, this.#maxResponseBytes));
      });
      incoming.once('error', (error) => reject(brokenOff(error, this.#endpoint)));
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
      location: headers.location,
      body,
    };
  }
}
