import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import type { ConnectionOptions } from '../../../shared/computer.ts';
import type { Diagnosis, RungName } from '../../../shared/diagnosis.ts';
import { verdictWord } from '../../../shared/diagnosis.ts';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../../simulator/listen.ts';
import { listeningComputers } from '../../simulator/listening-computers.ts';
import { diagnoseComputer } from '../index.ts';
import { closeRawServers, rawServer } from '../transport/raw-server-fixture.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!', owner: 'LAB\\alice', isAdministrator: true };
const never = new AbortController().signal;
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  closeRawServers();
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function listen(scheme: 'http' | 'https') {
  const identity = scheme === 'https' ? { identity: await makeIdentity(['127.0.0.1']) } : {};
  const listener = new SimulatorListener({ accounts: [ACCOUNT], ...identity });
  opened.push(listener);
  const computer = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS)[0]!();
  const { port } = await listener.open(computer, { address: '127.0.0.1', port: 0 });
  return { listener, port };
}

/** A proxy that answers each head with what it is told to; `undefined` leads on to where the head says. */
async function proxyThat(answer: (head: string, connection: number) => string | undefined) {
  const heads: string[] = [];
  let connections = 0;
  const { port } = await rawServer((socket) => {
    const connection = ++connections;
    socket.once('data', (piece) => {
      const head = piece.toString('latin1').split('\r\n\r\n')[0] ?? '';
      heads.push(head.split('\r\n')[0] ?? '');
      const text = answer(head, connection);
      if (text === undefined) lead(socket, head);
      else socket.end(text);
    });
  });
  for (const name of ['http_proxy', 'https_proxy']) vi.stubEnv(name, `http://127.0.0.1:${port}`);
  vi.stubEnv('no_proxy', '');
  return { port, heads, count: () => connections };
}

function lead(socket: Socket, head: string): void {
  const port = Number(/^CONNECT [^:]+:(\d+) /.exec(head)?.[1]);
  const onward = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  socket.on('close', () => onward.destroy());
}

const run = (port: number, options: ConnectionOptions = {}): Promise<Diagnosis> =>
  diagnoseComputer(
    {
      computerName: '127.0.0.1',
      credential: { username: ACCOUNT.username, password: ACCOUNT.password },
      proxyCredential: { username: 'paul', password: 'pr0xy' },
      options: {
        port,
        authentication: 'Negotiate',
        ...options,
        sessionOption: { proxyAccessType: 'IEConfig', skipCACheck: true, ...options.sessionOption },
      },
    },
    never,
  );

const verdicts = ({ rungs }: Diagnosis) =>
  rungs.map((rung) => `${rung.name} ${verdictWord(rung)}`).join(', ');
const rung = ({ rungs }: Diagnosis, name: RungName) => rungs.find((one) => one.name === name)!;

test('a proxy leads to a computer with TLS: each step goes through it', async () => {
  const { listener, port } = await listen('https');
  const proxy = await proxyThat(() => undefined);
  const found = await run(port, { useSSL: true });
  expect(verdicts(found)).toBe(
    'proxy passed, name skipped, port passed, tls warning, offers passed, signIn passed, identify passed, list passed',
  );
  expect(rung(found, 'proxy').sentence).toBe(`127.0.0.1, port ${proxy.port}, took the connection.`);
  expect(rung(found, 'name').sentence).toBe('The proxy looks up 127.0.0.1.');
  expect(rung(found, 'port').sentence).toBe(`The proxy leads to 127.0.0.1, port ${port}.`);
  // The steps before the sign-in on one connection, the client's own on another.
  expect(proxy.heads).toEqual(Array(2).fill(`CONNECT 127.0.0.1:${port} HTTP/1.1`));
  expect(listener.counts).toMatchObject({ connections: 2, logins: 1 });
});

test('where this system names none for the computer it is asked directly, and that is said', async () => {
  const { port } = await listen('http');
  const proxy = await proxyThat(() => undefined);
  vi.stubEnv('no_proxy', '127.0.0.1');
  const found = await run(port);
  expect(rung(found, 'proxy')).toMatchObject({
    verdict: 'skipped',
    sentence: 'This system names none for it, so it is asked directly.',
  });
  expect(rung(found, 'port').sentence).toBe('127.0.0.1 took the connection.');
  expect(rung(found, 'list').verdict).toBe('ok');
  expect(proxy.count()).toBe(0);
});

