import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { afterEach, expect, test } from 'vitest';
import type { ConnectionOptions } from '../../shared/computer.ts';
import { openComputer, WinRMError } from './index.ts';

const servers: { close(): unknown; closeAllConnections(): void }[] = [];
afterEach(() => servers.splice(0).forEach((server) => (server.closeAllConnections(), server.close())));

/** Sends on to that place, or refuses everybody. */
async function serve(onTo?: string) {
  const own = await generate([{ name: 'commonName', value: 'web01' }], {
    keyType: 'ec',
    algorithm: 'sha256',
  });
  const server = createServer({ key: own.private, cert: own.cert }, (request, response) => {
    request.resume();
    response.writeHead(onTo === undefined ? 401 : 302, onTo === undefined ? {} : { Location: onTo }).end();
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is always of this form
  const sha256 = new X509Certificate(own.cert).fingerprint256.replaceAll(':', '').toLowerCase();
  return { port, sha256, url: `https://127.0.0.1:${port}/wsman` };
}

async function failureOf(port: number, options: ConnectionOptions): Promise<WinRMError> {
  const computer = openComputer({
    computerName: '127.0.0.1',
    endpoint: { scheme: 'https', hostname: '127.0.0.1', port, path: '/wsman' },
    options: { authentication: 'Basic', ...options },
    credential: { username: 'alice', password: 'x' },
    mayRedirect: () => true,
  });
  const error = await computer.list({}, { strict: false }).catch((reason: unknown) => reason);
  computer.close();
  if (error instanceof WinRMError) return error;
  throw error;
}

const UNCHECKED = { sessionOption: { skipCACheck: true, skipCNCheck: true } };

test('a pinned certificate is the computer’s own: the place that it redirects to need not show it', async () => {
  const end = await serve();
  const start = await serve(end.url);
  const pinned = { pinnedCertificate: start.sha256, ...UNCHECKED };
  expect(await failureOf(start.port, pinned)).toMatchObject({ kind: 'unauthenticated' });
});

test('what the other place shows is not handed on as a certificate to pin for the computer', async () => {
  const end = await serve();
  const start = await serve(end.url);
  const { kind, message, info } = await failureOf(start.port, { pinnedCertificate: start.sha256 });
  expect({ kind, message }).toEqual({
    kind: 'untrusted',
    message: expect.stringMatching(/^The place that it redirects to is not trusted\. /) as string,
  });
  expect(info).not.toHaveProperty('certificate');
});

test('another path of the same host and port is the computer itself', async () => {
  const start = await serve('/moved');
  const wrong = await failureOf(start.port, { pinnedCertificate: start.sha256 });
  expect(wrong.message).toMatch(/redirects to \S+\/…\. /); // both paths send on: it leads round in a circle
  const other = await failureOf(start.port, { pinnedCertificate: '0'.repeat(64) });
  expect(other.info.certificate?.sha256).toBe(start.sha256);
});
