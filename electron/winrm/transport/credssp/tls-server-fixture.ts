import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { SecureContextOptions } from 'node:tls';
import { createSecureContext } from 'node:tls';

const QUIET_TURNS = 30;

/** For the tests: the computer's side of TLS without a socket. */
export class TlsServerFixture {
  readonly #below: Duplex;
  readonly #socket: TLSSocket;
  #outgoing: Buffer[] = [];
  #incoming: Buffer[] = [];
  isSecure = false;

  constructor(identity: SecureContextOptions) {
    this.#below = new Duplex({
      read: () => undefined,
      write: (piece: Buffer, _, done) => {
        this.#outgoing.push(piece);
        done();
      },
    });
    this.#socket = new TLSSocket(this.#below, {
      isServer: true,
      secureContext: createSecureContext(identity),
    });
    this.#socket.on('secure', () => (this.isSecure = true));
    this.#socket.on('data', (piece: Buffer) => this.#incoming.push(piece));
    this.#socket.on('error', () => undefined);
  }

  /** @returns what was opened, and what is to be sent */
  async receive(bytes: Uint8Array): Promise<{ plain: Buffer; outgoing: Buffer }> {
    this.#below.push(bytes);
    return this.#settled();
  }

  async seal(plain: Uint8Array): Promise<Buffer> {
    this.#socket.write(plain);
    return (await this.#settled()).outgoing;
  }

  async #settled() {
    for (let i = 0; i < QUIET_TURNS; i++) await new Promise(setImmediate);
    const [plain, outgoing] = [Buffer.concat(this.#incoming), Buffer.concat(this.#outgoing)];
    [this.#incoming, this.#outgoing] = [[], []];
    return { plain, outgoing };
  }
}
