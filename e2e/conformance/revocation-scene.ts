import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, expect } from 'vitest';
import type { Endpoint } from '../../shared/computer.ts';
import { openSocket } from '../../electron/winrm/transport/connect.ts';
import type { ChannelOptions } from '../../electron/winrm/transport/connection.ts';
import { askOverHttp } from '../../electron/winrm/transport/revocation/ask-over-http.ts';
import { Revocations } from '../../electron/winrm/transport/revocation/revocations.ts';
import { secure } from '../../electron/winrm/transport/tls.ts';
import { RevocationLab } from './revocation-lab.ts';

const never = new AbortController().signal;
/** A responder here answers at once, or means not to. */
const ANSWER_MS = 1_000;

/** What this process learns of certificates, anew. @param now epoch milliseconds */
export const revocations = (now = Date.now) =>
  new Revocations({
    ask: (address, question) =>
      askOverHttp(address, { ...question, proxyFor: () => Promise.resolve(undefined) }),
    now,
    timeoutMs: ANSWER_MS,
  });

export const responderAt = (port: number) => `authorityInfoAccess=OCSP;URI:http://127.0.0.1:${port}/`;
export const listAt = (port: number) => `crlDistributionPoints=URI:http://127.0.0.1:${port}/a.crl`;
export const send =
  (bytes: Uint8Array, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end(bytes);

const refused = (distrust: string, message: RegExp, detail: RegExp, faultCode: number) => ({
  kind: 'untrusted',
  message: expect.stringMatching(message),
  info: { distrust, faultCode, detail: expect.stringMatching(detail) },
});
export const unchecked = (detail: RegExp) => refused('revocation', /could not be checked/, detail, 12057);
export const revoked = (detail: RegExp) =>
  refused('revoked', new RegExp(`was revoked on ${new Date().toISOString().slice(0, 10)}`), detail, 12170);

/** An authority with its computers, and what answers in its name; for the tests of one file, which it cleans up after. */
export class RevocationScene {
  readonly lab = new RevocationLab();
  readonly #servers: Server[] = [];
  #names = 0;

  constructor() {
    afterEach(async () => {
      for (const server of this.#servers.splice(0)) {
        server.closeAllConnections();
        server.close();
      }
      await this.lab.stop();
    });
    afterAll(() => this.lab.remove());
  }

  /** An HTTP server of the test's own. */
  async serve(answer: RequestListener, port = 0): Promise<number> {
    const server = createServer(answer).listen(port, '127.0.0.1');
    this.#servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** A computer's certificate. @returns its name in the lab */
  issue(extensions: readonly string[], authority = 'authority'): string {
    const name = `computer${++this.#names}`;
    const own = ['subjectAltName=DNS:localhost', 'extendedKeyUsage=serverAuth', ...extensions];
    this.lab.issue({ name, authority, extensions: own });
    return name;
  }

  /** Makes TLS as a channel does. @returns what is said of revocation */
  async connect(port: number, options: ChannelOptions = {}): Promise<string> {
    const endpoint: Endpoint = { scheme: 'https', hostname: 'localhost', port, path: '/wsman' };
    let said = 'Nothing was said.';
    const how = {
      trustedRoots: [this.lab.read('authority.crt').toString()],
      revocations: revocations(),
      onRevocation: (sentence: string) => (said = sentence),
      ...options,
    };
    const tcp = await openSocket({ ...endpoint, hostname: '127.0.0.1' }, { openTimeoutMs: 5_000 }, never);
    (await secure(tcp, endpoint, 10_000, how, never)).destroy();
    return said;
  }
}
