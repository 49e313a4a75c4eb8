import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readSealed, SEALED_TYPE, writeSealed } from '../auth/sealed-mime.ts';
import { NegotiateAcceptor } from '../auth/spnego-acceptor.ts';
import { kerberosFailure } from '../auth/kerberos-failure.ts';
import type { KerberosProvider } from '../auth/kerberos-provider.ts';
import { toErrorInfo, WinRMError } from '../error.ts';
import { toSoap } from '../wsman/request.ts';
import type { Action } from '../wsman/request.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { listening } from './login-fixture.ts';
import type { BeforeLogin } from './login.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const LOGIN = { username: 'LAB\\alice', password: 'Passw0rd!' };
const BASIC: ChannelOptions = { authentication: 'Basic', allowBasicOverHttp: true };
const never = new AbortController().signal;
const reply = (status: string, headers = '', body: Uint8Array = new Uint8Array()) =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
const SOAP = 'Content-Type: application/soap+xml;charset=UTF-8\r\n';
const ok = () => reply('200 OK', SOAP, Buffer.from('<ok/>'));

/**
 * Signs in rightly with Negotiate; `answer` then makes what goes back for each sealed request. Where it `signs` not, it
 * knows NTLM alone.
 */
async function negotiating(password: string, answer: (count: number) => 'sealed' | '401', signs = true) {
  const acceptors = new Map<Socket, NegotiateAcceptor>();
  let count = 0;
  const seen: string[] = [];
  const server = await requestServer((socket, { authorization, body }) => {
    const acceptor =
      acceptors.get(socket) ??
      new NegotiateAcceptor(
        { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => password },
        { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(7) },
      );
    acceptors.set(socket, acceptor);
    if (authorization) {
      seen.push('token');
      const [scheme = '', token = ''] = authorization.split(' ');
      if (!signs && scheme === 'Negotiate')
        return socket.write(reply('401 No', 'WWW-Authenticate: NTLM\r\n'));
      let next: Uint8Array | undefined;
      try {
        next = acceptor.step(Buffer.from(token, 'base64'));
      } catch {
        next = undefined; // a wrong password
      }
      const header = next ? `WWW-Authenticate: ${scheme} ${Buffer.from(next).toString('base64')}\r\n` : '';
      return socket.write(reply(acceptor.complete ? '200 OK' : '401 No', header));
    }
    seen.push('soap');
    if (answer(++count) === '401') return socket.write(reply('401 No', 'WWW-Authenticate: Negotiate\r\n'));
    const [part] = readSealed(body, SEALED_TYPE);
    const plain = part ? acceptor.unwrap(part) : body;
    const contentType = 'application/soap+xml;charset=UTF-8';
    const sealed = writeSealed({ ...acceptor.wrap(plain), contentType, plainLength: plain.length });
    socket.write(reply('200 OK', `Content-Type: ${SEALED_TYPE}\r\n`, sealed));
  });
  return { ...server, seen };
}

test('Basic: the first request of a connection is its login, and the SOAP that comes back is its word that it was taken', async () => {
  const { heard, beforeLogin } = listening();
  const { endpoint } = await requestServer((socket) => socket.write(ok()));
  const channel = openChannel(endpoint, LOGIN, { ...BASIC, beforeLogin });
  await channel.post('<a/>', never);
  await channel.post('<b/>', never);
  channel.close();
  expect(heard).toEqual(['asked', 'said', 'ended', 'said', 'ended']);
});

test.each([
  ['refused', '401 No', ['asked', 'refused', 'ended']],
  ['neither, where no WinRM answers', '404 Not Found', ['asked', 'ended']],
])('Basic: a login can be %s', async (_, status, said) => {
  const { heard, beforeLogin } = listening();
  const { endpoint } = await requestServer((socket) => socket.write(reply(status)));
  const channel = openChannel(endpoint, LOGIN, { ...BASIC, beforeLogin });
  await expect(channel.post('<a/>', never)).rejects.toBeInstanceOf(WinRMError);
  channel.close();
  expect(heard).toEqual(said);
});

test('Basic that is switched off is no refusal: others are still asked with the same account', async () => {
  const { heard, ends, beforeLogin } = listening();
  const { endpoint } = await requestServer((socket) =>
    socket.write(reply('401 No', 'WWW-Authenticate: Negotiate, NTLM\r\n')),
  );
  const channel = openChannel(endpoint, LOGIN, { ...BASIC, beforeLogin });
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({
    kind: 'denied',
    message: '127.0.0.1 offers Negotiate, NTLM, but not Basic, which is chosen for it.',
    info: { remedy: { text: expect.stringContaining('Choose a way that it offers') as string } },
  });
  channel.close();
  expect([heard, ends]).toEqual([['asked', 'ended'], ['otherWays']]);
});

