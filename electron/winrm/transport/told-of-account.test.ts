import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { LoginGuard } from '../../login-guard.ts';
import { makeIdentity } from '../../simulator/listen.ts';
import { NegotiateAcceptor } from '../auth/spnego-acceptor.ts';
import { WinRMError } from '../error.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { reply } from './liar-fixture.ts';
import { listening } from './login-fixture.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';

const opened: { close(): unknown }[] = [];
afterEach(() => {
  closeRawServers();
  for (const one of opened.splice(0)) one.close();
});

const LOGIN = { username: 'LAB\\alice', password: 'wrong' };
const never = new AbortController().signal;
const SOAP_TYPE = 'application/soap+xml;charset=UTF-8';

const faultOf = (detail: string, subcode = '') =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>${subcode}</s:Code><s:Reason><s:Text>no</s:Text></s:Reason><s:Detail>${detail}</s:Detail></s:Fault></s:Body></s:Envelope>`;
const fault = (code: number) =>
  faultOf(
    `<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="${code}"><f:Message>no</f:Message></f:WSManFault>`,
  );

/** By Basic or Digest; answers each proof so. */
async function inClear(scheme: 'Basic' | 'Digest', answer: Uint8Array) {
  let proofs = 0;
  const { endpoint } = await requestServer((socket, { authorization }) => {
    const isAsked = authorization !== undefined || scheme === 'Basic';
    if (authorization) proofs++;
    socket.write(
      isAsked ? answer : reply('401 No', 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n'),
    );
  });
  return { endpoint, proofs: () => proofs };
}

const identity = makeIdentity(['127.0.0.1']);

/** By NTLM over TLS; answers each proof so. */
async function overTls(status: number, body: string) {
  let proofs = 0;
  const { key, certificate: cert } = await identity;
  const server = createServer({ key, cert }, (request, response) => {
    const token = Buffer.from((request.headers.authorization ?? '').replace('Negotiate ', ''), 'base64');
    request.resume();
    const isProof = token.includes('NTLMSSP\0\x03');
    if (isProof) proofs++;
    if (isProof || token.length === 0) {
      return response.writeHead(status, { 'Content-Type': SOAP_TYPE }).end(body);
    }
    const stranger = new NegotiateAcceptor(
      { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => undefined },
      { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(9) },
    );
    const challenge = Buffer.from(stranger.step(token) ?? []).toString('base64');
    return response.writeHead(401, { 'WWW-Authenticate': `Negotiate ${challenge}` }).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  opened.push(server, { close: () => server.closeAllConnections() });
  const { port } = server.address() as AddressInfo; // a TCP server's address is always of this form
  return {
    endpoint: { scheme: 'https', hostname: '127.0.0.1', port, path: '/wsman' } satisfies Endpoint,
    proofs: () => proofs,
  };
}

const WAYS = ['Basic', 'Digest', 'Negotiate'] as const;
const serve = (way: (typeof WAYS)[number], status: number, body: string) =>
  way === 'Negotiate'
    ? overTls(status, body)
    : inClear(way, reply(`${status} X`, `Content-Type: ${SOAP_TYPE}\r\n`, body));
const optionsOf = (authentication: (typeof WAYS)[number]): ChannelOptions => ({
  authentication,
  noEncryption: true,
  skipCACheck: true,
});

describe.each(WAYS)('a fault in answer to a proof by %s', (way) => {
  const hear = async (status: number, body: string) => {
    const { heard, beforeLogin } = listening();
    const { endpoint, proofs } = await serve(way, status, body);
    const channel = openChannel(endpoint, LOGIN, { ...optionsOf(way), beforeLogin });
    for (let i = 0; i < 3; i++) await channel.post('<a/>', never).catch(() => undefined);
    channel.close();
    return { heard, proofs: proofs() };
  };

  test.each([
    ['a wrong password', 1326],
    ['a locked account', 1909],
    ['an expired password', 0x80070000 + 1330],
  ])('that tells of %s is a refusal, which is remembered', async (_, code) => {
    for (const status of [500, 200])
      expect(await hear(status, fault(code))).toEqual({ heard: ['asked', 'refused', 'ended'], proofs: 1 });
  });

  test.each([
    ['that no domain controller was there', fault(1311)],
    ['that WinRM cannot be reached', fault(2150858770)],
    ['nothing', faultOf('')],
    ['what is no XML', '<s:Fault'],
  ])('that tells %s is no word for the account, which is not shown again', async (_, body) => {
    expect(await hear(500, body)).toEqual({ heard: ['asked', 'ended'], proofs: 1 });
  });

  test.each([
    [1326, 'The user name or the password is wrong, or the password has expired.', 'Check the account'],
    [
      0x80000000 + 0x90000 + 0x30c,
      'The user name or the password is wrong, or the password has expired.',
      'Check',
    ],
    [1909, undefined, 'Have that mended'],
  ])('with the number %i has causes and a remedy of its own', async (code, cause, remedy) => {
    const { endpoint } = await serve(way, 500, fault(code));
    const channel = openChannel(endpoint, LOGIN, optionsOf(way));
    const error: unknown = await channel.post('<a/>', never).catch((reason: unknown) => reason);
    channel.close();
    if (!(error instanceof WinRMError)) throw new Error('It did not fail.');
    expect(error).toMatchObject({ kind: 'unauthenticated', info: { isFault: true, detail: 'no' } });
    expect(error.info.causes?.[0]).toBe(cause);
    expect(error.info.remedy?.text).toMatch(new RegExp(`^${remedy}.*lock-out`));
  });

  test('is not looked for in what comes with HTTP 200 and without the word: that is taken, sound or not', async () => {
    for (const body of ['<s:Envelope/>', 'lkjlkj'])
      expect((await hear(200, body)).heard.slice(0, 3)).toEqual(['asked', 'said', 'ended']);
    expect(await hear(200, 'lkjlkj Fault')).toEqual({ heard: ['asked', 'ended'], proofs: 1 });
  });

  test('that tells of a wrong password, from each of sixteen: two get a proof', async () => {
    const { before: beforeLogin } = new LoginGuard().of(LOGIN);
    const servers = await Promise.all(Array.from({ length: 16 }, () => serve(way, 500, fault(1326))));
    await Promise.allSettled(
      servers.map(async ({ endpoint }) => {
        const channel = openChannel(endpoint, LOGIN, { ...optionsOf(way), beforeLogin });
        await channel.post('<a/>', new AbortController().signal).finally(() => channel.close());
      }),
    );
    expect(servers.reduce((sum, { proofs }) => sum + proofs(), 0)).toBe(2);
  });
});
