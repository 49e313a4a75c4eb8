import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { closeRawServers, rawServer, requestServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const BASIC: ChannelOptions = { authentication: 'Basic', allowBasicOverHttp: true };
const never = new AbortController().signal;
const SOAP = 'Content-Type: application/soap+xml;charset=UTF-8\r\n';

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
    const { endpoint, state } = await requestServer((socket) => socket.end(bytes, 'latin1'));
    await expect(ask(endpoint, BASIC)).rejects.toMatchObject({ kind });
    // What may have been carried out is never sent twice.
    expect(state.requests).toBe(1);
  });

  test('a reset under the request', async () => {
    const { endpoint, state } = await requestServer((socket) => socket.resetAndDestroy());
    await expect(ask(endpoint, BASIC)).rejects.toMatchObject({
      kind: 'unreachable',
      info: { detail: 'ECONNRESET' },
    });
    expect(state.requests).toBe(1);
  });

  test('an answer that says that it is too long is not waited for', async () => {
    const { endpoint } = await requestServer((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\n${SOAP}Content-Length: 99999999999\r\n\r\n`),
    );
    await expect(ask(endpoint, BASIC)).rejects.toMatchObject({
      kind: 'protocol',
      message: '127.0.0.1 sent an answer of more than 16 MB.',
    });
  });

  test('an answer without end is left at the limit', async () => {
    let written = 0;
    const { endpoint } = await requestServer((socket) => {
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
    const { endpoint } = await requestServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
      clock.abort(new Error('time is up'));
    });
    await expect(ask(endpoint, BASIC, clock.signal)).rejects.toThrow('time is up');
  });

  test('what follows an answer unasked ends the connection, and the next request is not fed with it', async () => {
    const whole = `HTTP/1.1 200 OK\r\n${SOAP}Content-Length: 4\r\n\r\n`;
    const { endpoint, state } = await requestServer((socket, _, connection) =>
      socket.write(connection === 1 ? `${whole}<a/>${whole}<x/>` : `${whole}<b/>`),
    );
    const channel = openChannel(endpoint, LOGIN, BASIC);
    expect(await channel.post('<a/>', never)).toBe('<a/>');
    expect(await channel.post('<b/>', never)).toBe('<b/>');
    channel.close();
    expect(state.connections).toBe(2);
  });
});

describe('a port that should speak TLS', () => {
  const https = (endpoint: Endpoint): Endpoint => ({ ...endpoint, scheme: 'https' });

  test('and says nothing is left when the time for opening is over', async () => {
    const { endpoint } = await requestServer(() => undefined);
    await expect(ask(https(endpoint), { ...BASIC, openTimeoutMs: 100 })).rejects.toMatchObject({
      kind: 'unreachable',
      info: { errorId: 'WinRMOperationTimeout' },
    });
  });

  test('and hangs up, or answers garbage, is an error', async () => {
    const deaf = await rawServer((socket) => socket.end());
    await expect(ask(https(deaf), BASIC)).rejects.toMatchObject({ kind: 'unreachable' });
    const babbling = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(ask(https(babbling), BASIC)).rejects.toMatchObject({ kind: 'protocol' });
  });
});
