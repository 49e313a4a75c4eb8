import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { unreachable } from './failure.ts';
import { schemesOffered } from './reply.ts';

const servers: { close(): void; closeAllConnections(): void }[] = [];
afterEach(() => servers.splice(0).forEach((server) => (server.closeAllConnections(), server.close())));

const never = new AbortController().signal;
const LOGIN = { username: 'alice', password: 'Passw0rd!' };
const BASIC: ChannelOptions = { authentication: 'Basic', allowBasicOverHttp: true };
const SOAP = { 'Content-Type': 'application/soap+xml;charset=UTF-8' };

async function serve(handler: RequestListener): Promise<Endpoint> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    scheme: 'http',
    hostname: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    path: '/wsman',
  };
}

async function ask(endpoint: Endpoint, options: ChannelOptions = BASIC): Promise<string> {
  const channel = openChannel(endpoint, LOGIN, options);
  try {
    return await channel.post('<a/>', never);
  } finally {
    channel.close();
  }
}

test('Basic goes with the first request, and all requests share one connection, one after the other', async () => {
  const seen: unknown[] = [];
  let underWay = 0;
  const endpoint = await serve((request, response) => {
    seen.push([
      request.method,
      request.url,
      request.headers.authorization,
      request.socket.remotePort,
      ++underWay,
    ]);
    setImmediate(() => {
      underWay--;
      response.writeHead(200, SOAP).end('<ok>é</ok>');
    });
  });
  const channel = openChannel(endpoint, LOGIN, BASIC);
  expect(await Promise.all(['<a/>', '<b/>', '<c/>'].map((soap) => channel.post(soap, never)))).toHaveLength(
    3,
  );
  channel.close();
  expect(seen[0]).toEqual(['POST', '/wsman', 'Basic YWxpY2U6UGFzc3cwcmQh', expect.any(Number), 1]);
  expect(seen).toEqual([seen[0], seen[0], seen[0]]);
});

test('NoEncryption allows Basic over http, as in PowerShell', async () => {
  const endpoint = await serve((_, response) => response.writeHead(200, SOAP).end('<ok/>'));
  expect(await ask(endpoint, { authentication: 'Basic', noEncryption: true })).toBe('<ok/>');
});

describe('an answer', () => {
  test.each([
    ['UTF-8', SOAP['Content-Type'], Buffer.from('<ä/>')],
    ['UTF-8 with a mark', 'application/soap+xml', Buffer.from('\ufeff<ä/>')],
    ['UTF-16', 'application/soap+xml;charset=UTF-16', Buffer.from('<ä/>', 'utf16le')],
    ['UTF-16 with a mark', 'application/soap+xml; charset="utf-16"', Buffer.from('\ufeff<ä/>', 'utf16le')],
    [
      'UTF-16, big-endian, with a mark',
      'application/soap+xml;charset=UTF-16',
      Buffer.from('\ufeff<ä/>', 'utf16le').swap16(),
    ],
  ])('in %s is read', async (_, type, body) => {
    const endpoint = await serve((__, response) =>
      response.writeHead(200, { 'Content-Type': type }).end(body),
    );
    expect(await ask(endpoint)).toBe('<ä/>');
  });

  test('that is a fault is given to the reader of faults', async () => {
    const fault =
      '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Subcode/></s:Code></s:Fault></s:Body></s:Envelope>';
    const endpoint = await serve((_, response) => response.writeHead(500, SOAP).end(fault));
    expect(await ask(endpoint)).toBe(fault);
  });

  test.each<[number, Record<string, string>, string, string, object]>([
    [
      200,
      { 'Content-Type': 'text/html' },
      '<html>',
      'protocol',
      { message: expect.stringContaining('text/html') },
    ],
    [200, {}, '', 'protocol', { message: expect.stringContaining('nothing') }],
    [
      200,
      { 'Content-Type': 'application/soap+xml;charset=UTF-8' },
      '\xff\xfe\xfd',
      'protocol',
      { message: expect.stringContaining('not valid UTF-8') },
    ],
    [
      200,
      { 'Content-Type': 'application/soap+xml;charset=EBCDIC' },
      'x',
      'protocol',
      { message: expect.stringContaining('ebcdic') },
    ],
    [
      200,
      { ...SOAP, 'Content-Encoding': 'gzip' },
      'x',
      'protocol',
      { message: expect.stringContaining('compressed') },
    ],
    [
      301,
      { Location: 'http://evil.test/wsman' },
      '',
      'protocol',
      { message: expect.stringContaining('http://evil.test/wsman'), faultCode: 2150859161 },
    ],
    [403, {}, '', 'denied', { info: { errorId: 'AccessDenied' } }],
    [
      404,
      {},
      '',
      'unreachable',
      {
        message: expect.stringContaining('/wsman'),
        faultCode: 2150859027,
        info: { errorId: 'URLNotAvailable' },
      },
    ],
    [407, {}, '', 'denied', {}],
    [
      500,
      { 'Content-Type': 'text/html' },
      'oops',
      'protocol',
      { faultCode: 2150859120, info: { errorId: 'WinRMHttpError' } },
    ],
    [503, {}, '', 'unreachable', { faultCode: 2150859026, info: { errorId: 'CannotConnectWinRMService' } }],
  ])('with status %i and %j is an error of its own', async (status, headers, body, kind, more) => {
    const endpoint = await serve((_, response) =>
      response.writeHead(status, headers).end(Buffer.from(body, 'latin1')),
    );
    await expect(ask(endpoint)).rejects.toMatchObject({ kind, ...more });
  });
});