test('without a way to find a proxy there is no such step', async () => {
  const { port } = await listen('http');
  const proxy = await proxyThat(() => undefined);
  const found = await run(port, { sessionOption: { proxyAccessType: 'NoProxyServer' } });
  expect(verdicts(found)).toMatch(/^name skipped, port passed/);
  expect(proxy.count()).toBe(0);
});

test('a proxy that is not there ends it, and the computer is not asked past it', async () => {
  const { listener, port } = await listen('https');
  vi.stubEnv('https_proxy', 'http://127.0.0.1:9');
  vi.stubEnv('no_proxy', '');
  const found = await run(port, { useSSL: true });
  expect(verdicts(found)).toMatch(/^proxy failed, name not reached, port not reached/);
  expect(rung(found, 'proxy')).toMatchObject({
    sentence: 'The proxy 127.0.0.1, port 9, cannot be reached.',
    remedy: { text: 'Ask without a proxy: ProxyAccessType NoProxyServer.' },
  });
  expect(listener.counts.connections).toBe(0);
});

test('what this system does not have is told at the proxy', async () => {
  const found = await run(5985, { sessionOption: { proxyAccessType: 'WinHttpConfig' } });
  expect(rung(found, 'proxy')).toMatchObject({ verdict: 'failed', error: { kind: 'invalid' } });
});

test.each([
  ['HTTP/1.1 403 No', 'does not lead to 127.0.0.1', 'lets nobody through to this port'],
  ['HTTP/1.1 503 Away', 'does not lead to 127.0.0.1', 'switched off'],
  ['HTTP/1.1 407 Who', 'does not take Negotiate', undefined],
  ['SSH-2.0-OpenSSH', 'does not answer as a proxy does', undefined],
])('a proxy that answers CONNECT with %s is told at the port', async (first, sentence, cause) => {
  const proxy = await proxyThat(() => `${first}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  const found = await run(5986, { useSSL: true });
  expect(verdicts(found)).toMatch(/^proxy passed, name skipped, port failed, tls not reached/);
  expect(rung(found, 'port').sentence).toContain(sentence);
  expect(rung(found, 'port').remedy).toBeDefined();
  if (cause) expect(rung(found, 'port').error?.causes?.join()).toContain(cause);
  expect(proxy.count()).toBe(1);
});

const CHALLENGE =
  'HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm="p", nonce="n", qop="auth"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
const BY_DIGEST = { useSSL: true, sessionOption: { proxyAuthentication: 'Digest' } } as const;

test('its own account is proven to it, on another connection where it closes the first', async () => {
  const { port } = await listen('https');
  const proxy = await proxyThat((head) => (head.includes('username="paul"') ? undefined : CHALLENGE));
  const found = await run(port, BY_DIGEST);
  expect(rung(found, 'port').verdict).toBe('ok');
  expect(rung(found, 'list').verdict).toBe('ok');
  expect(proxy.count()).toBe(4);
});

test('an account that the proxy refuses is shown once', async () => {
  const proxy = await proxyThat(() => CHALLENGE);
  const found = await run(5986, BY_DIGEST);
  expect(rung(found, 'port')).toMatchObject({
    verdict: 'failed',
    sentence: expect.stringContaining('did not accept the account of ProxyCredential') as string,
    remedy: { text: expect.stringContaining('Check ProxyCredential') as string },
  });
  expect(proxy.count()).toBe(2);
});

test('over http a proxy passes requests on, and its own refusal is told with the first', async () => {
  const proxy = await proxyThat(
    () => 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
  );
  const found = await run(5985);
  expect(verdicts(found)).toMatch(/^proxy passed, name skipped, port skipped, tls skipped, offers failed/);
  expect(rung(found, 'port').sentence).toMatch(/passes requests on/);
  expect(rung(found, 'offers').sentence).toContain('does not lead to 127.0.0.1, port 5985 (HTTP 502)');
  expect(proxy.heads).toEqual(['POST http://127.0.0.1:5985/wsman HTTP/1.1']);
});
