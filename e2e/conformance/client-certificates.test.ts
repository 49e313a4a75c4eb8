import { spawn } from 'node:child_process';
import { constants } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerOptions, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../shared/computer.ts';
import { demandUsable, MUTUAL_TLS } from '../../electron/winrm/auth/client-certificate.ts';
import type { ClientCertificate } from '../../electron/winrm/auth/client-certificate.ts';
import { readClientCertificate } from '../../electron/winrm/auth/read-client-certificate.ts';
import { turnsDuring } from '../../electron/winrm/turns-fixture.ts';
import { othersTurn } from '../../electron/winrm/others-turn.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { ChannelOptions } from '../../electron/winrm/transport/connection.ts';
import { announceSkip } from '../peers/skip.ts';
import { CertificateLab, missingOpenssl, PASSPHRASE } from './certificate-lab.ts';

const missing = announceSkip('client certificates against OpenSSL', missingOpenssl());
const never = new AbortController().signal;

describe.skipIf(missing !== undefined)('client certificates made by OpenSSL', () => {
  const lab = missing === undefined ? new CertificateLab() : (undefined as unknown as CertificateLab);
  afterAll(() => lab.remove());
  if (missing === undefined) {
    lab.issue({ name: 'alice' });
    lab.issue({ name: 'strange', authority: 'stranger' });
    lab.issue({ name: 'expired', days: 0 });
    lab.issue({ name: 'web01', extensions: 'extendedKeyUsage=serverAuth' });
  }
  const open = (name: string): Promise<ClientCertificate> => readClientCertificate(lab.pfx(name), PASSPHRASE);

  describe('are read', () => {
    test.each([
      ['as OpenSSL 3 writes it', []],
      ['as OpenSSL 1 and Windows wrote it: RC2 for certificates, 3DES for the key', ['-legacy']],
      ['with 3DES alone', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
      ['with 3DES of two keys', ['-legacy', '-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-RC2-128']],
      ['with AES-128', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC', '-macalg', 'sha512']],
      ['with AES-192', ['-keypbe', 'AES-192-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'sha384']],
      ['with certificates in clear', ['-certpbe', 'NONE']],
      ['without a MAC', ['-nomac']],
    ])('from a PFX file %s', async (_, how) => {
      const pfx = lab.pfx('alice', ...how);
      const { username, chain, key } = await readClientCertificate(pfx, PASSPHRASE);
      expect(username).toBe('alice');
      expect(chain[0]?.checkPrivateKey(key)).toBe(true);
      await expect(readClientCertificate(pfx, 'wrong')).rejects.toThrow(
        expect.objectContaining({ kind: 'unauthenticated', message: expect.stringContaining('passphrase') }),
      );
    });

    test.each([
      ['AES-256 and SHA-256', ['-v2', 'aes-256-cbc']],
      ['3DES', ['-v2', 'des3']],
      ['the old way, 3DES', ['-v1', 'PBE-SHA1-3DES']],
      ['the old way, RC2', ['-v1', 'PBE-SHA1-RC2-40', '-provider', 'default', '-provider', 'legacy']],
      ['SHA-512', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512']],
      ['scrypt', ['-scrypt']],
      ['scrypt, with 32 MB', ['-scrypt', '-scrypt_N', '16384', '-scrypt_r', '15']],
    ])('from PEM with a key encrypted with %s', async (_, how) => {
      const pem = Buffer.concat([lab.read('alice.crt'), lab.lockedKey('alice', ...how)]);
      expect((await readClientCertificate(pem, PASSPHRASE)).username).toBe('alice');
      await expect(readClientCertificate(pem, 'wrong')).rejects.toThrow(
        expect.objectContaining({ kind: 'unauthenticated' }),
      );
    });

    test.each([['-legacy'], []])(
      'while other work has its turn, however often it is stretched %s',
      async (...how) => {
        const pfx = lab.pfx('alice', ...how.filter(Boolean), '-iter', '100000');
        let username = '';
        let pauses = 0;
        const pause = () => (pauses++, othersTurn());
        const turns = await turnsDuring(async () => {
          ({ username } = await readClientCertificate(pfx, PASSPHRASE, pause));
        });
        expect(username).toBe('alice');
        // Each 2,000 rounds, of which the MAC alone has 50 times as many; how long these take is the machine's matter.
        expect(pauses).toBeGreaterThanOrEqual(49);
        expect(turns).toBeGreaterThanOrEqual(pauses);
      },
    );

    test('not where it is stretched for minutes, and why is said', async () => {
      const pfx = lab.pfx('alice', '-legacy', '-iter', '2000000');
      await expect(readClientCertificate(pfx, PASSPHRASE)).rejects.toThrow('more than 600000 iterations');
    });

    test('not without a key, and why is said', async () => {
      await expect(readClientCertificate(lab.pfx('alice', '-nokeys'), PASSPHRASE)).rejects.toThrow(
        'not its private key',
      );
      await expect(readClientCertificate(lab.read('alice.crt'), '')).rejects.toThrow('not its private key');
      const mixed = Buffer.concat([lab.read('alice.crt'), lab.read('strange.key')]);
      await expect(readClientCertificate(mixed, '')).rejects.toThrow('not that of its certificate');
    });

    test('and refused by themselves where no computer would take them', async () => {
      const expired = await open('expired');
      expect(() => demandUsable(expired, Date.now())).toThrow(/expired expired on \d{4}-/);
      const web01 = await open('web01');
      expect(() => demandUsable(web01, Date.now())).toThrow('Client Authentication is not among');
      const alice = await open('alice');
      expect(() => demandUsable(alice, Date.now())).not.toThrow();
    });
  });

  const closing: (() => void)[] = [];
  afterEach(() => closing.splice(0).forEach((close) => close()));

  const at = (port: number, scheme: Endpoint['scheme'] = 'https'): Endpoint => ({
    scheme,
    hostname: 'localhost',
    port,
    path: '/wsman',
  });

  async function ask(port: number, certificate: ClientCertificate, options: ChannelOptions = {}) {
    const trustedRoots = [lab.read('authority.crt').toString()];
    const channel = openChannel(at(port), certificate, { trustedRoots, ...options });
    closing.push(() => channel.close());
    return { answer: await channel.post('<a/>', never), signIn: channel.signIn };
  }

  /** `openssl s_server` that wants a certificate; what it is told to say is its standard input. */
  async function sServer(...how: readonly string[]) {
    const port = await freePort();
    const server = spawn(
      'openssl',
      [
        ...[
          's_server',
          '-accept',
          String(port),
          '-cert',
          lab.at('localhost.crt'),
          '-key',
          lab.at('localhost.key'),
        ],
        ...['-CAfile', lab.at('authority.crt'), '-Verify', '2', '-verify_return_error', ...how],
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    closing.push(() => server.kill());
    let output = '';
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (piece) => (output += String(piece)));
    const says = async (pattern: RegExp) => {
      while (!pattern.test(output)) await once(server.stdout, 'data');
    };
    await says(/ACCEPT/);
    return { port, says, output: () => output, say: (text: string) => server.stdin.write(text) };
  }
  const OK = '<ok/>';
  const RESPONSE = `HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: ${OK.length}\r\n\r\n${OK}`;

  describe.each(['-tls1_2', '-tls1_3'])('openssl s_server %s', (version) => {
    test('is shown the certificate, told of it in the header, and of no password', async () => {
      const server = await sServer(version);
      const asked = ask(server.port, await open('alice'));
      await server.says(/<a\/>/);
      server.say(RESPONSE);
      const { answer, signIn } = await asked;
      expect(answer).toBe(OK);
      expect(server.output()).toMatch(/subject=CN ?= ?alice/);
      expect(server.output()).toContain(`Authorization: ${MUTUAL_TLS}`);
      expect(server.output()).toMatch(version === '-tls1_2' ? /CIPHER is ECDHE/ : /CIPHER is TLS_/);
      expect(signIn).toMatchObject({ scheme: 'Certificate', account: 'CN=alice', isBound: true });
    });

    test('refuses one of another authority with an alert, which is told', async () => {
      const { port } = await sServer(version);
      await expect(ask(port, await open('strange'))).rejects.toMatchObject({
        kind: 'unauthenticated',
        message: 'localhost did not accept the client certificate.',
        info: { detail: expect.stringContaining('ALERT'), causes: [expect.stringContaining('trust')] },
      });
    });

    test('that gets none says that it wants one', async () => {
      const { port } = await sServer(version);
      const channel = openChannel(
        at(port),
        { username: 'me', password: 'secret' },
        { authentication: 'Basic', trustedRoots: [lab.read('authority.crt').toString()] },
      );
      await expect(channel.post('<a/>', never)).rejects.toMatchObject({
        kind: version === '-tls1_2' ? 'protocol' : 'denied',
        info: { causes: expect.arrayContaining([expect.stringMatching(/certificate/)]) },
      });
      channel.close();
    });
  });

  type Answer = (request: IncomingMessage, response: ServerResponse) => void;

  async function nodeServer(
    answer: Answer,
    options: ServerOptions & { readonly [name: string]: unknown } = {},
  ) {
    const server = createServer(
      {
        ...{ key: lab.read('localhost.key'), cert: lab.read('localhost.crt'), ca: lab.read('authority.crt') },
        ...options,
      },
      answer,
    );
    closing.push(() => (server.closeAllConnections(), server.close()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  const shownTo = ({ socket }: IncomingMessage) => (socket as TLSSocket).getPeerCertificate().subject?.CN;
  const soap = (response: ServerResponse, text: string) => {
    response.setHeader('Content-Type', 'application/soap+xml;charset=UTF-8');
    response.end(text);
  };
  /** As http.sys: only once it has read who wants to sign in so, by a whole second handshake. */
  const LATE = {
    maxVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION | constants.SSL_OP_NO_TICKET,
  };
  const askLate = (request: IncomingMessage, then: () => void) =>
    (request.socket as TLSSocket).renegotiate({ requestCert: true, rejectUnauthorized: false }, then);

  test('a computer that asks for it in the middle of the connection, as Windows does, gets it', async () => {
    const shown: unknown[] = [];
    const port = await nodeServer((request, response) => {
      shown.push(shownTo(request), request.headers.authorization);
      if (shownTo(request) === undefined) askLate(request, () => soap(response, `<${shownTo(request)}/>`));
      else soap(response, '<again/>');
    }, LATE);
    const trustedRoots = [lab.read('authority.crt').toString()];
    const channel = openChannel(at(port), await open('alice'), { trustedRoots });
    expect(await channel.post('<a/>', never)).toBe('<alice/>');
    expect(await channel.post('<b/>', never)).toBe('<again/>');
    expect(shown).toEqual([undefined, MUTUAL_TLS, 'alice', MUTUAL_TLS]);
    channel.close();
  });

  test('one that then shows another certificate of its own is not listened to', async () => {
    lab.issue({ name: 'other', extensions: 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth' });
    const port = await nodeServer((request, response) => {
      const socket = request.socket as TLSSocket & { setKeyCert(context: unknown): void };
      socket.setKeyCert(createSecureContext({ key: lab.read('other.key'), cert: lab.read('other.crt') }));
      askLate(request, () => soap(response, '<ok/>'));
    }, LATE);
    await expect(ask(port, await open('alice'))).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test.each([
    [401, /mapped/],
    [403, /authority/],
  ])('HTTP %i says that the certificate was not accepted', async (status, cause) => {
    const port = await nodeServer((_, response) => response.writeHead(status).end(), { requestCert: true });
    await expect(ask(port, await open('alice'))).rejects.toMatchObject({
      kind: 'unauthenticated',
      message: 'localhost did not accept the client certificate.',
      info: { detail: `HTTP ${status}`, causes: expect.arrayContaining([expect.stringMatching(cause)]) },
    });
  });

  test('a computer that breaks the connection off instead of an answer is told apart from one that is gone', async () => {
    const port = await nodeServer((request) => request.socket.destroy(), { requestCert: true });
    await expect(ask(port, await open('alice'))).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('where it was shown the certificate'),
    });
  });

  test('what cannot work is said before anything is sent', async () => {
    let connections = 0;
    const server = createTcpServer(() => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    await expect(ask(port, await open('expired'))).rejects.toMatchObject({ kind: 'invalid' });
    await expect(ask(port, await open('web01'))).rejects.toMatchObject({ kind: 'invalid' });
    await expect(ask(port, await open('alice'), { authentication: 'Kerberos' })).rejects.toThrow(
      'Kerberos is chosen',
    );
    const plain = openChannel(at(port, 'http'), await open('alice'), {});
    await expect(plain.post('<a/>', never)).rejects.toThrow('signs in by TLS');
    expect(connections).toBe(0);
  });
});

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