test('the schemes that a server offers are told, in one line or in several', () => {
  expect(
    schemesOffered([
      'Negotiate, NTLM',
      'Digest realm="a, b", qop="auth", nonce=x',
      'Basic realm="WSMAN"',
      'Negotiate',
    ]),
  ).toEqual(expect.arrayContaining(['Negotiate', 'NTLM', 'Digest', 'Basic']));
  expect(schemesOffered(['Negotiate YII=', 'CredSSP'])).toEqual(['Negotiate', 'CredSSP']);
  expect(schemesOffered(['', '=', ',,,', 'x'.repeat(100_000)])).toEqual([]);
});

test('a refused password is tried once, whatever is asked afterwards, and stands in no error', async () => {
  let requests = 0;
  const endpoint = await serve((_, response) => {
    requests++;
    response.writeHead(401, { 'WWW-Authenticate': ['Negotiate', 'Basic realm="WSMAN"'] }).end();
  });
  const channel = openChannel(endpoint, LOGIN, BASIC);
  for (const soap of ['<a/>', '<b/>']) {
    const error = await channel.post(soap, never).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      kind: 'unauthenticated',
      info: {
        faultCode: 5,
        errorId: 'AccessDenied',
        causes: expect.arrayContaining([expect.stringContaining('password is wrong')]),
      },
    });
    expect(JSON.stringify(error)).not.toMatch(/Passw0rd|YWxpY2U6UGFzc3cwcmQh/);
  }
  channel.close();
  expect(requests).toBe(1);
});

describe('aborting', () => {
  test('rejects at once with the reason, ends the connection, and the next request opens another', async () => {
    const ports: unknown[] = [];
    let first: (() => void) | undefined;
    const seen = new Promise<void>((resolve) => (first = resolve));
    const endpoint = await serve((request, response) => {
      ports.push(request.socket.remotePort);
      if (ports.length === 1) return first?.();
      response.writeHead(200, SOAP).end('<ok/>');
    });
    const channel = openChannel(endpoint, LOGIN, BASIC);
    const cancel = new AbortController();
    const waiting = channel.post('<a/>', cancel.signal);
    await seen;
    cancel.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(await channel.post('<b/>', never)).toBe('<ok/>');
    channel.close();
    expect(new Set(ports).size).toBe(2);
  });

  test('a request that waits its turn never leaves, and the one before it goes on', async () => {
    const bodies: string[] = [];
    let answer: (() => void) | undefined;
    const endpoint = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => {
        bodies.push(text);
        answer = () => response.writeHead(200, SOAP).end('<ok/>');
        arrived();
      });
    });
    let arrived = () => undefined as void;
    const first = new Promise<void>((resolve) => (arrived = resolve));
    const channel = openChannel(endpoint, LOGIN, BASIC);
    const one = channel.post('<a/>', never);
    await first;
    const cancel = new AbortController();
    const two = channel.post('<b/>', cancel.signal);
    cancel.abort(new Error('enough'));
    await expect(two).rejects.toThrow('enough');
    answer?.();
    expect(await one).toBe('<ok/>');
    channel.close();
    expect(bodies).toEqual(['<a/>']);
  });

  test('closing ends what is under way and refuses what comes', async () => {
    let first: (() => void) | undefined;
    const seen = new Promise<void>((resolve) => (first = resolve));
    const endpoint = await serve(() => first?.());
    const channel = openChannel(endpoint, LOGIN, BASIC);
    const waiting = channel.post('<a/>', never);
    await seen;
    channel.close();
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(channel.post('<b/>', never)).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('a computer that is not there', () => {
  test('nobody listens: the remedy is Enable-PSRemoting', async () => {
    const endpoint = await serve(() => undefined);
    servers.splice(0).forEach((server) => server.close());
    await expect(ask(endpoint)).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining(String(endpoint.port)),
      info: {
        faultCode: 2150858770,
        errorId: 'CannotConnect',
        detail: 'ECONNREFUSED',
        remedy: { command: 'Enable-PSRemoting -Force' },
      },
    });
  });

  test.each([
    ['ENOTFOUND', 2150859193, 'ComputerNotFound', 'nslookup web01'],
    ['EAI_AGAIN', 2150859193, 'ComputerNotFound', 'nslookup web01'],
    ['EHOSTUNREACH', 2150858770, 'CannotConnect', 'ping web01'],
  ])('%s is told with a way to look further', (code, faultCode, errorId, command) => {
    const endpoint: Endpoint = { scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' };
    expect(unreachable({ code }, endpoint)).toMatchObject({
      kind: 'unreachable',
      info: { faultCode, errorId, detail: code, remedy: { command } },
    });
    const odd = unreachable({ code }, { ...endpoint, hostname: 'web01;reboot' });
    expect(odd.info.remedy).not.toHaveProperty('command');
  });

  test('nobody answers the connection within its own limit', async () => {
    // TEST-NET-1 (RFC 5737) is routed nowhere; where a network says so at once, that is unreachable, too.
    const endpoint: Endpoint = { scheme: 'http', hostname: '192.0.2.1', port: 5985, path: '/wsman' };
    await expect(ask(endpoint, { ...BASIC, openTimeoutMs: 50 })).rejects.toMatchObject({
      kind: 'unreachable',
    });
  });
});
