import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { kerberosFailure } from '../auth/kerberos-failure.ts';
import type { KerberosProvider } from '../auth/kerberos-provider.ts';
import { SEALED_TYPE } from '../auth/sealed-mime.ts';
import { decodeNegTokenInit, encodeNegTokenResp, KERBEROS_OID } from '../auth/spnego-message.ts';
import { Line } from './line.ts';
import { listening } from './login-fixture.ts';
import { openChannel } from './connection.ts';
import { negotiate } from './negotiate.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);

const credential = { username: 'alice@lab.test', password: 'Passw0rd!' };
const never = new AbortController().signal;
const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Each ticket is numbered. `AP-REP` completes it; `KRB-ERROR` says that the computer cannot read it. */
function tickets(beforeEnd: () => Promise<unknown> = () => Promise.resolve()) {
  const state = { given: 0, freed: 0 };
  const openSession = () => {
    let complete = false;
    return {
      get complete() {
        return complete;
      },
      step: async (token?: Uint8Array) => {
        if (!token) return Buffer.from(`AP-REQ ${++state.given}`);
        await beforeEnd();
        if (text(token) !== 'AP-REP') throw kerberosFailure('wrongKey', { spn: 'HTTP/web01.lab.test' });
        complete = true;
        return undefined;
      },
      wrap: (data: Uint8Array) => ({ header: new Uint8Array(), data }),
      unwrap: ({ data }: { readonly data: Uint8Array }) => data,
      sign: (message: Uint8Array) => message,
      verify: () => undefined,
      release: () => void state.freed++,
    };
  };
  const provider: KerberosProvider = {
    takesShortNames: false,
    defaultRealm: () => undefined,
    logOn: () =>
      Promise.resolve({ principal: 'alice@LAB.TEST', openSession, release: () => void state.freed++ }),
  };
  return { state, provider };
}

/** What one connection is answered with for each token, and whether it stays open then. */
type Answer = (
  scheme: string,
  token: Buffer,
) => { status: string; headers: readonly string[]; end?: boolean };

async function signIn(
  answer: Answer,
  { provider } = tickets(),
  connected: (socket: Socket) => void = () => undefined,
) {
  const seen: string[] = [];
  const { endpoint } = await requestServer((socket, { authorization = '' }) => {
    const [scheme = '', token = ''] = authorization.split(' ');
    seen.push(scheme);
    const { status, headers, end } = answer(scheme, Buffer.from(token, 'base64'));
    const all = [...headers.map((one) => `WWW-Authenticate: ${one}`), ...(end ? ['Connection: close'] : [])];
    const reply = `HTTP/1.1 ${status}\r\n${all.map((one) => `${one}\r\n`).join('')}Content-Length: 0\r\n\r\n`;
    if (end) socket.end(reply);
    else socket.write(reply);
  });
  const socket = connect(endpoint.port, endpoint.hostname);
  await once(socket, 'connect');
  connected(socket);
  const named = { ...endpoint, hostname: 'web01.lab.test' };
  const line = new Line(socket, named, { maxResponseBytes: 10_000 });
  const request = { endpoint: named, mechanism: 'Default', credential, kerberos: () => provider } as const;
  const { beforeLogin, heard } = listening();
  return {
    socket,
    seen,
    heard,
    outcome: await negotiate(request)(line, beforeLogin, never).catch((e: unknown) => e),
  };
}

const refuse = (...headers: readonly string[]) => ({ status: '401 No', headers });

describe('once a ticket was shown', () => {
  test.each<[string, Answer, string]>([
    ['answers with a plain 401', () => refuse('Negotiate', 'NTLM'), 'did not take the Kerberos ticket'],
    [
      'refuses it in SPNEGO',
      () => refuse(`Negotiate ${base64(encodeNegTokenResp({ negState: 2 }))}`),
      'did not take the Kerberos ticket of alice@LAB.TEST for HTTP/web01.lab.test',
    ],
    ['offers NTLM alone', () => refuse('NTLM'), 'does not take a sign-in by Negotiate'],
    [
      'cannot read it',
      () =>
        refuse(
          `Negotiate ${base64(encodeNegTokenResp({ negState: 1, supportedMech: KERBEROS_OID, responseToken: Buffer.from('KRB-ERROR') }))}`,
        ),
      'cannot read the ticket',
    ],
  ])('a computer that %s gets nothing by NTLM', async (_, answer, message) => {
    const { state, provider } = tickets();
    const { outcome, seen } = await signIn(answer, { state, provider });
    expect(outcome).toMatchObject({ kind: 'denied', message: expect.stringContaining(message) });
    expect(seen).toEqual(['Negotiate']);
    expect(state).toEqual({ given: 1, freed: 2 });
  });

  test('a computer that offers Kerberos by that name alone is shown another one, and nothing after that', async () => {
    const { state, provider } = tickets();
    const taking: Answer = (scheme, token) =>
      scheme === 'Kerberos' && token.toString() === 'AP-REQ 2'
        ? { status: '200 OK', headers: [`Kerberos ${base64('AP-REP')}`] }
        : refuse('Kerberos');
    const { outcome, seen, socket } = await signIn(taking, { state, provider });
    expect(seen).toEqual(['Negotiate', 'Kerberos']);
    expect(outcome).toMatchObject({
      isSealed: true,
      report: {
        ...{
          scheme: 'Kerberos',
          mechanism: 'Kerberos',
          account: 'alice@LAB.TEST',
          spn: 'HTTP/web01.lab.test',
        },
        refused: [{ mechanism: 'Kerberos in Negotiate', why: 'web01.lab.test does not offer Negotiate.' }],
      },
    });
    expect(state).toEqual({ given: 2, freed: 2 }); // the first one, and what it was got with
    socket.destroy();
    await once(socket, 'close');
    await new Promise(setImmediate);
    expect(state.freed).toBe(3);
    const never = await signIn(() => refuse('Kerberos'));
    expect(never.seen).toEqual(['Negotiate', 'Kerberos']);
    expect(never.outcome).toMatchObject({
      message: expect.stringContaining('did not take the Kerberos ticket'),
    });
  });
});