test('who asked for a proof and then offers other ways alone has refused it: Digest, and Basic that was offered', async () => {
  let posts = 0;
  const digest = 'Digest realm="r", nonce="n", qop="auth"';
  for (const [authentication, offer, proofs] of [
    ['Digest', digest, 1],
    ['Basic', 'Basic realm="x"', 2],
  ] as const) {
    const { heard, beforeLogin } = listening();
    const { endpoint } = await requestServer((socket, { authorization }) => {
      if (authorization) posts++;
      socket.write(reply('401 No', `WWW-Authenticate: ${authorization ? 'Negotiate' : offer}\r\n`));
    });
    const channel = openChannel(endpoint, LOGIN, { ...BASIC, authentication, beforeLogin });
    for (let i = 0; i < 4; i++) await channel.post('<a/>', never).catch(() => undefined);
    await expect(channel.post('<a/>', never)).rejects.toMatchObject({ kind: 'unauthenticated' });
    channel.close();
    expect(posts).toBe(proofs);
    expect(heard.filter((what) => what === 'refused')).toHaveLength(1);
    posts = 0;
  }
});

test('who did not offer Basic is shown the password no more, and asked without it until it does', async () => {
  const { heard, beforeLogin } = listening();
  const seen: string[] = [];
  let offered = 'Negotiate';
  const { endpoint } = await requestServer((socket, { authorization, body }) => {
    seen.push(`${authorization ? 'password' : 'nobody'}, ${body.length} bytes`);
    const isIn = authorization !== undefined && offered === 'Basic realm="x"';
    socket.write(isIn ? ok() : reply('401 No', `WWW-Authenticate: ${offered}\r\n`));
  });
  const channel = openChannel(endpoint, LOGIN, { ...BASIC, beforeLogin });
  const off = { kind: 'denied', message: expect.stringContaining('but not Basic') as string };
  await expect(channel.post('<a/>', never)).rejects.toMatchObject(off);
  expect(seen.splice(0)).toEqual(['password, 4 bytes']);
  for (let i = 0; i < 2; i++) await expect(channel.post('<a/>', never)).rejects.toMatchObject(off);
  expect(seen.splice(0)).toEqual(['nobody, 0 bytes', 'nobody, 0 bytes']);
  expect(heard.splice(0)).toEqual(['asked', 'ended']); // the latter two were no logins
  offered = 'Basic realm="x"';
  expect(await channel.post('<a/>', never)).toBe('<ok/>');
  expect(await channel.post('<a/>', never)).toBe('<ok/>');
  expect(seen).toEqual(['nobody, 0 bytes', 'password, 4 bytes', 'password, 4 bytes']);
  expect(heard).toEqual(['asked', 'said', 'ended', 'said', 'ended']);
  channel.close();
});

test('nor is the password shown to who, asked without it, asks for none', async () => {
  const seen: boolean[] = [];
  const { endpoint } = await requestServer((socket, { authorization }) => {
    seen.push(authorization !== undefined);
    socket.write(authorization ? reply('401 No', 'WWW-Authenticate: Negotiate\r\n') : ok());
  });
  const channel = openChannel(endpoint, LOGIN, BASIC);
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({ kind: 'denied' });
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({
    message: '127.0.0.1 does not take a sign-in by Basic. It answers without asking who is there.',
  });
  expect(seen).toEqual([true, false]);
  channel.close();
});

test('Negotiate: AUTHENTICATE is the login, before it nothing is asked', async () => {
  const right = listening();
  const { endpoint, seen } = await negotiating('Passw0rd!', () => 'sealed');
  const atGate: string[][] = [];
  const beforeLogin: BeforeLogin = (signal) => (atGate.push([...seen]), right.beforeLogin(signal));
  const channel = openChannel(endpoint, LOGIN, { beforeLogin });
  await channel.post('<a/>', never);
  channel.close();
  expect(atGate).toEqual([['token']]);
  expect(right.heard).toEqual(['asked', 'taken', 'ended']);
  const wrong = listening();
  const other = await negotiating('Other', () => 'sealed');
  const refused = openChannel(other.endpoint, LOGIN, { beforeLogin: wrong.beforeLogin });
  await expect(refused.post('<a/>', never)).rejects.toMatchObject({ kind: 'unauthenticated' });
  refused.close();
  expect(wrong.heard).toEqual(['asked', 'refused', 'ended']);
});

test('Negotiate: where the computer signs nothing, the first answer that opens proves that it knows the password', async () => {
  const { heard, beforeLogin } = listening();
  const { endpoint, seen } = await negotiating('Passw0rd!', () => 'sealed', false);
  const before: string[][] = [];
  const channel = openChannel(endpoint, LOGIN, {
    beforeLogin: async (signal) => {
      const attempt = await beforeLogin(signal);
      return { ...attempt, taken: () => (before.push([...seen]), attempt.taken()) };
    },
  });
  await channel.post('<a/>', never);
  await channel.post('<b/>', never);
  channel.close();
  expect(before).toEqual([['token', 'token', 'token', 'soap']]);
  expect(heard).toEqual(['asked', 'taken', 'ended']);
});

