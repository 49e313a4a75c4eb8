import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { readClientCertificate } from '../auth/read-client-certificate.ts';
import { OPEN_PEM, SHA1_PEM } from '../auth/client-certificate-fixture.ts';
import type { ClientCertificate } from '../auth/client-certificate.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { closeRawServers, rawServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const never = new AbortController().signal;
const readPem = (pem: string) => readClientCertificate(Buffer.from(pem), '');

/** Asks a server that does with each connection what it likes; how often it was asked. */
async function ask(
  credential: ClientCertificate | { readonly username: string; readonly password: string },
  connected: (socket: Socket, connection: number) => void,
  options: ChannelOptions = {},
) {
  let connections = 0;
  const endpoint = await rawServer((socket) => connected(socket, ++connections));
  const channel = openChannel({ ...endpoint, scheme: 'https' }, credential, options);
  const outcome = await channel.post('<a/>', never).catch((error: unknown) => error);
  channel.close();
  return { outcome, connections };
}

test('a certificate that the TLS of this machine does not load is told as that, before a connection is made', async () => {
  const { outcome, connections } = await ask(await readPem(SHA1_PEM), () => undefined);
  expect(outcome).toMatchObject({
    kind: 'invalid',
    message: 'The TLS of this machine does not take the certificate of carol.',
    info: { detail: 'ERR_SSL_CA_MD_TOO_WEAK', causes: [expect.stringContaining('SHA-1')] },
  });
  expect(connections).toBe(0);
});

const PASSWORD = { username: 'alice', password: 'Passw0rd!' };
/** TLS alerts, fatal. */
const HANDSHAKE_FAILURE = Buffer.from([21, 3, 3, 0, 2, 2, 40]);
const PROTOCOL_VERSION = Buffer.from([21, 3, 3, 0, 2, 2, 70]);
/** Whether TLS 1.3 is among what a hello offers (supported_versions). */
const offersNew = (hello: Buffer) => hello.includes(Buffer.from([0x00, 0x2b, 0x00]));

describe('with a client certificate TLS 1.3 is offered, after 1.2, to a computer that', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['says that it speaks no 1.2', (socket) => socket.end(PROTOCOL_VERSION)],
    ['says that nothing is in common', (socket) => socket.end(HANDSHAKE_FAILURE)],
    ['closes the connection without a word', (socket) => socket.end()],
    ['resets it without a word', (socket) => socket.resetAndDestroy()],
  ])('%s', async (_, answer) => {
    const offered: boolean[] = [];
    await ask(await readPem(OPEN_PEM), (socket) =>
      socket.once('data', (hello: Buffer) => {
        offered.push(offersNew(hello));
        answer(socket);
      }),
    );
    expect(offered).toEqual([false, true]);
  });
});

test('who has a password is told of ciphers first where nothing is in common, and asked once', async () => {
  const { outcome, connections } = await ask(PASSWORD, (socket) =>
    socket.once('data', () => socket.end(HANDSHAKE_FAILURE)),
  );
  expect(outcome).toMatchObject({
    kind: 'protocol',
    message: '127.0.0.1 broke off the TLS handshake.',
    info: {
      errorId: 'CannotConnect',
      causes: [expect.stringContaining('cipher'), 'It wants a client certificate.'],
      remedy: { command: 'Get-TlsCipherSuite' },
    },
  });
  expect(connections).toBe(1);
});

test('the second connection has what the first has left of OpenTimeout', async () => {
  const [openTimeoutMs, firstMs] = [2_000, 1_500];
  const started = performance.now();
  const { outcome, connections } = await ask(
    await readPem(OPEN_PEM),
    (socket, connection) => {
      if (connection === 1) setTimeout(() => socket.end(PROTOCOL_VERSION), firstMs);
    },
    { openTimeoutMs },
  );
  expect(outcome).toMatchObject({ message: expect.stringContaining('said nothing of TLS') });
  expect(connections).toBe(2);
  // Twice would be the 1.5 s and another 2 s.
  expect(performance.now() - started).toBeLessThan(firstMs + openTimeoutMs - 500);
});
