import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../shared/computer.ts';
import { openComputer } from '../../electron/winrm/index.ts';
import { openChannel } from '../../electron/winrm/transport/connection.ts';
import type { ChannelOptions } from '../../electron/winrm/transport/connection.ts';
import { missingHttpbin, startHttpbin } from '../peers/digest/httpbin.ts';
import {
  APACHE_ECHO,
  missingApache,
  missingLighttpd,
  startApache,
  startLighttpd,
} from '../peers/digest/web-servers.ts';
import type { Seen, WebServer, WebServerOptions } from '../peers/digest/web-servers.ts';
import { announceSkip } from '../peers/skip.ts';
import { startSimulator } from './simulator.ts';

const ALICE = { username: 'LAB\\alice', password: 'Passw0rd!' };
const REALM = 'WSMAN of lab';
const DIGEST: ChannelOptions = { authentication: 'Digest', noEncryption: true };
const never = new AbortController().signal;
const at = (port: number, path = '/wsman'): Endpoint => ({
  scheme: 'http',
  hostname: '127.0.0.1',
  port,
  path,
});
const field = ({ authorization }: Pick<Seen, 'authorization'>, name: string) =>
  new RegExp(`[ ,]${name}=\\\\?"?([^",\\\\]*)`).exec(authorization)?.[1];

const missing = {
  apache: announceSkip('Digest against Apache httpd', missingApache()),
  lighttpd: announceSkip('Digest against lighttpd', missingLighttpd()),
  httpbin: announceSkip('Digest against httpbin', missingHttpbin()),
};

/** Gives every body back as SOAP, without asking who sends it: that is done in front of it. */
let echo: Server;
let echoPort: number;
beforeAll(async () => {
  echo = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () =>
      response
        .writeHead(200, { 'Content-Type': 'application/soap+xml;charset=UTF-8' })
        .end(Buffer.concat(pieces)),
    );
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  echoPort = (echo.address() as AddressInfo).port;
});
afterAll(() => void echo.close());

const opened: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const peer of opened.splice(0)) await peer.stop();
});

const kinds: readonly [
  name: string,
  missing: string | undefined,
  start: (options: WebServerOptions) => Promise<WebServer>,
  options: Partial<WebServerOptions>,
  algorithm: string,
][] = [
  ['Apache, MD5', missing.apache, startApache, {}, 'MD5'],
  ['lighttpd, MD5', missing.lighttpd, startLighttpd, { algorithm: 'MD5' }, 'MD5'],
  ['lighttpd, SHA-256', missing.lighttpd, startLighttpd, { algorithm: 'SHA-256' }, 'SHA-256'],
  [
    'lighttpd, userhash',
    missing.lighttpd,
    startLighttpd,
    { algorithm: 'SHA-256', userhash: true },
    'SHA-256',
  ],
];

