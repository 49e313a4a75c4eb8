import { afterEach, describe, expect, test } from 'vitest';
import type { Socket } from 'node:net';
import { LoginGuard } from '../../login-guard.ts';
import { NegotiateAcceptor } from '../auth/spnego-acceptor.ts';
import { WinRMError } from '../error.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { listening } from './login-fixture.ts';
import { LOST_FOR_MS, LostProof } from './lost-proof.ts';
import { UNHEARD } from './login.ts';
import { reply } from './liar-fixture.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const LOGIN = { username: 'LAB\\alice', password: 'wrong' };
const BASIC: ChannelOptions = { authentication: 'Basic', allowBasicOverHttp: true };
const never = new AbortController().signal;
const ok = () => reply('200 OK', 'Content-Type: application/soap+xml;charset=UTF-8\r\n', '<ok/>');

/** Answers each proof so; by NTLM after a proper challenge. */
async function server(answer: (socket: Socket, proofs: number) => unknown) {
  const proofs: string[] = [];
  const { endpoint } = await requestServer((socket, { authorization = '' }) => {
    const token = Buffer.from(authorization.replace(/^\w+ /, ''), 'base64');
    const isFirst = authorization.startsWith('Negotiate') && !token.includes('NTLMSSP\0\x03');
    if (!isFirst) return answer(socket, proofs.push(authorization.split(' ')[0] ?? ''));
    const stranger = new NegotiateAcceptor(
      { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => undefined },
      { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(9) },
    );
    const challenge = Buffer.from(stranger.step(token) ?? []).toString('base64');
    return socket.write(reply('401 No', `WWW-Authenticate: Negotiate ${challenge}\r\n`));
  });
  return { endpoint, proofs };
}

const ENDINGS: readonly [string, (socket: Socket) => unknown][] = [
  ['closes the connection', (socket) => socket.destroy()],
  ['answers with garbage', (socket) => socket.end('lkjlkj\r\n\r\n')],
  ['answers 500', (socket) => socket.write(reply('500 No'))],
  ['answers 403', (socket) => socket.write(reply('403 No'))],
  // Anybody can say that he is Windows' HTTP server, before a WinRM that is stopped.
  ['is stopped', (socket) => socket.write(reply('503 No', 'Server: Microsoft-HTTPAPI/2.0\r\n'))],
  ['redirects to itself', (socket) => socket.write(reply('307 No', 'Location: /next\r\n'))],
];
const WAYS: readonly ChannelOptions[] = [BASIC, { authentication: 'Negotiate' }];

describe.each(ENDINGS)('a computer that %s', (_, ending) => {
  test.each(WAYS)('gets a proof once, whatever asks again by itself: $authentication', async (options) => {
    const { heard, beforeLogin } = listening();
    const { endpoint, proofs } = await server(ending);
    const channel = openChannel(endpoint, LOGIN, { ...options, beforeLogin });
    const told: unknown[] = [];
    for (let i = 0; i < 6; i++) told.push(await channel.post('<a/>', never).catch((error: unknown) => error));
    channel.close();
    expect([proofs.length, heard]).toEqual([1, ['asked', 'ended']]);
    expect(told.at(-1)).toMatchObject({
      message: expect.stringContaining('not sent to it again by itself') as string,
      info: { causes: expect.arrayContaining([expect.stringContaining('password is wrong')]) as string[] },
    });
  });

  test('counts: of twenty like it eight get a proof', async () => {
    const { endpoint, proofs } = await server(ending);
    const { before: beforeLogin } = new LoginGuard().of(LOGIN);
    const asking = Array.from({ length: 20 }, async () => {
      const channel = openChannel(endpoint, LOGIN, { authentication: 'Negotiate', beforeLogin });
      await channel.post('<a/>', new AbortController().signal).finally(() => channel.close());
    });
    const told = await Promise.allSettled(asking);
    expect(told.every(({ status }) => status === 'rejected')).toBe(true);
    expect(proofs).toHaveLength(8);
  });
});

