import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { ProxyLogins } from './proxy-logins.ts';
import type { ProxyOptions } from './way.ts';
import { closeRawServers, rawServer } from './raw-server-fixture.ts';
import { through } from './through-fixture.ts';

afterEach(closeRawServers);
const never = new AbortController().signal;
const LOGIN = { username: 'alice', password: 'Passw0rd!' };
const PAUL = { username: 'paul', password: 'pr0xy' };
const COMPUTER: Endpoint = { scheme: 'https', hostname: 'web01', port: 5986, path: '/wsman' };

async function ask(
  answer: (socket: Socket, request: string) => void,
  { account, ...options }: ChannelOptions & { account?: ProxyOptions['account'] } = {},
  computer = COMPUTER,
) {
  const seen: string[] = [];
  const proxy = await rawServer((socket) =>
    socket.on('data', (data) => {
      seen.push(data.toString('latin1'));
      answer(socket, data.toString('latin1'));
    }),
  );
  const channel = openChannel(computer, LOGIN, { ...options, proxy: through(proxy, account) });
  const error = await channel.post('<a/>', never).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  channel.close();
  return { error, seen };
}

/** What the sign-in to a proxy is told of its answers. */
async function toldOf(status: number, scheme: Endpoint['scheme']): Promise<boolean[]> {
  const told: boolean[] = [];
  const logins = new ProxyLogins();
  const signIn = logins.signIn.bind(logins);
  const heard: Pick<ProxyLogins, 'signIn'> = {
    signIn: (...of) => ({
      ...signIn(...of),
      answered: async (wasLetThrough) => void told.push(wasLetThrough),
    }),
  };
  const proxy = await rawServer((socket) =>
    socket.on('data', () => socket.end(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`)),
  );
  const way = through(proxy, { authentication: 'Basic', credential: PAUL });
  const channel = openChannel({ ...COMPUTER, scheme }, LOGIN, { proxy: { ...way, logins: heard } });
  await channel.post('<a/>', never).catch(() => undefined);
  channel.close();
  return told;
}

test.each(['https', 'http'] as const)(
  'of a name that would write lines of its own nothing reaches a proxy, over %s',
  async (scheme) => {
    const hostname = 'web01:5986 HTTP/1.1\r\nX-Evil: 1\r\nX:';
    const answer = (socket: Socket) => socket.end('HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n');
    const { error, seen } = await ask(answer, {}, { ...COMPUTER, scheme, hostname });
    expect(error).toMatchObject({ kind: 'invalid' });
    expect(seen).toEqual([]);
  },
);

test.each([
  [200, 'https', [true]],
  [403, 'https', [false]],
  [503, 'https', [false]],
  [401, 'http', [true]],
  [400, 'http', [false]],
  [403, 'http', []],
] as const)(
  'an answer of %i to a request for %s tells of the account at the proxy: %j',
  async (status, scheme, told) => {
    expect(await toldOf(status, scheme)).toEqual(told);
  },
);

const REFUSED = 'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n';

describe('a proxy that', () => {
  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['is no proxy', (socket) => socket.write('220 mail ESMTP\r\n\r\n'), /does not answer as a proxy/],
    ['sends a head without end', (socket) => socket.write('x'.repeat(80_000)), /does not answer as a proxy/],
    ['sends noise', (socket) => socket.end('x7\u0000 noise'), /does not answer as a proxy/],
    ['sends noise and waits', (socket) => socket.write('x'), /does not answer as a proxy/],
    ['speaks another HTTP', (socket) => socket.write('HTTP/2.0 200 OK\r\n'), /does not answer as a proxy/],
    ['has no status', (socket) => socket.write('HTTP/1.1 hello\r\n'), /does not answer as a proxy/],
    ['hangs up', (socket) => socket.end(), /cannot be reached/],
    ['hangs up in its head', (socket) => socket.end('HTTP/1.1 200 O'), /cannot be reached/],
    [
      'lets nobody through',
      (socket) => socket.end('HTTP/1.1 403 No\r\n\r\n'),
      /does not lead to web01.*HTTP 403/,
    ],
    ['wants an account', (socket) => socket.write(REFUSED), /wants an account. It takes Basic/],
  ])('%s is told as what it is, and the computer’s password is not sent', async (_, answer, sentence) => {
    const { error, seen } = await ask(answer, { authentication: 'Basic' });
    expect(error).toMatchObject({ message: expect.stringMatching(sentence) as string });
    expect((error as { kind: string }).kind).not.toBe('unauthenticated');
    expect(seen).toEqual([
      'CONNECT web01:5986 HTTP/1.1\r\nHost: web01:5986\r\nUser-Agent: PSSession Manager\r\n\r\n',
    ]);
  });

  test('says nothing costs OpenTimeout and no more, and is named', async () => {
    const { error } = await ask(() => undefined, { openTimeoutMs: 100 });
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^The proxy .* did not lead to web01, port 5986, within 0\.1 s/,
      ) as string,
      info: { errorId: 'WinRMOperationTimeout' },
    });
  });

  test('always wants another proof is given up', async () => {
    const challenge = (n: number) =>
      `HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm="x", nonce="${n}", qop="auth", stale=true\r\nContent-Length: 0\r\n\r\n`;
    let count = 0;
    const { error, seen } = await ask((socket) => socket.write(challenge(++count)), {
      account: { authentication: 'Digest', credential: PAUL },
    });
    expect(error).toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('calls its own new challenge too old') as string,
    });
    // Without a proof, and with one: that it was not taken may be what is meant.
    expect(seen).toHaveLength(2);
  });

  test('leads on is handed the computer’s address in brackets where that is IPv6', async () => {
    const { seen } = await ask((socket) => socket.end(), {}, { ...COMPUTER, hostname: '::1' });
    expect(seen[0]).toMatch(/^CONNECT \[::1\]:5986 HTTP\/1\.1\r\nHost: \[::1\]:5986\r\n/);
  });

  test('sends a line of which a pattern could not see the end is read at once', async () => {
    const spaces = ' '.repeat(30_000);
    const began = performance.now();
    const { error } = await ask((socket) =>
      socket.end(`HTTP/1.1 403 No\r\nX: ${`a${spaces}`.repeat(2)}b\r\n\r\n`),
    );
    expect(error).toMatchObject({ message: expect.stringContaining('HTTP 403') as string });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('says in pieces why not is asked again behind them, on the same connection', async () => {
    const head =
      'HTTP/1.1 407 No\r\nProxy-Authenticate : Basic\r\nPROXY-authenticate:\tDigest realm="x", nonce="n", qop="auth" \r\n';
    const { seen } = await ask(
      async (socket, request) => {
        if (request.includes('Proxy-Authorization')) return void socket.end();
        for (const piece of [head, 'Content-Length: 6\r\n', '\r\nab', 'cd', 'ef']) {
          socket.write(piece);
          await new Promise(setImmediate);
        }
      },
      { account: { authentication: 'Digest', credential: PAUL } },
    );
    expect(seen).toHaveLength(2);
    expect(seen[1]).toMatch(/Proxy-Authorization: Digest username="paul"/);
  });

  test('leads on and then speaks no TLS is not trusted with anything', async () => {
    const { error, seen } = await ask((socket, request) =>
      request.startsWith('CONNECT')
        ? socket.write('HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 hello')
        : socket.end(),
    );
    expect(error).toMatchObject({ kind: 'protocol' });
    expect(seen.join('')).not.toContain('Authorization');
  });

  test('writes its schemes in small letters is understood', async () => {
    const lower = 'HTTP/1.1 407 No\r\nProxy-Authenticate: negotiate\r\nContent-Length: 0\r\n\r\n';
    const account = { authentication: 'Negotiate', credential: PAUL } as const;
    const { seen } = await ask((socket) => socket.write(lower), { account });
    expect(seen[1]).toContain('Proxy-Authorization: Negotiate ');
  });

  const DIGEST =
    'HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm="x", nonce="n", qop="auth"\r\nContent-Length: 0\r\n\r\n';

  test.each([
    ['https', 'Basic'],
    ['https', 'Digest'],
    ['http', 'Basic'],
    ['http', 'Digest'],
  ] as const)(
    'closes without a word on the account is not shown it a third time, until a person asks: %s, %s',
    async (scheme, authentication) => {
      let proofs = 0;
      const proxy = await rawServer((socket) =>
        socket.on('data', (data) => {
          const isProof = data.includes('Proxy-Authorization');
          if (isProof) proofs++;
          if (isProof) socket.end();
          else socket.write(DIGEST);
        }),
      );
      const logins = new ProxyLogins();
      const account = { authentication, credential: PAUL } as const;
      const asked = async (number: number) => {
        const computer: Endpoint = { ...COMPUTER, scheme, hostname: `web${number}` };
        const channel = openChannel(computer, LOGIN, { proxy: through(proxy, account, logins) });
        const error: unknown = await channel.post('<a/>', never).catch((reason: unknown) => reason);
        channel.close();
        return (error as Error).message;
      };
      const told = [];
      for (let number = 0; number < 6; number++) told.push(await asked(number));
      const sentence =
        'was shown the account of ProxyCredential, and closed the connection without an answer.';
      for (const one of told) expect(one).toContain(sentence);
      expect(told.map((one) => one.endsWith('not shown it again by itself.'))).toEqual([
        ...[false, true, true, true, true, true],
      ]);
      expect(proofs).toBe(2);
      logins.forgetRefusals();
      await asked(6);
      expect(proofs).toBe(3);
    },
  );

  test('refuses its account ends that, not the computer’s', async () => {
    const account = { authentication: 'Basic', credential: PAUL } as const;
    const { error, seen } = await ask((socket) => socket.write(REFUSED), { account });
    expect(error).toMatchObject({
      kind: 'denied',
      message: expect.stringContaining('did not accept the account of ProxyCredential') as string,
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toContain(`Proxy-Authorization: Basic ${Buffer.from('paul:pr0xy').toString('base64')}`);
  });
});
