import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeIdentity } from '../../simulator/listen.ts';
import { diagnoseComputer, WinRMError } from '../index.ts';
import { openChannel } from './connection.ts';
import { closeRawServers, rawServer, requestServer } from './raw-server-fixture.ts';

const LOGIN = { username: 'alice', password: 'Passw0rd!' };
const never = new AbortController().signal;
const opened: { close(): unknown }[] = [];

afterEach(() => {
  closeRawServers();
  for (const one of opened.splice(0)) one.close();
});

/** What a first question fails with. */
async function failure(
  port: number,
  scheme: 'http' | 'https',
  authentication: 'Negotiate' | 'Basic' = 'Negotiate',
) {
  const endpoint = { scheme, hostname: '127.0.0.1', port, path: '/wsman' } as const;
  const channel = openChannel(endpoint, LOGIN, { authentication, allowBasicOverHttp: true });
  const error: unknown = await channel.post('<x/>', never).catch((one: unknown) => one);
  channel.close();
  if (!(error instanceof WinRMError)) throw new Error('It did not fail.');
  return { message: error.message, remedy: error.info.remedy, causes: error.info.causes };
}

test('one that breaks off in the TLS handshake was asked nothing', async () => {
  const { port } = await rawServer((socket) => socket.on('data', () => socket.destroy()));
  expect(await failure(port, 'https')).toMatchObject({
    message: '127.0.0.1 broke the connection off before TLS stood.',
    remedy: { text: 'Try again: nothing was asked of it yet.' },
  });
});

test('one that breaks off under a token of the sign-in was asked nothing', async () => {
  const { endpoint } = await requestServer((socket) => socket.destroy());
  expect(await failure(endpoint.port, 'http')).toMatchObject({
    message: '127.0.0.1 broke the connection off before it had let the account in.',
    remedy: { text: 'Try again: nothing was asked of it yet but the sign-in.' },
  });
});

test('one that breaks off under a request may have carried it out', async () => {
  const { endpoint } = await requestServer((socket) => socket.destroy());
  expect(await failure(endpoint.port, 'http', 'Basic')).toMatchObject({
    remedy: { text: expect.stringContaining('may or may not') as string },
  });
});

test('a port that speaks TLS is known by its alert, also by diagnostics', async () => {
  // The record of an alert that OpenSSL sends to HTTP: fatal, protocol_version.
  const alert = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]);
  const { port } = await rawServer((socket) => socket.on('data', () => socket.end(alert)));
  const sentence = `127.0.0.1 speaks TLS on port ${port}, and was asked without.`;
  expect(await failure(port, 'http')).toMatchObject({ message: sentence, remedy: { command: '-UseSSL' } });
  const options = { port, authentication: 'Negotiate' } as const;
  const found = await diagnoseComputer({ computerName: '127.0.0.1', credential: LOGIN, options }, never);
  expect(found.rungs.find(({ verdict }) => verdict === 'failed')).toMatchObject({ name: 'offers', sentence });
});

test('OpenSSL closes without a word, so that it may be one is told as a guess', async () => {
  const { key, certificate: cert } = await makeIdentity(['127.0.0.1']);
  const server = createServer({ key, cert }).on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  opened.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { causes } = await failure(port, 'http');
  expect(causes).toContain(`Port ${port} speaks TLS: then ask it over https, at the prompt with -UseSSL.`);
});
