import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../shared/computer.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { ChannelOptions } from '../../electron/winrm/transport/connection.ts';
import { missingAcceptor, startAcceptor } from '../peers/acceptor/acceptor.ts';
import { announceSkip } from '../peers/skip.ts';

const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const DAY = 86_400_000;
const never = new AbortController().signal;

interface Identity {
  readonly cert: string;
  readonly private: string;
}

/** A certificate for these names, signed by itself or by `ca`. */
async function certificate(
  names: readonly string[],
  {
    ca,
    fromDays = -1,
    days = 2,
    keyType,
    algorithm,
  }: {
    ca?: Identity;
    fromDays?: number;
    days?: number;
    keyType?: 'rsa' | 'ec';
    algorithm?: 'sha256' | 'sha384' | 'sha512';
  } = {},
): Promise<Identity> {
  const start = Date.now() + fromDays * DAY;
  return await generate([{ name: 'commonName', value: names[0] ?? 'authority' }], {
    notBeforeDate: new Date(start),
    notAfterDate: new Date(start + days * DAY),
    keySize: 2048,
    ...(keyType && { keyType }),
    ...(algorithm && { algorithm }),
    ...(ca && { ca: { cert: ca.cert, key: ca.private } }),
    extensions: [
      { name: 'basicConstraints', cA: names.length === 0, critical: true },
      ...(names.length > 0
        ? [
            {
              name: 'subjectAltName' as const,
              altNames: names.map((name) =>
                /^[\d.]+$/.test(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
              ),
            },
          ]
        : []),
    ],
  });
}

const pinOf = ({ cert }: Identity) =>
  new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase();

const authority = await certificate([]);
const good = await certificate(['localhost', '127.0.0.1'], { ca: authority });
const otherName = await certificate(['web99.lab.test'], { ca: authority });
const expired = await certificate(['localhost'], { ca: authority, fromDays: -10, days: 5 });
const selfSigned = await certificate(['localhost']);
const selfSignedOtherName = await certificate(['web99.lab.test']);
const selfSignedExpired = await certificate(['localhost'], { fromDays: -10, days: 5 });

const servers: { close(): void; closeAllConnections(): void }[] = [];
afterEach(() => servers.splice(0).forEach((server) => (server.closeAllConnections(), server.close())));

/** Answers everything that gets through TLS, and counts it. */
async function listen(identity: Identity, options: { maxVersion?: 'TLSv1.1' } = {}) {
  let requests = 0;
  const server = createServer(
    {
      key: identity.private,
      cert: identity.cert,
      ...options,
      ...(options.maxVersion && { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    },
    (_, response) => {
      requests++;
      response.setHeader('Content-Type', 'application/soap+xml;charset=UTF-8');
      response.end('<ok/>');
    },
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, requests: () => requests };
}

const at = (port: number, hostname = 'localhost'): Endpoint => ({
  scheme: 'https',
  hostname,
  port,
  path: '/wsman',
});
const ROOTS = { trustedRoots: [authority.cert] };

async function ask(endpoint: Endpoint, options: ChannelOptions): Promise<string> {
  const channel = openChannel(endpoint, LOGIN, { authentication: 'Basic', ...options });
  try {
    return await channel.post('<a/>', never);
  } finally {
    channel.close();
  }
}

describe('a certificate', () => {
  test.each<[string, Identity, ChannelOptions]>([
    ['signed by a known authority, for that name', good, ROOTS],
    ['self-signed, but pinned', selfSigned, { pinnedCertificate: pinOf(selfSigned) }],
    ['pinned, though expired and for another name', expired, { pinnedCertificate: pinOf(expired) }],
    ['self-signed, with SkipCACheck', selfSigned, { skipCACheck: true }],
    ['for another name, with SkipCNCheck', otherName, { ...ROOTS, skipCNCheck: true }],
    [
      'self-signed and for another name, with both',
      selfSignedOtherName,
      { skipCACheck: true, skipCNCheck: true },
    ],
  ])('%s is taken', async (_, identity, options) => {
    const server = await listen(identity);
    expect(await ask(at(server.port), options)).toBe('<ok/>');
  });

  test.each<[string, Identity, ChannelOptions, RegExp]>([
    ['signed by nobody known', good, {}, /signed by nobody/],
    ['self-signed', selfSigned, {}, /signed by nobody/],
    ['self-signed, with SkipCNCheck alone', selfSigned, { skipCNCheck: true }, /signed by nobody/],
    ['for another name', otherName, ROOTS, /made out to web99\.lab\.test/],
    ['for another name, with SkipCACheck alone', selfSignedOtherName, { skipCACheck: true }, /made out to/],
    ['expired', expired, ROOTS, /expired on/],
    ['expired, with both skips', selfSignedExpired, { skipCACheck: true, skipCNCheck: true }, /expired on/],
    [
      'other than the pinned one, though trusted',
      good,
      { ...ROOTS, pinnedCertificate: pinOf(selfSigned) },
      /another certificate/,
    ],
  ])('%s is refused before anything is said', async (_, identity, options, sentence) => {
    const server = await listen(identity);
    await expect(ask(at(server.port), options)).rejects.toMatchObject({
      kind: 'untrusted',
      message: expect.stringMatching(sentence),
      info: { faultCode: 12175, certificate: { sha256: pinOf(identity), names: expect.any(Array) } },
    });
    expect(server.requests()).toBe(0);
  });

  test('is compared with an address, too', async () => {
    const server = await listen(good);
    expect(await ask(at(server.port, '127.0.0.1'), ROOTS)).toBe('<ok/>');
    const named = await listen(await certificate(['localhost'], { ca: authority }));
    await expect(ask(at(named.port, '127.0.0.1'), ROOTS)).rejects.toMatchObject({ kind: 'untrusted' });
  });

  test('that is not checked is warned of at every connection', async () => {
    const server = await listen(selfSigned);
    const warnings: string[] = [];
    const options = {
      skipCACheck: true,
      skipCNCheck: true,
      onWarning: (sentence: string) => warnings.push(sentence),
    };
    await ask(at(server.port), options);
    await ask(at(server.port), options);
    expect(warnings.map((sentence) => /Skip\w+/.exec(sentence)?.[0])).toEqual([
      'SkipCACheck',
      'SkipCNCheck',
      'SkipCACheck',
      'SkipCNCheck',
    ]);
  });
});

test('a port that speaks no TLS, and one that speaks only an old one, are told apart', async () => {
  const old = await listen(good, { maxVersion: 'TLSv1.1' });
  await expect(ask(at(old.port), ROOTS)).rejects.toMatchObject({
    kind: 'protocol',
    message: expect.stringContaining('1.2 is the least'),
  });
  const { createServer: createPlain } = await import('node:http');
  const plain = createPlain((_, response) => response.end());
  servers.push(plain);
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  await expect(ask(at((plain.address() as AddressInfo).port), ROOTS)).rejects.toMatchObject({
    kind: 'protocol',
    message: expect.stringContaining('does not speak TLS'),
  });
});

const missing = announceSkip('channel binding against gss-ntlmssp', missingAcceptor());

describe.skipIf(missing !== undefined)('NTLM over TLS, bound to the certificate, against gss-ntlmssp', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tls-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, identity: Identity) => {
    const pem = path.join(folder, `${name}.pem`);
    writeFileSync(pem, `${identity.cert}\n${identity.private}\n`, { mode: 0o600 });
    return pem;
  };
  const shown = file('shown', good);

  async function signIn(args: readonly string[], options: ChannelOptions = ROOTS) {
    const peer = await startAcceptor([{ domain: 'LAB', username: 'alice', password: 'Passw0rd!' }], ...args);
    const channel = openChannel(at(peer.port), LOGIN, options);
    const answers = await Promise.allSettled([channel.post('<a/>', never), channel.post('<b/>', never)]);
    channel.close();
    await peer.stop();
    return { answers, events: peer.events.map(({ event }) => event) };
  }
  const answered = [
    { status: 'fulfilled', value: '<a/>' },
    { status: 'fulfilled', value: '<b/>' },
  ];

  test.each(['sha256', 'sha384', 'sha512'] as const)(
    'a right binding is taken, %s; the first body rides with the proof, and none is sealed',
    async (algorithm) => {
      const pem = file(algorithm, await certificate(['localhost'], { ca: authority, algorithm }));
      const { answers, events } = await signIn([
        '--certificate',
        pem,
        '--bound-to',
        pem,
        '--bound-hash',
        algorithm,
      ]);
      expect(answers).toEqual(answered);
      expect(events.slice(0, 5)).toEqual(['token', 'token', 'signed in', 'plain', 'plain']);
    },
  );

  test('a binding to a certificate signed with an elliptic curve is taken', async () => {
    const identity = await certificate(['localhost'], { keyType: 'ec' });
    const pem = file('ec', identity);
    const { answers } = await signIn(['--certificate', pem, '--bound-to', pem], {
      pinnedCertificate: pinOf(identity),
    });
    expect(answers).toEqual(answered);
  });

  test('a binding to another certificate is refused', async () => {
    const other = file('other', selfSigned);
    const { answers, events } = await signIn(['--certificate', shown, '--bound-to', other]);
    expect(answers).toMatchObject([
      { reason: { kind: 'unauthenticated' } },
      { reason: { kind: 'unauthenticated' } },
    ]);
    expect(events.slice(0, 3)).toEqual(['token', 'token', 'refused']);
  });

  test('an acceptor that asks for no binding takes the sign-in as well', async () => {
    expect((await signIn(['--certificate', shown])).answers).toEqual(answered);
  });
});