test('who took the account before is asked again though it breaks off: there it is the network', async () => {
  const { endpoint, proofs } = await server((socket, count) =>
    count === 2 ? socket.destroy() : socket.end(ok()),
  );
  const channel = openChannel(endpoint, LOGIN, BASIC);
  await channel.post('<a/>', never);
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({ kind: 'unreachable' });
  expect(await channel.post('<a/>', never)).toBe('<ok/>');
  channel.close();
  expect(proofs).toHaveLength(3);
});

test('a person who asks anew is answered anew; so is all the fleet once somebody took the password', async () => {
  const guard = new LoginGuard();
  const { before: beforeLogin } = guard.of(LOGIN);
  const { endpoint, proofs } = await server((socket) => socket.destroy());
  const channel = openChannel(endpoint, LOGIN, { ...BASIC, beforeLogin });
  const ask = () => channel.post('<a/>', never).catch(() => undefined);
  await guard.round('asked', ask);
  await guard.round('unasked', ask);
  expect(proofs).toHaveLength(1);
  await guard.round('asked', ask);
  await guard.round('unasked', ask);
  expect(proofs).toHaveLength(2);
  await guard.round('unasked', async () => {
    (await beforeLogin(never)).taken();
    await ask();
  });
  channel.close();
  expect(proofs).toHaveLength(3);
});

const failure = new WinRMError('unreachable', 'It broke off.', { faultCode: 1 });
const enough = new WinRMError('cancelled', 'Enough.');

test('a proof that was lost is forgotten after a while; one that was never sent is not lost', () => {
  let now = 0;
  const lost = new LostProof(() => now);
  lost.watch(UNHEARD).ended();
  expect(lost.failed(failure)).toBe(true);
  expect(() => lost.demandNone()).toThrow(
    expect.objectContaining({ kind: 'unreachable', faultCode: undefined }),
  );
  now = LOST_FOR_MS;
  lost.demandNone();
  lost.watch(UNHEARD).ended('unjudged');
  expect(lost.failed(failure)).toBe(false);
  lost.demandNone();
});

test('what a person stopped is not held against the computer, whatever fails next without a proof', () => {
  const lost = new LostProof(() => 0);
  lost.watch(UNHEARD).ended();
  expect(lost.failed(enough)).toBe(false);
  lost.demandNone();
  expect(lost.failed(new WinRMError('unreachable', 'It is off.', { network: 'before' }))).toBe(false);
  lost.demandNone();
  expect(lost.isOut).toBe(false);
});

test('but once: a second proof that is stopped before it is judged is lost, unless a person asks anew', () => {
  let now = 0;
  let mayRepeat = false;
  const lost = new LostProof(() => now);
  const stop = (error: unknown = enough) => {
    lost.watch({ ...UNHEARD, mayRepeat: () => mayRepeat }).ended();
    return lost.failed(error);
  };
  expect([stop(), stop(new Error('Ctrl+C'))]).toEqual([false, true]);
  expect(() => lost.demandNone()).toThrow('not sent to it again by itself');
  mayRepeat = true;
  lost.demandNone();
  expect(stop()).toBe(false);
  mayRepeat = false;
  now = LOST_FOR_MS;
  expect([stop(), stop()]).toEqual([false, true]);
  lost.watch(UNHEARD).taken();
  lost.demandNone();
});

test('who is stopped while it keeps silent gets one more by itself, and no third', async () => {
  const guard = new LoginGuard();
  const { before: beforeLogin } = guard.of(LOGIN);
  const { endpoint, proofs } = await server(() => undefined);
  const channel = openChannel(endpoint, LOGIN, { ...BASIC, beforeLogin });
  const stopped = async () => {
    const stop = new AbortController();
    const before = proofs.length;
    const asked = channel.post('<a/>', stop.signal).catch((error: unknown) => error);
    await Promise.race([asked, expect.poll(() => proofs.length).toBe(before + 1)]);
    stop.abort(enough);
    return asked;
  };
  expect(await guard.round('asked', stopped)).toBe(enough);
  expect(await guard.round('unasked', stopped)).toBe(enough);
  expect(await guard.round('unasked', stopped)).toMatchObject({
    message: expect.stringContaining('not sent to it again by itself') as string,
  });
  expect(proofs).toHaveLength(2);
  expect(await guard.round('asked', stopped)).toBe(enough);
  channel.close();
  expect(proofs).toHaveLength(3);
});
