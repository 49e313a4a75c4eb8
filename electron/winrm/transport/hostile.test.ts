import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { NegotiateAcceptor } from '../auth/spnego-acceptor.ts';
import { readSealed, SEALED_TYPE, writeSealed } from '../auth/sealed-mime.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';

const open: (Server | Socket)[] = [];
afterEach(() => open.splice(0).forEach((one) => ('destroy' in one ? one.destroy() : one.close())));

const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const BASIC: ChannelOptions = { authentication: 'Basic', allowBasicOverHttp: true };
const never = new AbortController().signal;
const SOAP = 'Content-Type: application/soap+xml;charset=UTF-8\r\n';

interface Received {
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** A server without HTTP's manners: `answer` is called with each whole request and writes what it likes. */
async function listen(answer: (socket: Socket, request: Received, connection: number) => void) {
  const state = { requests: 0, connections: 0 };
  const server = createServer((socket) => {
    const connection = ++state.connections;
    open.push(socket);
    let pending = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      pending = Buffer.concat([pending, piece]);
      for (;;) {
        const end = pending.indexOf('\r\n\r\n');
        const head = pending.subarray(0, Math.max(0, end)).toString('latin1');
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (end < 0 || pending.length < end + 4 + length) return;
        const body = pending.subarray(end + 4, end + 4 + length);
        pending = pending.subarray(end + 4 + length);
        state.requests++;
        answer(
          socket,
          { authorization: /^authorization: (.*)$/im.exec(head)?.[1]?.trim(), body },
          connection,
        );
      }
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint: Endpoint = {
    scheme: 'http',
    hostname: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    path: '/wsman',
  };
  return { endpoint, state };
}

async function ask(endpoint: Endpoint, options: ChannelOptions, signal = never): Promise<string> {
  const channel = openChannel(endpoint, LOGIN, options);
  try {
    return await channel.post('<a/>', signal);
  } finally {
    channel.close();
  }
}

describe('what is no HTTP, or breaks off, is an error', () => {
  test.each<[string, string, string]>([
    ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n', 'protocol'],
    ['nothing at all', '', 'unreachable'],
    ['a status line and no more', 'HTTP/1.1 200 OK\r\n', 'unreachable'],
    [
      'a body shorter than it says',
      `HTTP/1.1 200 OK\r\n${SOAP}Content-Length: 100\r\n\r\n<a/>`,
      'unreachable',
    ],
    [
      'two lengths',
      `HTTP/1.1 200 OK\r\n${SOAP}Content-Length: 4\r\nContent-Length: 5\r\n\r\n<a/>x`,
      'protocol',
    ],
    [
      'a length and pieces',
      `HTTP/1.1 200 OK\r\n${SOAP}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n0\r\n\r\n`,
      'protocol',
    ],
    ['a negative length', `HTTP/1.1 200 OK\r\n${SOAP}Content-Length: -1\r\n\r\n`, 'protocol'],
    [
      'a piece that is no piece',
      `HTTP/1.1 200 OK\r\n${SOAP}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      'protocol',
    ],
    [
      'pieces without an end',
      `HTTP/1.1 200 OK\r\n${SOAP}Transfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n`,
      'unreachable',
    ],
    ['one huge header', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(1_000_000)}\r\n\r\n`, 'protocol'],
    [
      'a million ways to sign in',
      `HTTP/1.1 401 No\r\n${'WWW-Authenticate: Negotiate\r\n'.repeat(1_000_000)}\r\n`,
      'protocol',
    ],
    ['another protocol', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', 'protocol'],
  ])('%s', async (_, bytes, kind) => {
    const { endpoint, state } = await listen((socket) => socket.end(bytes, 'latin1'));
    await expect(ask(endpoint, BASIC)).rejects.toMatchObject({ kind });
    // What may have been carried out is never sent twice.
    expect(state.requests).toBe(1);
  });

  test('a reset under the request', async () => {
    const { endpoint, state } = await listen((socket) => socket.resetAndDestroy());
    await expect(ask(endpoint, BASIC)).rejects.toMatchObject({
      kind: 'unreachable',
      info: { detail: 'ECONNRESET' },
    });
    expect(state.requests).toBe(1);
  });

  test('an answer without end is left at the limit', async () => {
    let written = 0;
    const { endpoint } = await listen((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${SOAP}Transfer-Encoding: chunked\r\n\r\n`);
      const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`;
      const more = () => {
        while (!socket.destroyed && socket.write(piece)) written += 65_536;
      };
      socket.on('drain', more);
      more();
    });
    await expect(ask(endpoint, { ...BASIC, maxResponseBytes: 1_000_000 })).rejects.toMatchObject({
      kind: 'protocol',
    });
    expect(written).toBeLessThan(20_000_000);
  });

  test('an answer that comes by the byte and never ends is ended by the signal', async () => {
    const clock = new AbortController();
    const { endpoint } = await listen((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
      clock.abort(new Error('time is up'));
    });
    await expect(ask(endpoint, BASIC, clock.signal)).rejects.toThrow('time is up');
  });

  test('what follows an answer unasked ends the connection, and the next request is not fed with it', async () => {
    const whole = `HTTP/1.1 200 OK\r\n${SOAP}Content-Length: 4\r\n\r\n`;
    const { endpoint, state } = await listen((socket, _, connection) =>
      socket.write(connection === 1 ? `${whole}<a/>${whole}<x/>` : `${whole}<b/>`),
    );
    const channel = openChannel(endpoint, LOGIN, BASIC);
    expect(await channel.post('<a/>', never)).toBe('<a/>');
    expect(await channel.post('<b/>', never)).toBe('<b/>');
    channel.close();
    expect(state.connections).toBe(2);
  });
});

describe('a sign-in by Negotiate', () => {
  const reply = (status: string, headers: string, body: string | Uint8Array = '') =>
    Buffer.concat([
      Buffer.from(`HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\n\r\n`),
      Buffer.from(body),
    ]);
  const token = (bytes: Uint8Array | undefined) =>
    bytes ? `WWW-Authenticate: Negotiate ${Buffer.from(bytes).toString('base64')}\r\n` : '';

  /** Signs in rightly; `answer` then makes what goes back for each sealed request. */
  const signingIn = (answer: (acceptor: NegotiateAcceptor, plain: Uint8Array) => Buffer) => {
    const acceptors = new Map<Socket, NegotiateAcceptor>();
    return listen((socket, { authorization, body }) => {
      const acceptor =
        acceptors.get(socket) ??
        new NegotiateAcceptor(
          { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => 'Passw0rd!' },
          { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(7) },
        );
      acceptors.set(socket, acceptor);
      if (authorization) {
        const next = acceptor.step(Buffer.from(authorization.replace('Negotiate ', ''), 'base64'));
        return socket.write(reply(acceptor.complete ? '200 OK' : '401 No', token(next)));
      }
      const [part] = readSealed(body, SEALED_TYPE);
      socket.write(answer(acceptor, part ? acceptor.unwrap(part) : body));
    });
  };
  const sealed = (acceptor: NegotiateAcceptor, plain: Uint8Array) =>
    writeSealed({
      ...acceptor.wrap(plain),
      contentType: 'application/soap+xml;charset=UTF-8',
      plainLength: plain.length,
    });
  const SEALED = `Content-Type: ${SEALED_TYPE}\r\n`;
  const broken = expect.objectContaining({ kind: 'protocol' });

  test('works against this file’s own server, or the refusals below would prove nothing', async () => {
    const { endpoint, state } = await signingIn((acceptor, plain) =>
      reply('200 OK', SEALED, sealed(acceptor, plain)),
    );
    expect(await ask(endpoint, {})).toBe('<a/>');
    expect(state.requests).toBe(3);
  });

  test.each<[string, (acceptor: NegotiateAcceptor, plain: Uint8Array) => Buffer]>([
    ['in clear', () => reply('200 OK', SOAP, '<a/>')],
    ['in clear, as a fault', () => reply('500 No', SOAP, '<s:Fault/>')],
    ['in clear, as another kind of XML', () => reply('500 No', 'Content-Type: text/xml\r\n', '<s:Fault/>')],
    ['empty', () => reply('200 OK', '')],
    [
      'with one bit changed',
      (acceptor, plain) => {
        const body = sealed(acceptor, plain);
        body[body.length - 30] = (body[body.length - 30] ?? 0) ^ 1;
        return reply('200 OK', SEALED, body);
      },
    ],
    [
      'sealed twice over',
      (acceptor, plain) => {
        sealed(acceptor, plain);
        return reply('200 OK', SEALED, sealed(acceptor, plain));
      },
    ],
    [
      'that is our own request thrown back',
      (_, plain) =>
        reply(
          '200 OK',
          SEALED,
          writeSealed({
            header: new Uint8Array(16),
            data: plain,
            contentType: 'application/soap+xml',
            plainLength: plain.length,
          }),
        ),
    ],
    ['sealed, but no MIME', () => reply('200 OK', SEALED, 'x'.repeat(1000))],
  ])('an answer %s is not taken', async (_, answer) => {
    const { endpoint } = await signingIn(answer);
    await expect(ask(endpoint, {})).rejects.toEqual(broken);
  });

  test('an answer that is replayed is not taken', async () => {
    let recorded: Buffer | undefined;
    const { endpoint } = await signingIn(
      (acceptor, plain) => (recorded ??= reply('200 OK', SEALED, sealed(acceptor, plain))),
    );
    const channel = openChannel(endpoint, LOGIN, {});
    expect(await channel.post('<a/>', never)).toBe('<a/>');
    await expect(channel.post('<a/>', never)).rejects.toEqual(broken);
    channel.close();
  });

  test('a server that refuses for ever is asked as often as there are ways, and told the password by none', async () => {
    const { endpoint, state } = await listen((socket) =>
      socket.write(
        reply(
          '401 No',
          'WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nWWW-Authenticate: Basic realm="x"\r\n',
        ),
      ),
    );
    await expect(ask(endpoint, {})).rejects.toMatchObject({
      kind: 'unauthenticated',
      message: expect.stringContaining('Negotiate, NTLM, Basic'),
    });
    expect(state.requests).toBe(3);
  });

  test('a server that challenges for ever is answered once', async () => {
    const acceptor = () =>
      new NegotiateAcceptor(
        { computerName: 'W', domainName: 'L', passwordOf: () => 'x' },
        { now: () => 0, randomBytes: (n) => new Uint8Array(n) },
      );
    let first: Uint8Array | undefined;
    const { endpoint, state } = await listen((socket, { authorization }) => {
      first ??= acceptor().step(Buffer.from((authorization ?? '').replace('Negotiate ', ''), 'base64'));
      socket.write(reply('401 No', token(first)));
    });
    await expect(ask(endpoint, {})).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(state.requests).toBe(2);
  });

  test.each([
    ['that is no base64', 'WWW-Authenticate: Negotiate !!!\r\n'],
    ['that is no token', `WWW-Authenticate: Negotiate ${Buffer.from('hello').toString('base64')}\r\n`],
    ['longer than any', `WWW-Authenticate: Negotiate ${'A'.repeat(70_000)}\r\n`],
  ])('a challenge %s is an error', async (_, headers) => {
    const { endpoint } = await listen((socket) => socket.write(reply('401 No', headers)));
    await expect(ask(endpoint, {})).rejects.toEqual(broken);
  });

  test('a server that lets anyone in is not believed', async () => {
    const { endpoint } = await listen((socket) => socket.write(reply('200 OK', SOAP, '<a/>')));
    await expect(ask(endpoint, {})).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});
