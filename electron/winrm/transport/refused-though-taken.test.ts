import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { makeIdentity } from '../../simulator/listen.ts';
import { NegotiateAcceptor } from '../auth/spnego-acceptor.ts';
import { WinRMError } from '../error.ts';
import { openChannel } from './connection.ts';
import { fake } from './kerberos-fixture.ts';
import { listening } from './login-fixture.ts';
import { refusedThoughLetIn, refusedThoughTaken } from './refused-though-taken.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';
import { unauthenticated } from './reply.ts';

const opened: { close(): unknown }[] = [];
afterEach(() => {
  closeRawServers();
  for (const one of opened.splice(0)) one.close();
});

const never = new AbortController().signal;
const UPN = { username: 'alice@lab.test', password: 'Passw0rd!' };

const NO_SERVICE = Object.fromEntries(
  ['HTTP', 'WSMAN', 'host'].map((service) => [`${service}/localhost`, 'unknownService'] as const),
);

/** Hands a challenge out, and refuses the proof. */
function refusing(authorization: string): string {
  const token = Buffer.from(authorization.replace('Negotiate ', ''), 'base64');
  if (token.includes('NTLMSSP\0\x03')) return 'Negotiate';
  const stranger = new NegotiateAcceptor(
    { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => undefined },
    { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(9) },
  );
  return `Negotiate ${Buffer.from(stranger.step(token) ?? []).toString('base64')}`;
}

async function portOf(scheme: 'http' | 'https'): Promise<number> {
  if (scheme === 'http') {
    const { endpoint } = await requestServer((socket, { authorization = '' }) => {
      const head = `WWW-Authenticate: ${refusing(authorization)}\r\nContent-Length: 0`;
      socket.write(`HTTP/1.1 401 No\r\n${head}\r\n\r\n`);
    });
    return endpoint.port;
  }
  const { key, certificate: cert } = await makeIdentity(['127.0.0.1']);
  const server = createServer({ key, cert }, (request, response) => {
    request.resume();
    const { authorization = '' } = request.headers;
    response.writeHead(401, { 'WWW-Authenticate': refusing(authorization) }).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  opened.push(server, { close: () => server.closeAllConnections() });
  return (server.address() as AddressInfo).port; // a TCP server's address is always of this form
}

async function refusal(scheme: 'http' | 'https', kerberos: ReturnType<typeof fake>, credential = UPN) {
  const port = await portOf(scheme);
  const { heard, beforeLogin } = listening();
  const options = { authentication: 'Negotiate', kerberos: () => kerberos, beforeLogin } as const;
  const endpoint = { scheme, hostname: 'localhost', port, path: '/wsman' } as const;
  const channel = openChannel(endpoint, credential, { ...options, skipCACheck: true });
  const error: unknown = await channel.post('<a/>', never).catch((reason: unknown) => reason);
  channel.close();
  if (!(error instanceof WinRMError)) throw new Error('It did not fail.');
  const { message, kind, info, signIn } = error;
  return { message, kind, causes: info.causes ?? [], remedy: info.remedy?.text, signIn, heard };
}

test.each(['http', 'https'] as const)(
  'a password that the domain has just taken is not called wrong where NTLM refuses it: %s',
  async (scheme) => {
    const { message, kind, causes, remedy, signIn, heard } = await refusal(
      scheme,
      fake(undefined, NO_SERVICE),
    );
    expect(kind).toBe('unauthenticated');
    expect(message).toBe(
      'localhost did not let alice@lab.test in by NTLM, though the domain of the account has just taken the password.',
    );
    expect(causes.slice(0, 4)).toEqual([
      'NTLM there does not map alice@lab.test to an account: it may have to be written as DOMAIN\\user.',
      'The account may not sign in there over the network.',
      'NTLM is restricted there, or in the domain.',
      'localhost is in no domain, or in one that does not trust that of the account.',
    ]);
    expect(causes.join()).not.toMatch(/password is wrong|account of the computer itself/);
    expect(causes).toHaveLength(scheme === 'http' ? 4 : 5); // over TLS the binding, too
    expect(remedy).toMatch(/DOMAIN\\user.*lock-out/);
    expect(signIn).toMatchObject({ mechanism: 'NTLM in Negotiate', refused: [{ mechanism: 'Kerberos' }] });
    expect(heard).toEqual(['asked', 'taken', 'ended', 'asked', 'refused', 'ended']);
  },
);

test('one that no domain was told may be wrong', async () => {
  const { message, causes } = await refusal('http', fake('kdcUnreachable'));
  expect(message).toBe('localhost did not accept the user name or password.');
  expect(causes[0]).toContain('The user name or the password is wrong');
});

test('DOMAIN\\user needs no other form, and what is known besides stays', () => {
  const endpoint = { scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' } as const;
  const refused = unauthenticated('web01', ['Basic'], 'Negotiate');
  const told = refusedThoughTaken(refused, endpoint, 'LAB\\alice') as WinRMError;
  expect(told.info.causes?.[0]).toBe('The account may not sign in there over the network.');
  expect(told.info.causes?.at(-1)).toBe('The computer accepts only: Basic.');
  expect(told.info.remedy?.text).not.toContain('DOMAIN');
  expect(told.info).toMatchObject({ faultCode: 5, errorId: 'AccessDenied' });
});

test('what says of itself what the account lacks, or failed otherwise, is told as it is', () => {
  const endpoint = { scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' } as const;
  for (const kind of ['unauthenticated', 'denied'] as const) {
    const error = new WinRMError(kind, 'It is locked.');
    expect(refusedThoughTaken(error, endpoint, 'LAB\\alice')).toBe(error);
  }
});

describe('a computer that let the account in, and then refuses the same password on a new connection', () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 5\r\n\r\n<ok/>';
  const no = 'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n';

  /** Asks twice; the connection of the first ends after its answer. */
  async function again(isLetIn: boolean): Promise<WinRMError> {
    const { endpoint } = await requestServer((socket, _, connection) =>
      socket.end(connection === 1 && isLetIn ? answer : no),
    );
    const { beforeLogin } = listening();
    const options = { authentication: 'Basic', allowBasicOverHttp: true, beforeLogin } as const;
    const channel = openChannel(endpoint, UPN, options);
    const ask = () => channel.post('<a/>', never).catch((reason: unknown) => reason);
    await ask();
    const error = await ask();
    channel.close();
    if (!(error instanceof WinRMError)) throw new Error('It did not fail.');
    return error;
  }

  test('is not told as a wrong password', async () => {
    const { kind, message, info } = await again(true);
    expect(kind).toBe('unauthenticated');
    expect(message).toBe(
      '127.0.0.1 did not let the account in again, though it had let it in with that password before.',
    );
    expect(info.causes?.[0]).toBe(
      'The account was locked or disabled since, or may not sign in there any more.',
    );
    expect(info.causes?.join()).not.toMatch(/password is wrong/);
    expect(info.remedy?.text).toContain('lock-out');
    expect(info).toMatchObject({ faultCode: 5, errorId: 'AccessDenied' });
  });

  test('unlike one that let nobody in', async () => {
    expect((await again(false)).info.causes?.[0]).toContain('The user name or the password is wrong');
  });

  test('unless it says what is wrong', () => {
    const endpoint = { scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' } as const;
    const error = new WinRMError('unauthenticated', 'No.', { causes: ['The password is wrong.'] });
    expect(refusedThoughLetIn(error, endpoint)).toBe(error);
  });
});