test('a context is given back though the computer closed before it was complete', async () => {
  let closed: Promise<unknown> = Promise.resolve();
  const all = tickets(() => closed);
  const { outcome, heard } = await signIn(
    (_, token) => {
      expect(text(decodeNegTokenInit(token).mechToken ?? Buffer.alloc(0))).toBe('AP-REQ 1');
      return {
        status: '200 OK',
        headers: [
          `Negotiate ${base64(encodeNegTokenResp({ negState: 0, supportedMech: KERBEROS_OID, responseToken: Buffer.from('AP-REP') }))}`,
        ],
        end: true,
      };
    },
    all,
    // The library's thread is done only after that.
    (socket) => (closed = once(socket, 'close')),
  );
  expect(outcome).toMatchObject({ report: { mechanism: 'Kerberos in Negotiate' } });
  expect(heard).toEqual(['asked', 'taken', 'ended']);
  await new Promise(setImmediate);
  expect(all.state).toEqual({ given: 1, freed: 2 });
});

/** Takes every ticket, and then answers each body with the next of these; its context expires before that many were sealed. */
async function taking(answers: readonly ('401' | 'sealed')[], expiresAt?: number | 'always') {
  const seen: string[] = [];
  let [wraps, opened] = [0, 0];
  const { provider } = tickets();
  const expiring: KerberosProvider = {
    ...provider,
    logOn: async (account) => {
      const logon = await provider.logOn(account);
      const openSession: typeof logon.openSession = (spn, binding) => {
        const session = logon.openSession(spn, binding);
        opened++;
        const wrap = (data: Uint8Array) => {
          if (++wraps === expiresAt || expiresAt === 'always')
            throw kerberosFailure('ticketExpired', { spn });
          return session.wrap(data);
        };
        return Object.defineProperties({ ...session, wrap }, { complete: { get: () => session.complete } });
      };
      return { ...logon, openSession };
    },
  };
  const { endpoint } = await requestServer((socket, { authorization, body }) => {
    seen.push(authorization ? 'ticket' : 'body');
    const answer = authorization ? 'ticket' : answers[seen.filter((one) => one === 'body').length - 1];
    if (answer === '401')
      return socket.write('HTTP/1.1 401 No\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n');
    const done = encodeNegTokenResp({
      negState: 0,
      supportedMech: KERBEROS_OID,
      responseToken: Buffer.from('AP-REP'),
    });
    const sealed = answer === 'ticket' ? Buffer.alloc(0) : body;
    const head =
      answer === 'ticket' ? `WWW-Authenticate: Negotiate ${base64(done)}` : `Content-Type: ${SEALED_TYPE}`;
    socket.write(`HTTP/1.1 200 OK\r\n${head}\r\nContent-Length: ${sealed.length}\r\n\r\n`);
    socket.write(sealed);
  });
  const channel = openChannel({ ...endpoint, hostname: 'localhost' }, undefined, {
    authentication: 'Negotiate',
    kerberos: () => expiring,
  });
  return { seen, channel, opened: () => opened };
}

test('a computer that takes the ticket and not the request is told so: there was no password, nor a name', async () => {
  const { channel } = await taking(['401']);
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({
    kind: 'denied',
    message: 'localhost signed alice@LAB.TEST in, and then did not let the request in.',
    signIn: { mechanism: 'Kerberos in Negotiate' },
  });
  channel.close();
});

test('a ticket that runs out on a kept connection is followed by a new sign-in, and each request is sent once', async () => {
  const { channel, seen, opened } = await taking(['sealed', 'sealed'], 2);
  expect(await channel.post('<a/>', never)).toBe('<a/>');
  expect(await channel.post('<b/>', never)).toBe('<b/>');
  channel.close();
  expect(seen).toEqual(['ticket', 'body', 'ticket', 'body']);
  expect(opened()).toBe(2);
});

test('one that has run out again with the new sign-in is told, and no third is made', async () => {
  const { channel, seen, opened } = await taking([], 'always');
  await expect(channel.post('<a/>', never)).rejects.toMatchObject({
    message: 'The Kerberos ticket has expired.',
  });
  channel.close();
  expect(seen).toEqual(['ticket', 'ticket']);
  expect(opened()).toBe(2);
});
