import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ACTIONS } from '../wsman/request.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { digest } from './digest.ts';
import { Line } from './line.ts';
import { UNHEARD } from './login.ts';
import { listening } from './login-fixture.ts';
import { closeRawServers, rawServer, requestServer } from './raw-server-fixture.ts';
import type { Received } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const DIGEST: ChannelOptions = { authentication: 'Digest', noEncryption: true };
const never = new AbortController().signal;
const reply = (status: string, headers: string, body = '') =>
  `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const challenge = (nonce: string, more = '') =>
  reply('401 No', `WWW-Authenticate: Digest realm="r", nonce="${nonce}", qop="auth"${more}\r\n`);
const ok = (headers = '') => reply('200 OK', `Content-Type: application/soap+xml\r\n${headers}`, '<ok/>');

/** Answers each request by the next of the list, and the rest by the last. */
async function answering(...answers: readonly string[]) {
  const seen: Received[] = [];
  const { endpoint, state } = await requestServer((socket, request) => {
    seen.push(request);
    socket.write(answers[Math.min(seen.length, answers.length) - 1] ?? '');
  });
  return { endpoint, state, seen };
}

async function ask(answers: readonly string[], soap = '<a/>', more: ChannelOptions = {}) {
  const { endpoint, state, seen } = await answering(...answers);
  const { heard, beforeLogin } = listening();
  const channel = openChannel(endpoint, LOGIN, { ...DIGEST, ...more, beforeLogin });
  const outcome = await channel.post(soap, never).catch((error: unknown) => error);
  return { outcome, channel, state, seen, heard };
}

test('the first request has neither body nor proof, and each further one a proof of its own, on one connection', async () => {
  const { outcome, channel, state, seen, heard } = await ask([challenge('n'), ok()]);
  expect(outcome).toBe('<ok/>');
  await channel.post('<b/>', never);
  channel.close();
  expect(
    seen.map(({ authorization, body }) => [/nc=\d+/.exec(authorization ?? '')?.[0], String(body)]),
  ).toEqual([
    [undefined, ''],
    ['nc=00000001', '<a/>'],
    ['nc=00000002', '<b/>'],
  ]);
  expect(seen[1]?.authorization).toContain('username="LAB\\\\alice"');
  expect(state.connections).toBe(1);
  expect(heard).toEqual(['asked', 'said', 'ended', 'said', 'ended']);
});

test('a login that is held back sends no proof', async () => {
  const { endpoint, state } = await answering(challenge('n'), ok());
  const held = new Error('not now');
  const channel = openChannel(endpoint, LOGIN, { ...DIGEST, beforeLogin: () => Promise.reject(held) });
  await expect(channel.post('<a/>', never)).rejects.toBe(held);
  channel.close();
  expect(state.requests).toBe(1);
});

test('a refusal counts once however often one asks, and tells no password', async () => {
  const { outcome, channel, state, heard } = await ask([challenge('n'), challenge('m')]);
  expect(outcome).toMatchObject({ kind: 'unauthenticated', info: { errorId: 'AccessDenied' } });
  expect(JSON.stringify(outcome)).not.toContain(LOGIN.password);
  await expect(channel.post('<b/>', never)).rejects.toMatchObject({ kind: 'unauthenticated' });
  channel.close();
  expect(state).toEqual({ connections: 1, requests: 2 });
  expect(heard).toEqual(['asked', 'refused', 'ended']);
});

test('a refusal stays one, though its challenge cannot be read', async () => {
  const { outcome, heard } = await ask([challenge('n'), reply('401 No', 'WWW-Authenticate: Digest x="\r\n')]);
  expect(outcome).toMatchObject({ kind: 'unauthenticated' });
  expect(heard).toEqual(['asked', 'refused', 'ended']);
});

describe('a nonce that is too old', () => {
  test('is replaced, and the same request proven anew, without counting as a refusal', async () => {
    const { outcome, channel, seen, heard } = await ask([
      challenge('n'),
      ok(),
      challenge('m', ', stale=TRUE'),
      ok(),
    ]);
    expect(outcome).toBe('<ok/>');
    expect(await channel.post('<b/>', never)).toBe('<ok/>');
    channel.close();
    expect(
      seen.slice(1).map(({ authorization }) => /nonce="(.)", nc=(\d+)/.exec(authorization ?? '')?.[0]),
    ).toEqual(['nonce="n", nc=00000001', 'nonce="n", nc=00000002', 'nonce="m", nc=00000001']);
    expect(seen[3]?.body).toEqual(seen[2]?.body);
    expect(heard).toEqual(['asked', 'said', 'ended', 'said', 'ended']);
  });

  test('is none where the password was not taken before: a wrong one is proven once, whatever it is called', async () => {
    const { outcome, channel, state, heard } = await ask([challenge('n'), challenge('m', ', stale=true')]);
    expect(outcome).toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('too old') as string,
    });
    expect(state).toEqual({ connections: 1, requests: 2 });
    expect(heard).toEqual(['asked', 'refused', 'ended']);
    await expect(channel.post('<b/>', never)).rejects.toMatchObject({ kind: 'protocol' });
    channel.close();
    expect(state.requests).toBe(2);
  });

  test('is followed once: a server that calls every one too old is an error after two', async () => {
    const { channel, state, heard } = await ask([challenge('n'), ok(), challenge('m', ', stale=true')]);
    await expect(channel.post('<b/>', never)).rejects.toMatchObject({ kind: 'protocol' });
    channel.close();
    expect(state).toEqual({ connections: 1, requests: 4 });
    expect(heard).toEqual(['asked', 'said', 'ended', 'refused', 'ended']);
  });

  test('that is followed by a refusal is a refusal', async () => {
    const { channel, state, heard } = await ask([
      challenge('n'),
      ok(),
      challenge('m', ', stale=true'),
      challenge('o'),
    ]);
    await expect(channel.post('<b/>', never)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(state.requests).toBe(4);
    expect(heard).toEqual(['asked', 'said', 'ended', 'refused', 'ended']);
  });

  test('while its login waited for its turn is fetched anew, without a proof', async () => {
    const { endpoint, seen } = await answering(challenge('n'), challenge('m'), ok());
    let now = 0;
    const before = async () => ((now += 60_000), UNHEARD);
    const socket = connect(endpoint.port, '127.0.0.1');
    await once(socket, 'connect');
    const line = new Line(socket, endpoint, { maxResponseBytes: 10_000 });
    const { post } = await digest(endpoint, LOGIN, () => now)(line, before, never);
    expect(await post(Buffer.from('<a/>'), never)).toMatchObject({ status: 200 });
    socket.destroy();
    const nonces = seen.map(({ authorization }) => /nonce="(.)"/.exec(authorization ?? '')?.[1]);
    expect(nonces).toEqual([undefined, undefined, 'm']);
  });

  test.each([
    [
      'another realm',
      'Digest realm="other", nonce="m", qop="auth", stale=true, algorithm=SHA-256, userhash=true',
    ],
    ['a weaker hash', 'Digest realm="r", nonce="m", qop="auth", stale=true, userhash=true'],
    ['a name in clear', 'Digest realm="r", nonce="m", qop="auth", stale=true, algorithm=SHA-256'],
    [
      'another key',
      'Digest realm="r", nonce="m", qop="auth", stale=true, algorithm=SHA-256-sess, userhash=true',
    ],
  ])('is no way to %s', async (_, weaker) => {
    const { channel, state } = await ask([
      challenge('n', ', algorithm=SHA-256, userhash=true'),
      ok(),
      reply('401 No', `WWW-Authenticate: ${weaker}\r\n`),
    ]);
    await expect(channel.post('<b/>', never)).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('changed in mid-sign-in') as string,
    });
    expect(state.requests).toBe(3);
  });

  test('makes nothing happen twice over http that changes something, where bodies are proven', async () => {
    const proven = (nonce: string, more = '') => challenge(nonce, more).replace('"auth"', '"auth-int"');
    const answers = [proven('n'), ok(), proven('m', ', stale=true'), ok()];
    const soap = (action: string) =>
      `<s:Envelope><s:Header><a:Action>${action}</a:Action></s:Header><s:Body></s:Body></s:Envelope>`;
    const changing = await ask(answers);
    const told = await changing.channel.post(soap(ACTIONS.Delete), never).catch((error: unknown) => error);
    const message = expect.stringContaining('called its challenge too old') as string;
    expect(told).toMatchObject({ kind: 'protocol', message, faultCode: undefined });
    // It answered, so nothing tries again as after a connection that broke.
    expect(told).not.toHaveProperty('info.network');
    expect(changing.heard).not.toContain('refused');
    for (const useUTF16 of [false, true]) {
      const looking = await ask(answers, '<a/>', { useUTF16 });
      expect(await looking.channel.post(soap(ACTIONS.Enumerate), never)).toBe('<ok/>');
    }
  });
});

test.each([
  ['lets anyone in', ok(), 'denied', 'without asking'],
  [
    'offers other ways',
    reply('401 No', 'WWW-Authenticate: Negotiate\r\nWWW-Authenticate: Basic realm="x"\r\n'),
    'denied',
    'Negotiate, Basic',
  ],
  ['offers nothing', reply('401 No', ''), 'denied', 'no way to sign in'],
  ['asks for what is not spoken', challenge('n', ', algorithm=TIGER'), 'denied', 'not spoken'],
  [
    'breaks off in a quote',
    reply('401 No', 'WWW-Authenticate: Digest realm="r\r\n'),
    'protocol',
    'cannot be read',
  ],
  ['says one thing twice', challenge('n', ', nonce="m"'), 'protocol', 'cannot be read'],
  ['gives no nonce', challenge(''), 'protocol', 'what to answer to'],
  ['redirects', reply('302 Found', 'Location: http://elsewhere/\r\n'), 'protocol', 'redirects'],
])('a server that %s gets no proof', async (_, first, kind, sentence) => {
  const { outcome, state, heard } = await ask([first, ok()]);
  expect(outcome).toMatchObject({ kind, message: expect.stringContaining(sentence) as string });
  expect(state.requests).toBe(1);
  expect(heard).toEqual([]);
});

test('an answer whose own proof does not hold is not taken', async () => {
  const { outcome } = await ask([
    challenge('n'),
    ok('Authentication-Info: rspauth="00000000000000000000000000000000"\r\n'),
  ]);
  expect(outcome).toMatchObject({ kind: 'protocol' });
});

test('a server that closes behind its challenge ends in an error, and nothing waits', async () => {
  const { endpoint, state } = await requestServer((socket) =>
    socket.end(challenge('n').replace('\r\n', '\r\nConnection: close\r\n')),
  );
  const channel = openChannel(endpoint, LOGIN, DIGEST);
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({ kind: 'unreachable' });
  channel.close();
  expect(state.connections).toBe(1);
});

test('over https nothing needs to be allowed', async () => {
  const endpoint = await rawServer((socket) => socket.destroy());
  const channel = openChannel({ ...endpoint, scheme: 'https' }, LOGIN, { authentication: 'Digest' });
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({ kind: 'unreachable' });
  channel.close();
});
