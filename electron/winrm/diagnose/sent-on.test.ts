import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { ConnectionOptions } from '../../../shared/computer.ts';
import { failedRung, rungsOf, verdictWord } from '../../../shared/diagnosis.ts';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from '../../simulator/listen.ts';
import type { ListenOptions } from '../../simulator/listen.ts';
import { listeningComputers } from '../../simulator/listening-computers.ts';
import { diagnoseComputer } from '../index.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!', owner: 'LAB\\alice', isAdministrator: true };
const opened: { close(): unknown }[] = [];

afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

async function listen(options: Partial<ListenOptions> = {}) {
  const listener = new SimulatorListener({ accounts: [ACCOUNT], ...options });
  opened.push(listener);
  const computer = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS)[0]!();
  const { port } = await listener.open(computer, { address: '127.0.0.1', port: 0 });
  return { listener, port };
}

/** Sends everybody on, and counts whom it was shown an account by. */
async function sendingOnTo(location: () => string) {
  const seen = { requests: 0, accounts: 0 };
  const server = createServer((request, response) => {
    seen.requests++;
    if (request.headers.authorization) seen.accounts++;
    request.resume();
    response.writeHead(302, { Location: location() }).end();
  });
  return { seen, port: await portOf(server) };
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  opened.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** As a proxy does. */
function hand({ headers }: IncomingMessage, body: string, port: number, response: ServerResponse): void {
  const onward = ask({ port, host: '127.0.0.1', path: '/wsman', method: 'POST', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  onward.end(body);
}

const run = (port: number, options: ConnectionOptions = {}) =>
  diagnoseComputer(
    {
      computerName: '127.0.0.1',
      credential: { username: ACCOUNT.username, password: ACCOUNT.password },
      options: { port, authentication: 'Negotiate', ...options },
    },
    new AbortController().signal,
  );

test('a computer that sends on to where that is allowed is followed, and the steps are tried anew there', async () => {
  const { listener, port } = await listen();
  const start = await sendingOnTo(() => `http://127.0.0.1:${port}/wsman`);
  const found = await run(start.port, { redirectTo: [`http://127.0.0.1:${port}`] });
  expect(failedRung(found)).toBeUndefined();
  expect(rungsOf(found).map(({ title, rung }) => `${title} ${rung && verdictWord(rung)}`)).toEqual([
    ...['Name skipped', `Port ${start.port} passed`, 'TLS skipped', 'Ways to sign in passed'],
    ...['Name skipped', `Port ${port} passed`, 'TLS skipped', 'Ways to sign in passed'],
    ...['Sign-in passed', 'Identify passed', 'List sessions passed'],
  ]);
  const url = `http://127.0.0.1:${port}/wsman`;
  expect(found.rungs[3]?.sentence).toBe(
    `It sends on to ${url}, which is allowed for it: what follows is asked there.`,
  );
  expect(found.rungs.slice(4).every(({ at }) => at?.url === url)).toBe(true);
  expect(listener.counts).toMatchObject({ logins: 1, refusedLogins: 0 });
  expect(start.seen).toEqual({ requests: 1, accounts: 0 });
});

test('one that sends on to where nobody allowed it ends the ladder, with the place that could be', async () => {
  const { listener, port } = await listen();
  const start = await sendingOnTo(() => `http://127.0.0.1:${port}/wsman`);
  const found = await run(start.port, { redirectTo: ['http://127.0.0.1:1'] });
  expect(failedRung(found)).toMatchObject({
    name: 'offers',
    error: { redirectsTo: `http://127.0.0.1:${port}` },
    remedy: { text: expect.stringContaining('AllowRedirection') as string },
  });
  expect(listener.counts).toMatchObject({ connections: 0 });
});

test('two that send on to one another are told as a circle', async () => {
  let first = 0;
  const second = await sendingOnTo(() => `http://127.0.0.1:${first}/wsman`);
  const start = await sendingOnTo(() => `http://127.0.0.1:${second.port}/wsman`);
  first = start.port;
  const redirectTo = [start.port, second.port].map((port) => `http://127.0.0.1:${port}`);
  const found = await run(start.port, { redirectTo });
  expect(failedRung(found)?.sentence).toContain('circle');
});

test('one that sends on from port to port in answer to the sign-in is shown the password twice, and told so', async () => {
  const ports: number[] = [];
  let proofs = 0;
  for (let i = 0; i < 6; i++) {
    const server = createServer((request, response) => {
      request.resume();
      if (request.headers.authorization) {
        proofs++;
        response.writeHead(302, { Location: `http://127.0.0.1:${ports[i + 1]}/wsman` }).end();
      } else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="r"' }).end();
    }).listen(0, '127.0.0.1');
    opened.push(server);
    await new Promise((resolve) => server.once('listening', resolve));
    ports.push((server.address() as AddressInfo).port);
  }
  const redirectTo = ports.map((port) => `http://127.0.0.1:${port}`);
  const found = await run(ports[0]!, { redirectTo, authentication: 'Basic', allowBasicOverHttp: true });
  expect(failedRung(found)).toMatchObject({
    name: 'signIn',
    sentence: expect.stringContaining('It was shown the password twice by then') as string,
    remedy: { text: expect.stringContaining('Check user name and password') as string },
  });
  expect(proofs).toBe(2);
});

test.each(['Identify', 'list'] as const)(
  'one that sends on to another port in answer to the %s is told to, and not shown the password there',
  async (what) => {
    const { port } = await listen();
    let proofs = 0;
    const there = createServer((request, response) => {
      if (request.headers.authorization) proofs++;
      request.resume();
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="r"' }).end();
    });
    const onward = await portOf(there);
    let identifies = 0;
    const start = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const body = Buffer.concat(pieces).toString();
        const isIdentify = body.includes('Identify');
        if (isIdentify && request.headers.authorization) identifies++;
        const isSentOn = what === 'list' ? body.includes('Enumerate') : identifies === 2;
        if (isSentOn) response.writeHead(302, { Location: `http://127.0.0.1:${onward}/wsman` }).end();
        else hand(request, body, port, response);
      });
    });
    const found = await run(await portOf(start), {
      redirectTo: [`http://127.0.0.1:${onward}`],
      ...({ authentication: 'Basic', allowBasicOverHttp: true } as const),
    });
    expect(found.rungs.find(({ verdict, name }) => verdict === 'warning' && name !== 'tls')).toMatchObject({
      name: what === 'list' ? 'list' : 'identify',
      sentence: `It sent on to http://127.0.0.1:${onward}/wsman, which is allowed for it. It was not asked there, for that would be a second sign-in.`,
      remedy: { text: 'Run the diagnostics of that address.' },
    });
    expect(proofs).toBe(0);
  },
);

test('the certificate of the place that is sent on to is not one to pin for the computer', async () => {
  const { port } = await listen({ identity: await makeIdentity(['127.0.0.1']) });
  const start = await sendingOnTo(() => `https://127.0.0.1:${port}/wsman`);
  const found = await run(start.port, { redirectTo: [`https://127.0.0.1:${port}`] });
  const failed = failedRung(found);
  expect(failed).toMatchObject({ name: 'tls', at: { port } });
  expect(failed?.sentence).toContain('The place that it redirects to is not trusted.');
  expect(failed?.error).not.toHaveProperty('certificate');
});
