import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { AuthenticationMechanism } from '../../../shared/computer.ts';
import { NegotiateAcceptor } from '../auth/spnego-acceptor.ts';
import { WinRMError } from '../error.ts';
import { diagnoseComputer } from '../index.ts';
import { ACTIONS } from '../wsman/request.ts';
import { openChannel } from './connection.ts';
import { reply } from './liar-fixture.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';
import { unjudgedProof } from './unjudged-proof.ts';

afterEach(closeRawServers);

const LOGIN = { username: 'LAB\\alice', password: 'wrong' };
const never = new AbortController().signal;
const soap = (action: 'Enumerate' | 'Disconnect') =>
  `<s:Envelope><s:Header><a:Action>${ACTIONS[action]}</a:Action></s:Header><s:Body></s:Body></s:Envelope>`;
const CHECK = 'Check the account before you try again: each wrong attempt counts towards its lock-out.';
const WRONG = 'The user name or the password is wrong, and it does not say so.';
const SHOWN = 'It was shown the password by then, which may count as a try of a wrong one.';

/** Says which ways there are, hands a challenge out, and closes on each proof, or on what `isOver` says. */
async function closing(isOver = (token: Buffer) => token.includes('NTLMSSP\0\x03')) {
  const answer = (socket: Socket, authorization: string) => {
    if (authorization.startsWith('Basic')) return socket.destroy();
    const token = Buffer.from(authorization.replace('Negotiate ', ''), 'base64');
    if (token.length === 0)
      return socket.write(reply('401 No', 'WWW-Authenticate: Negotiate\r\nWWW-Authenticate: Basic\r\n'));
    if (isOver(token)) return socket.destroy();
    const stranger = new NegotiateAcceptor(
      { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => undefined },
      { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(9) },
    );
    const challenge = Buffer.from(stranger.step(token) ?? []).toString('base64');
    return socket.write(reply('401 No', `WWW-Authenticate: Negotiate ${challenge}\r\n`));
  };
  const { endpoint } = await requestServer((socket, { authorization = '' }) => answer(socket, authorization));
  return endpoint;
}

async function failure(authentication: AuthenticationMechanism, text: string, isOver?: () => boolean) {
  const channel = openChannel(await closing(isOver), LOGIN, { authentication, allowBasicOverHttp: true });
  const error: unknown = await channel.post(text, never).catch((one: unknown) => one);
  channel.close();
  if (!(error instanceof WinRMError)) throw new Error('It did not fail.');
  return error;
}

test.each([
  ['Negotiate', 'Enumerate', CHECK],
  ['Negotiate', 'Disconnect', CHECK], // which was not sent
  ['Basic', 'Enumerate', CHECK],
  [
    'Basic',
    'Disconnect',
    `Refresh before you repeat an action: it may or may not have been carried out. ${CHECK}`,
  ],
] as const)(
  'a connection that ends on the proof by %s under %s is told as one by which a wrong password may have counted',
  async (authentication, action, remedy) => {
    const { kind, message, info } = await failure(authentication, soap(action));
    expect(kind).toBe('unreachable');
    expect(message).toMatch(/^127\.0\.0\.1 broke the connection off .*\. /);
    expect(message).toContain(SHOWN);
    expect(info.causes?.[0]).toBe(WRONG);
    expect(info.causes?.join()).not.toContain('speaks TLS');
    expect(info).toMatchObject({ remedy: { text: remedy }, errorId: 'CannotConnect' });
  },
);

test('one that ends before the proof has shown no password', async () => {
  const { message, info } = await failure('Negotiate', soap('Enumerate'), () => true);
  expect(message).toBe('127.0.0.1 broke the connection off before it had let the account in.');
  expect(info.causes?.join()).not.toContain('password');
});

test('diagnostics say the same of the sign-in', async () => {
  const { port } = await closing();
  const options = { port, authentication: 'Negotiate' } as const;
  const found = await diagnoseComputer({ computerName: '127.0.0.1', credential: LOGIN, options }, never);
  const failed = found.rungs.find(({ verdict }) => verdict === 'failed');
  expect(failed).toMatchObject({ name: 'signIn', remedy: { text: CHECK } });
  expect(failed?.sentence).toContain(SHOWN);
  expect(failed?.error?.causes?.join()).not.toContain('speaks TLS');
});

test('what was answered, and then no more, is told as it is', () => {
  const error = new WinRMError('protocol', 'It is not HTTP.');
  expect(unjudgedProof(error, true)).toBe(error);
});

test('who answered in HTTP on an earlier connection does not speak TLS', async () => {
  const { endpoint } = await requestServer((socket, { body }, connection) => {
    if (connection === 1) socket.end(reply('401 No', 'WWW-Authenticate: Digest realm="r", nonce="n"\r\n'));
    else if (body.length === 0) socket.destroy();
  });
  const channel = openChannel(endpoint, LOGIN, { authentication: 'Negotiate' });
  await channel.post('<a/>', never).catch(() => undefined);
  const error: unknown = await channel.post('<a/>', never).catch((one: unknown) => one);
  channel.close();
  expect(error).toMatchObject({ message: expect.stringContaining('broke the connection off') as string });
  expect((error as WinRMError).info.causes?.join()).not.toContain('speaks TLS');
});