describe.each(kinds)('Digest against %s', (_, absent, start, options, algorithm) => {
  const serve = async (more: Partial<WebServerOptions> = {}) => {
    const server = await start({ account: ALICE, realm: REALM, backend: echoPort, ...options, ...more });
    opened.push(server);
    return server;
  };

  test.skipIf(absent)('signs in, and counts its proofs on one connection', async () => {
    const server = await serve();
    const channel = openChannel(at(server.port), ALICE, DIGEST);
    for (const soap of ['<a/>', '<ä>密😀</ä>', 'x'.repeat(1_000_000)]) {
      expect((await channel.post(soap, never)) === soap).toBe(true);
    }
    channel.close();
    const seen = await server.stop();
    expect(seen.map(({ status }) => status)).toEqual([401, 200, 200, 200]);
    expect(seen.slice(1).map((one) => field(one, 'nc'))).toEqual(['00000001', '00000002', '00000003']);
    expect(field(seen[1] ?? { authorization: '' }, 'algorithm')).toBe(algorithm);
  });

  test.skipIf(absent)(
    'a wrong password and an unknown user are refused, and tried exactly once',
    async () => {
      const server = await serve();
      for (const credential of [
        { ...ALICE, password: 'passw0rd!' },
        { ...ALICE, username: 'LAB\\mallory' },
      ]) {
        const channel = openChannel(at(server.port), credential, DIGEST);
        for (const soap of ['<a/>', '<b/>']) {
          await expect(channel.post(soap, never)).rejects.toMatchObject({ kind: 'unauthenticated' });
        }
        channel.close();
      }
      expect((await server.stop()).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    },
  );

  test.skipIf(absent).each([
    ['alice', 'Passw0rd!'],
    ['LAB\\al"ice', 'pä"ss\\:'],
    ['zoë', 'pässwörd'],
    ['密\\ 😀', '密 €'],
  ])(
    'the account %s signs in, or is refused where its letters cannot be spelt',
    async (username, password) => {
      const account = { username, password };
      const server = await serve({ account });
      const channel = openChannel(at(server.port), account, DIGEST);
      const answer = channel.post('<a/>', never);
      if (start === startApache && /[^\x00-\xff]/.test(username)) {
        await expect(answer).rejects.toMatchObject({ kind: 'invalid' });
      } else expect(await answer).toBe('<a/>');
      channel.close();
    },
  );
});

describe.skipIf(missing.apache)('Digest against Apache', () => {
  const serve = async (options: Partial<WebServerOptions>) => {
    const server = await startApache({ account: ALICE, realm: REALM, backend: echoPort, ...options });
    opened.push(server);
    return server;
  };

  test('a nonce that is good for one request is replaced, once a request, and nobody is refused', async () => {
    const server = await serve({ nonceLifetime: 0 });
    const heard: string[] = [];
    const channel = openChannel(at(server.port), ALICE, {
      ...DIGEST,
      beforeLogin: async () => ({
        taken: () => void heard.push('taken'),
        refused: () => void heard.push('refused'),
        ended: () => undefined,
      }),
    });
    for (const soap of ['<a/>', '<b/>', '<c/>']) expect(await channel.post(soap, never)).toBe(soap);
    channel.close();
    const seen = await server.stop();
    expect(seen.map(({ status }) => status)).toEqual([401, 200, 401, 200, 401, 200]);
    expect(heard).toEqual(['taken', 'taken', 'taken']);
  });

  test('its own proof holds, and the next nonce that it names is taken without a round trip', async () => {
    // Less than half a minute before its end Apache names the next one.
    const server = await serve({ nonceLifetime: 20 });
    const channel = openChannel(at(server.port, APACHE_ECHO), ALICE, DIGEST);
    for (const soap of ['<a/>', '<b/>', '<c/>']) expect(await channel.post(soap, never)).toBe(soap);
    channel.close();
    const seen = await server.stop();
    expect(seen.map(({ status }) => status)).toEqual([401, 200, 200, 200]);
    expect(new Set(seen.slice(1).map((one) => field(one, 'nonce'))).size).toBe(3);
    for (const { info } of seen.slice(1)) expect(info).toContain('rspauth');
  });

  test('a computer behind it is listed like any other', async () => {
    const simulator = await startSimulator();
    opened.push(simulator);
    const basic = Buffer.from(`${simulator.account.username}:${simulator.account.password}`).toString(
      'base64',
    );
    const server = await serve({ backend: simulator.port, backendAuthorization: `Basic ${basic}` });
    const computer = openComputer({
      computerName: '127.0.0.1',
      options: { port: server.port, authentication: 'Digest', sessionOption: { noEncryption: true } },
      credential: ALICE,
    });
    expect((await computer.identify()).protocolVersion).toContain('wsman');
    expect((await computer.list({}, { strict: true })).sessions).toEqual([]);
    computer.close();
  });
});

describe.skipIf(missing.httpbin)('Digest against httpbin', () => {
  test.each([
    ['MD5', 'auth'],
    ['MD5', 'auth-int'],
    ['SHA-256', 'auth'],
    ['SHA-256', 'auth-int'],
  ])('%s and %s: every body is proven as httpbin reckons it', async (algorithm, qop) => {
    const server = await startHttpbin(ALICE.password);
    opened.push(server);
    const channel = openChannel(at(server.port, `/${algorithm}/${qop}`), ALICE, DIGEST);
    for (const soap of ['<a/>', '<ä>密😀</ä>', 'x'.repeat(100_000)]) {
      expect((await channel.post(soap, never)) === soap).toBe(true);
    }
    channel.close();
    const wrong = openChannel(at(server.port, `/${algorithm}/${qop}`), { ...ALICE, password: 'x' }, DIGEST);
    await expect(wrong.post('<a/>', never)).rejects.toMatchObject({ kind: 'unauthenticated' });
    wrong.close();
    await server.stop();
    expect(server.requests.map(({ proven }) => proven)).toEqual([false, true, true, true, false, false]);
  });
});
