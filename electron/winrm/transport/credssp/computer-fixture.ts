import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { AcceptorFixture } from '../../auth/credssp/acceptor-fixture.ts';
import type { AcceptorFixtureOptions } from '../../auth/credssp/acceptor-fixture.ts';
import { subjectPublicKey } from '../../auth/credssp/key-binding.ts';
import { cutRecord, piecesOf, recordsLength } from '../../auth/credssp/tls-pieces.ts';
import { readSealed, sealedType, writeSealed } from '../../auth/sealed-mime.ts';
import { requestServer } from '../raw-server-fixture.ts';
import type { Received } from '../raw-server-fixture.ts';
import { TlsServerFixture } from './tls-server-fixture.ts';

const SOAP = 'application/soap+xml;charset=UTF-8';
const CIPHER = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';

export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface ComputerFixtureOptions {
  readonly identity: Identity;
  readonly acceptor?: Partial<AcceptorFixtureOptions>;
  /** Changes a token on its way out. */
  readonly token?: (token: Buffer, count: number) => Buffer;
  /** Changes a sealed answer on its way out. */
  readonly body?: (body: Buffer) => Buffer;
  /** Whether it closes the connection behind each echo. */
  readonly closes?: boolean;
  /** Answers the password that was handed over; with nothing it closes the connection. */
  readonly last?: string;
}

export const http = (status: string, headers = '', body: Uint8Array = new Uint8Array()) =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\n\r\n`),
    body,
  ]);

/** For the tests: WinRM's side of CredSSP, an echo behind it. One for each connection. */
class Computer {
  readonly #options: ComputerFixtureOptions;
  readonly #tls: TlsServerFixture;
  readonly acceptor: AcceptorFixture;
  #count = 0;

  constructor(options: ComputerFixtureOptions) {
    this.#options = options;
    this.#tls = new TlsServerFixture(options.identity);
    const key = new X509Certificate(options.identity.cert).publicKey.export({ type: 'spki', format: 'der' });
    this.acceptor = new AcceptorFixture({
      publicKey: subjectPublicKey(key),
      ambient: { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(7) },
      ...options.acceptor,
    });
  }

  async answer({ authorization, body }: Received): Promise<Buffer> {
    if (authorization === undefined) return this.#echo(body);
    const { plain, outgoing } = await this.#tls.receive(
      Buffer.from(authorization.replace(/^CredSSP /, ''), 'base64'),
    );
    if (plain.length === 0) return this.#challenge(outgoing);
    let reply: Uint8Array | undefined;
    try {
      reply = this.acceptor.step(plain);
    } catch {
      return http('401 No', 'WWW-Authenticate: Negotiate\r\nWWW-Authenticate: CredSSP\r\n');
    }
    if (!reply) return this.#options.last === '' ? Buffer.alloc(0) : http(this.#options.last ?? '200 OK');
    return this.#challenge(await this.#tls.seal(reply));
  }

  #challenge(token: Buffer): Buffer {
    const changed = this.#options.token?.(token, ++this.#count) ?? token;
    return http('401 No', `WWW-Authenticate: CredSSP ${changed.toString('base64')}\r\n`);
  }

  async #echo(body: Buffer): Promise<Buffer> {
    const plain: Buffer[] = [];
    for (const { header, data } of readSealed(body, sealedType('CredSSP'), recordsLength))
      plain.push((await this.#tls.receive(Buffer.concat([header, data]))).plain);
    const parts = [];
    for (const piece of piecesOf(Buffer.concat(plain))) {
      const cut = cutRecord(await this.#tls.seal(piece), piece.length, CIPHER);
      parts.push({ ...cut, contentType: SOAP, plainLength: piece.length });
    }
    const answer = Buffer.from(writeSealed(parts, 'CredSSP'));
    return http(
      '200 OK',
      `Content-Type: ${sealedType('CredSSP', parts.length > 1)}\r\n`,
      this.#options.body?.(answer) ?? answer,
    );
  }
}

export async function computerFixture(options: ComputerFixtureOptions) {
  const computers = new Map<Socket, Computer>();
  const seen: Received[] = [];
  let closed = 0;
  const server = await requestServer((socket, request) => {
    seen.push(request);
    const computer = computers.get(socket) ?? new Computer(options);
    computers.set(socket, computer);
    void computer.answer(request).then((answer) => {
      if (answer.length === 0) return socket.destroy();
      socket.write(answer);
      if (!options.closes || request.authorization !== undefined) return;
      // Closed here means that the other side has seen it, too.
      socket.once('close', () => closed++);
      socket.end();
    });
  });
  return {
    ...server,
    seen,
    closed: () => closed,
    delegated: () => [...computers.values()].map(({ acceptor }) => acceptor.delegated),
  };
}
