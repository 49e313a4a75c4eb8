import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { WinRMError } from '../../error.ts';

/** Turns of the event loop without any change, after which TLS waits for the other side: all it does is done in this process. */
const QUIET_TURNS = 10;

/**
 * The client's side of TLS without a socket: bytes in, bytes out. That is how CredSSP carries it, in headers and in the
 * pieces of bodies. Nobody's certificate is checked: CredSSP binds itself to the key.
 *
 * It speaks TLS 1.2, in which a handshake ends with the server's word and nothing comes unasked.
 */
export class MemoryTls {
  readonly #below: Duplex;
  readonly #socket: TLSSocket;
  #outgoing: Buffer[] = [];
  #incoming: Buffer[] = [];
  #changes = 0;
  #isSecure = false;
  #failure: unknown;

  constructor() {
    this.#below = new Duplex({
      read: () => undefined,
      write: (piece: Buffer, _, done) => {
        this.#outgoing.push(piece);
        this.#changes++;
        done();
      },
    });
    this.#socket = connect({
      socket: this.#below,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    this.#socket.on('secureConnect', () => {
      this.#isSecure = true;
      this.#changes++;
    });
    this.#socket.on('data', (piece: Buffer) => {
      this.#incoming.push(piece);
      this.#changes++;
    });
    this.#socket.on('error', (error) => (this.#failure ??= error));
    this.#socket.on('close', () => (this.#failure ??= new Error('closed')));
  }

  get isSecure(): boolean {
    return this.#isSecure;
  }

  /** For what is shown by the other side and by the connection; only once it is secure. */
  get socket(): TLSSocket {
    return this.#socket;
  }

  /**
   * Takes what the other side sent, if anything, and gives what is to be sent to it.
   *
   * @throws WinRMError 'protocol' when TLS breaks
   */
  async handshake(received?: Uint8Array): Promise<Uint8Array> {
    if (received) this.#below.push(received);
    await this.#quiet();
    return this.#taken();
  }

  /** What carries `plain`. @throws WinRMError 'protocol' */
  async seal(plain: Uint8Array): Promise<Uint8Array> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.write(plain, (error) => (error ? reject(broken(error)) : resolve()));
    });
    await this.#quiet();
    return this.#taken();
  }

  /** What `received` carries. @throws WinRMError 'protocol' where it was changed, replayed or came out of order */
  async open(received: Uint8Array): Promise<Uint8Array> {
    this.#below.push(received);
    await this.#quiet();
    const plain = Buffer.concat(this.#incoming);
    this.#incoming = [];
    return plain;
  }

  destroy(): void {
    this.#socket.destroy();
    this.#below.destroy();
  }

  async #quiet(): Promise<void> {
    for (let turns = 0, seen = this.#changes; turns < QUIET_TURNS; turns++) {
      await new Promise(setImmediate);
      if (seen !== this.#changes) turns = 0;
      seen = this.#changes;
    }
    if (this.#failure !== undefined) throw broken(this.#failure);
  }

  #taken(): Uint8Array {
    const bytes = Buffer.concat(this.#outgoing);
    this.#outgoing = [];
    return bytes;
  }
}

const broken = (cause: unknown) =>
  new WinRMError('protocol', 'TLS inside the CredSSP sign-in broke; what came is not trusted.', {
    causes: [
      'Something between alters the traffic.',
      'The computer speaks no TLS that is still safe: 1.2 is the least.',
    ],
    cause,
  });
