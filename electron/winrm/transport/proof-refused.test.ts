import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../../simulator/listen.ts';
import { listeningComputers } from '../../simulator/listening-computers.ts';
import { NegotiateAcceptor } from '../auth/spnego-acceptor.ts';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { listening } from './login-fixture.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';
import { through } from './through-fixture.ts';

const LOGIN = { username: 'alice', password: 'Passw0rd!' };
const never = new AbortController().signal;
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  closeRawServers();
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

/** Behind a proxy that hands out challenges, and answers a proof as it likes. */
async function throughProxy(answer: (challenge: string) => string) {
  const acceptor = new NegotiateAcceptor(
    { computerName: 'WEB01', domainName: 'LAB', passwordOf: () => undefined },
    { now: () => 0, randomBytes: (length) => new Uint8Array(length).fill(7) },
  );
  let challenge = '';
  const { endpoint: proxy } = await requestServer((socket, { authorization = '' }) => {
    const isFirst = challenge === '';
    if (isFirst) {
      const token = acceptor.step(Buffer.from(authorization.replace('Negotiate ', ''), 'base64'));
      challenge = Buffer.from(token ?? []).toString('base64');
    }
    const said = isFirst ? `Negotiate ${challenge}` : answer(challenge);
    socket.write(`HTTP/1.1 401 No\r\nWWW-Authenticate: ${said}\r\nContent-Length: 0\r\n\r\n`);
  });
  const { heard, beforeLogin } = listening();
  const channel = openChannel({ scheme: 'http', hostname: 'web01', port: 5985, path: '/wsman' }, LOGIN, {
    beforeLogin,
    proxy: through(proxy),
  });
  const error = await channel.post('<a/>', never).catch((reason: unknown) => reason);
  channel.close();
  return { error, heard };
}

test('behind a proxy a new challenge to the proof is no refusal, but the proxy’s way with connections', async () => {
  const { error, heard } = await throughProxy((challenge) => `Negotiate ${challenge}`);
  expect(error).toMatchObject({
    kind: 'denied',
    message: expect.stringMatching(
      /^The proxy 127\.0\.0\.1, port \d+, keeps no connection to web01/,
    ) as string,
    info: { remedy: { text: expect.stringContaining('Use TLS') as string } },
  });
  expect(heard).toEqual(['asked', 'ended']);
});

test('behind a proxy a refusal may be the password’s or the proxy’s: both are named, and it counts', async () => {
  const { error, heard } = await throughProxy(() => 'Negotiate');
  expect(error).toMatchObject({
    kind: 'unauthenticated',
    signIn: { mechanism: 'NTLM in Negotiate' },
    message: expect.stringMatching(
      /password, or the proxy 127\.0\.0\.1, port \d+, .*keeps no connection/,
    ) as string,
    info: {
      causes: expect.arrayContaining([
        expect.stringContaining('another connection for every request'),
        expect.stringContaining('the password is wrong'),
      ]) as string[],
    },
  });
  expect(heard).toEqual(['asked', 'refused', 'ended']);
});

/** A computer with its own certificate, and something before it that ends TLS. */
async function behindTls() {
  const [own, between] = [await makeIdentity(['127.0.0.1']), await makeIdentity(['127.0.0.1'])];
  const account = { ...LOGIN, owner: 'LAB\\alice', isAdministrator: true };
  const listener = new SimulatorListener({ accounts: [account], identity: own });
  const computer = listeningComputers(1, account.owner, 1, REAL_SURROUNDINGS)[0]!();
  const { port } = await listener.open(computer, { address: '127.0.0.1', port: 0 });
  const gateway = createServer({ key: between.key, cert: between.certificate }, (client) => {
    const server = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => gateway.once('listening', resolve));
  opened.push(listener, gateway);
  return { direct: port, between: (gateway.address() as AddressInfo).port };
}

test('over TLS that is ended between, a right password is refused, and it is said how to tell', async () => {
  const ports = await behindTls();
  const ask = async (port: number, options: ChannelOptions = {}) => {
    const channel = openChannel({ scheme: 'https', hostname: '127.0.0.1', port, path: '/wsman' }, LOGIN, {
      skipCACheck: true,
      ...options,
    });
    const answer = await channel.post('<a/>', never).catch((error: unknown) => error);
    channel.close();
    return answer;
  };
  expect(await ask(ports.direct)).not.toMatchObject({ kind: 'unauthenticated' });
  const { heard, beforeLogin } = listening();
  expect(await ask(ports.between, { beforeLogin })).toMatchObject({
    kind: 'unauthenticated',
    message: '127.0.0.1 did not accept the user name or password.',
    signIn: { mechanism: 'NTLM in Negotiate', isBound: true, refused: [{ mechanism: 'Kerberos' }] },
    info: {
      causes: expect.arrayContaining([expect.stringContaining('(CBT)')]) as string[],
      remedy: {
        text: expect.stringMatching(/thumbprint that is seen here, [0-9A-F]{40}; /) as string,
        command: 'winrm enumerate winrm/config/listener',
      },
    },
  });
  expect(heard).toEqual(['asked', 'refused', 'ended']);
});