test.each([true, false])(
  'a 401 to who was signed in judges no password, and is asked anew the next time (signed: %s)',
  async (signs) => {
    const { heard, beforeLogin } = listening();
    const { endpoint, state } = await negotiating(
      'Passw0rd!',
      (count) => (count === 1 ? '401' : 'sealed'),
      signs,
    );
    const channel = openChannel(endpoint, LOGIN, { beforeLogin });
    await expect(channel.post('<a/>', never)).rejects.toMatchObject({
      kind: 'denied',
      message: '127.0.0.1 signed LAB\\alice in, and then did not let the request in.',
      info: { errorId: 'AccessDenied', remedy: { command: expect.stringContaining('RootSDDL') as string } },
      signIn: { mechanism: signs ? 'NTLM in Negotiate' : 'NTLM' },
    });
    expect(heard).toEqual(signs ? ['asked', 'taken', 'ended'] : ['asked', 'ended']);
    expect(await channel.post('<a/>', never)).toBe('<a/>');
    expect(state.connections).toBe(2);
    channel.close();
  },
);

test('a refused sign-in tells what was tried, and before that why it was not Kerberos', async () => {
  const { endpoint } = await negotiating('Other', () => 'sealed');
  const kerberos = (): KerberosProvider => ({
    takesShortNames: true,
    defaultRealm: () => 'LAB.TEST',
    logOn: () => Promise.reject(kerberosFailure('wrongRealm', { principal: 'alice@OTHER.REALM' })),
  });
  const channel = openChannel(
    { ...endpoint, hostname: 'localhost' },
    { ...LOGIN, username: 'alice@OTHER.REALM' },
    { authentication: 'Negotiate', kerberos },
  );
  for (const soap of ['<a/>', '<b/>']) {
    const error = await channel.post(soap, never).catch((reason: unknown) => reason);
    expect(toErrorInfo(error)).toMatchObject({
      kind: 'unauthenticated',
      signIn: {
        mechanism: 'NTLM in Negotiate',
        account: 'alice@OTHER.REALM',
        refused: [{ mechanism: 'Kerberos', why: expect.stringContaining('OTHER.REALM') as string }],
      },
    });
  }
  channel.close();
});

test('a login that is not let out sends no password, and is no refusal: the next request may', async () => {
  const { heard, beforeLogin } = listening();
  const held = new WinRMError('unauthenticated', 'Not now.');
  let isHeld = true;
  const { endpoint, state } = await requestServer((socket) => socket.write(ok()));
  const channel = openChannel(endpoint, LOGIN, {
    ...BASIC,
    beforeLogin: (signal) => (isHeld ? Promise.reject(held) : beforeLogin(signal)),
  });
  await expect(channel.post('<a/>', never)).rejects.toBe(held);
  expect(state).toEqual({ connections: 1, requests: 0 });
  isHeld = false;
  expect(await channel.post('<a/>', never)).toBe('<ok/>');
  channel.close();
  expect(heard).toEqual(['asked', 'said', 'ended']);
});

const soapOf = (action: Action) =>
  toSoap(
    { action, resourceUri: 'r' },
    {
      to: 'http://h/wsman',
      messageId: '1',
      sessionId: '2',
      operationId: '3',
      maxEnvelopeSizeBytes: 1,
      operationTimeoutMs: 1,
      locale: 'en-US',
    },
  );

test('over a sealed connection a 401 in clear makes nothing happen twice that changes something', async () => {
  const { heard, beforeLogin } = listening();
  const { endpoint, state } = await negotiating('Passw0rd!', (count) => (count === 2 ? '401' : 'sealed'));
  const channel = openChannel(endpoint, LOGIN, { beforeLogin });
  await channel.post(soapOf('Enumerate'), never);
  await expect(channel.post(soapOf('Delete'), never)).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringMatching(/answered a sealed request with HTTP 401, and not sealed/) as string,
    info: { remedy: { text: expect.stringContaining('may or may not have been carried out') as string } },
  });
  expect(state.connections).toBe(1);
  expect(await channel.post(soapOf('Enumerate'), never)).toContain('Enumerate');
  channel.close();
  expect(state.connections).toBe(2);
  expect(heard.filter((what) => what === 'taken')).toHaveLength(2);
});

test('a list is asked again where the server forgot who asks', async () => {
  const { endpoint, state } = await negotiating('Passw0rd!', (count) => (count === 2 ? '401' : 'sealed'));
  const channel = openChannel(endpoint, LOGIN, {});
  await channel.post(soapOf('Enumerate'), never);
  expect(await channel.post(soapOf('Enumerate'), never)).toContain('Enumerate');
  channel.close();
  expect(state.connections).toBe(2);
});
