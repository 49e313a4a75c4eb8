import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, test } from 'vitest';
import { OPEN_PEM } from '../auth/client-certificate-fixture.ts';
import { readClientCertificate } from '../auth/read-client-certificate.ts';
import type { ChannelOptions } from './connection.ts';
import { openProbe } from './open-probe.ts';

const DAY_MS = 86_400_000;
const never = new AbortController().signal;
const opened: { close(): unknown }[] = [];
afterEach(() => opened.splice(0).forEach((one) => one.close()));

const HOW = { keyType: 'ec', algorithm: 'sha256' } as const;

/** A TLS server with a certificate for that name, signed by an authority of its own that it shows, too. */
async function serverOf(name: string, notAfterDate = new Date(Date.now() + DAY_MS)) {
  const authority = await generate([{ name: 'commonName', value: 'Lab CA' }], {
    ...HOW,
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  });
  const own = await generate([{ name: 'commonName', value: name }], {
    ...HOW,
    notBeforeDate: new Date(Date.now() - 10 * DAY_MS),
    notAfterDate,
    ca: { cert: authority.cert, key: authority.private },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  const asking = { requestCert: true, rejectUnauthorized: false };
  const server = createServer({ key: own.private, cert: `${own.cert}\n${authority.cert}`, ...asking });
  const clients: unknown[] = [];
  server.on('secureConnection', (socket) => clients.push(socket.getPeerCertificate().subject?.CN));
  opened.push(server.listen(0, 'localhost'));
  await new Promise((resolve) => server.once('listening', resolve));
  return { authority: authority.cert, clients, port: (server.address() as AddressInfo).port };
}

async function shown(port: number, options: ChannelOptions) {
  const probe = openProbe({ scheme: 'https', hostname: 'localhost', port, path: '/wsman' }, options);
  opened.push(probe);
  await probe.connect(never);
  return probe.secure(never);
}

test('a whole chain is shown, the computer’s own certificate first, and nothing is wrong with it', async () => {
  const { authority, port } = await serverOf('localhost');
  const { chain, refusal, protocol } = await shown(port, { trustedRoots: [authority] });
  expect(chain.map(({ subject, issuer }) => [subject, issuer])).toEqual([
    ['CN=localhost', 'CN=Lab CA'],
    ['CN=Lab CA', 'CN=Lab CA'],
  ]);
  expect({ refusal, protocol }).toEqual({ refusal: undefined, protocol: 'TLSv1.3' });
});

test.each<[string, string, ChannelOptions, Date | undefined, string]>([
  ['another name', 'web99.lab.test', {}, undefined, 'shows is made out to web99.lab.test.'],
  ['an end in the past', 'localhost', {}, new Date(Date.now() - DAY_MS), 'expired on'],
  [
    'another pin',
    'localhost',
    { pinnedCertificate: 'ab'.repeat(32) },
    undefined,
    'than the one that is pinned.',
  ],
])('%s is told, with the chain all the same', async (_, name, options, end, sentence) => {
  const { authority, port } = await serverOf(name, end);
  const { chain, refusal } = await shown(port, { trustedRoots: [authority], ...options });
  expect(refusal?.message).toContain(sentence);
  expect(chain).toHaveLength(2);
});

test('nobody known signed it: the chain ends where it is not shown any further', async () => {
  const { port } = await serverOf('localhost');
  const { chain, refusal } = await shown(port, {});
  expect(refusal?.message).toContain('signed by nobody that this machine knows');
  expect(chain[0]?.subject).toBe('CN=localhost');
});

describe('a client certificate', () => {
  const opened = readClientCertificate(Buffer.from(OPEN_PEM), '');

  test('is shown to no computer whose own is not trusted', async () => {
    const { port, clients } = await serverOf('localhost');
    const { chain, refusal } = await shown(port, { clientCertificate: await opened });
    expect(refusal?.kind).toBe('untrusted');
    expect(chain[0]?.subject).toBe('CN=localhost');
    expect(clients).not.toContain('alice');
  });

  test('is shown to one that is trusted, on a connection of its own', async () => {
    const { authority, port, clients } = await serverOf('localhost');
    const { refusal } = await shown(port, { clientCertificate: await opened, trustedRoots: [authority] });
    expect(refusal).toBeUndefined();
    expect(clients.at(-1)).toBe('alice');
  });
});
