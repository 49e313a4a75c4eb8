import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { openComputer } from '../winrm/index.ts';
import type { RemoteComputer } from '../winrm/index.ts';
import { SimulatedComputer } from './computer.ts';
import { makeIdentity, REAL_SURROUNDINGS, SimulatorListener } from './listen.ts';
import type { ListenOptions } from './listen.ts';
import { listeningComputers } from './listening-computers.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!', owner: 'LAB\\alice', isAdministrator: true };
const open: { close(): unknown }[] = [];

afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

async function listen(options: Partial<ListenOptions> = {}) {
  const listener = new SimulatorListener({ accounts: [ACCOUNT], ...options });
  open.push(listener);
  const computer = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS)[0]?.();
  if (!computer) throw new Error('There is no computer.');
  const place = await listener.open(computer, { address: '127.0.0.1', port: 0 });
  return { listener, computer, place };
}

function client(
  port: number,
  authentication: 'Basic' | 'Negotiate',
  password = ACCOUNT.password,
  ssl = {},
): RemoteComputer {
  const remote = openComputer({
    computerName: 'localhost',
    options: { port, authentication, allowBasicOverHttp: true, ...ssl },
    credential: { username: ACCOUNT.username, password },
  });
  open.push(remote);
  return remote;
}
const names = async (remote: RemoteComputer) =>
  (await remote.list({}, { strict: false })).sessions.map(({ name }) => name);

describe('A listening simulated computer', () => {
  test.each(['Basic', 'Negotiate'] as const)(
    'lists over http with %s, on one connection and one sign-in',
    async (authentication) => {
      const { listener, place } = await listen();
      const remote = client(place.port, authentication);
      expect(await names(remote)).toEqual(['NightlyBackup', 'IndexRebuild']);
      expect(await names(remote)).toEqual(['NightlyBackup', 'IndexRebuild']);
      expect(listener.counts).toMatchObject({
        logins: 1,
        refusedLogins: 0,
        connections: 1,
        openConnections: 1,
      });
    },
  );

  test.each(['Basic', 'Negotiate'] as const)(
    'lists over https with %s, once its certificate is trusted',
    async (authentication) => {
      const { place } = await listen({ identity: await makeIdentity(['127.0.0.1']) });
      await expect(
        names(client(place.port, authentication, ACCOUNT.password, { useSSL: true })),
      ).rejects.toMatchObject({ kind: 'untrusted' });
      const trusting = { useSSL: true, sessionOption: { skipCACheck: true } };
      expect(await names(client(place.port, authentication, ACCOUNT.password, trusting))).toContain(
        'NightlyBackup',
      );
    },
  );

  test.each(['Basic', 'Negotiate'] as const)(
    'refuses a wrong password with %s, and counts it',
    async (authentication) => {
      const { listener, place } = await listen();
      await expect(names(client(place.port, authentication, 'wrong'))).rejects.toMatchObject({
        kind: 'unauthenticated',
      });
      expect(listener.counts).toMatchObject({ logins: 0, refusedLogins: 1 });
    },
  );

  test('offers only the schemes that it was given', async () => {
    const { place } = await listen({ schemes: ['Negotiate'] });
    await expect(names(client(place.port, 'Basic'))).rejects.toMatchObject({ kind: 'denied' });
  });

  test('tells how many requests were at work at once', async () => {
    const { listener, place } = await listen({ latencyMs: 50 });
    await Promise.all([1, 2, 3].map(() => names(client(place.port, 'Basic'))));
    expect(listener.counts).toMatchObject({ mostConcurrentRequests: 3, concurrentRequests: 0 });
  });

  test('breaks the connection when it is told to drop the answer', async () => {
    const { computer, place } = await listen();
    computer.misbehaviours.plan({ wrong: { kind: 'dropped', carriedOut: true }, times: 1 });
    await expect(names(client(place.port, 'Basic'))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await names(client(place.port, 'Basic'))).toContain('NightlyBackup');
  });

  test.each([
    { path: '/other', method: 'POST', status: 404 },
    { path: '/wsman', method: 'GET', status: 404 },
    { path: '/wsman', method: 'POST', status: 401 },
    { path: '/WSMan?PSVersion=7.6.9', method: 'POST', status: 401 },
    { path: '/__simulator/state', method: 'GET', status: 200 },
  ])('answers $method $path with $status', async ({ path, method, status }) => {
    const { place } = await listen();
    const answered = new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port: place.port, path, method, agent: false });
      request
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(await answered).toBe(status);
  });

  test('listens on an address of its own for each computer', async () => {
    const listener = new SimulatorListener({ accounts: [ACCOUNT] });
    open.push(listener);
    const empty = new SimulatedComputer('empty', REAL_SURROUNDINGS);
    const [full] = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS);
    if (!full) throw new Error('There is no computer.');
    const first = await listener.open(empty, { address: '127.0.0.1', port: 0 });
    const second = await listener.open(full, { address: '127.0.0.1', port: 0 });
    expect(await names(client(first.port, 'Basic'))).toEqual([]);
    expect(await names(client(second.port, 'Basic'))).toContain('NightlyBackup');
  });
});
