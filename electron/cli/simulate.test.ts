import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openComputer } from '../winrm/index.ts';
import { SIMULATE_HELP } from './simulate-help.ts';
import { simulate } from './simulate.ts';

interface Ready {
  readonly port: number;
  readonly computers: readonly { readonly address: string; readonly port: number }[];
  readonly user: string;
  readonly certificate?: string;
}

/** Starts it; `ready` is its line, `stdin` and `stop` are the two ways to end it. */
function start(...argv: string[]) {
  const stop = new AbortController();
  const stdin = new PassThrough();
  const out = new PassThrough();
  const err: string[] = [];
  const done = simulate(argv, {
    stdin,
    stdout: out,
    stderr: { write: (text: string) => err.push(text) },
    signal: stop.signal,
  });
  const ready = new Promise<Ready>((resolve) =>
    out.once('data', (line: Buffer) => resolve(JSON.parse(line.toString()) as Ready)),
  );
  return { done, ready, stdin, stop: () => stop.abort(), err, out };
}

test('one computer: its line says where it is and who may sign in, and never the password', async () => {
  const { done, ready, stdin } = start('--password', 'Secret0!');
  const line = await ready;
  expect(line).toEqual({
    port: line.port,
    computers: [{ address: '127.0.0.1', port: line.port }],
    user: 'alice',
  });
  const remote = openComputer({
    computerName: '127.0.0.1',
    options: { port: line.port, authentication: 'Negotiate' },
    credential: { username: 'alice', password: 'Secret0!' },
  });
  expect((await remote.list({}, { strict: true })).sessions.map(({ name }) => name)).toEqual([
    'NightlyBackup',
    'IndexRebuild',
  ]);
  remote.close();
  stdin.end();
  expect(await done).toBe(0);
});

test('several computers listen on loopback alone, each in a place of its own', async () => {
  const { done, ready, stop } = start('--computers', '300');
  const { computers } = await ready;
  expect(new Set(computers.map(({ address, port }) => `${address}:${port}`)).size).toBe(300);
  expect(computers.every(({ address }) => address.startsWith('127.'))).toBe(true);
  stop();
  expect(await done).toBe(0);
});

test('over https its line holds the certificate of the run', async () => {
  const { done, ready, stop } = start('--https');
  expect((await ready).certificate).toMatch(/^-----BEGIN CERTIFICATE-----/);
  stop();
  expect(await done).toBe(0);
});

test.each([
  [['--computers', '0'], /--computers takes at least 1/],
  [['--port', '70000'], /--port takes a whole number up to 65535/],
  [['--sessions', '-1'], /--sessions/],
  [['--sessions', '100001'], /--sessions takes a whole number up to 100000/],
  [['--latency', 'x'], /--latency/],
  [['--nonsense'], /nonsense/],
  [['stray'], /stray/],
])('%j is refused with its reason, and the help', async (argv, reason) => {
  const { done, err } = start(...argv);
  expect(await done).toBe(2);
  expect(err.join('')).toMatch(reason);
  expect(err.join('')).toContain(SIMULATE_HELP);
});

test('a port that is taken is said, and ends it', async () => {
  const first = start();
  const { port } = await first.ready;
  const second = start('--port', String(port));
  expect(await second.done).toBe(1);
  expect(second.err.join('')).toMatch(/cannot listen/);
  first.stop();
  await first.done;
});

test('five thousand computers with twenty thousand sessions are there within seconds, each made when it is asked', async () => {
  const before = process.memoryUsage().heapUsed;
  const since = performance.now();
  const { done, ready, stop } = start('--computers', '5000', '--sessions', '20000');
  const { computers } = await ready;
  expect(performance.now() - since).toBeLessThan(15_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 << 20);
  expect(new Set(computers.map(({ address, port }) => `${address}:${port}`)).size).toBe(5000);
  const asked = await Promise.all([0, 33, 2_500, 4_999].map((i) => sessionsAt(computers[i]!)));
  expect(asked.map((sessions) => sessions.length)).toEqual([4, 4, 4, 4]);
  stop();
  expect(await done).toBe(0);
}, 60_000);

test('sessions that do not divide evenly are spread evenly all the same', async () => {
  const { done, ready, stop } = start('--computers', '4', '--sessions', '6');
  const { computers } = await ready;
  const counts = await Promise.all(computers.map(async (place) => (await sessionsAt(place)).length));
  expect(counts.toSorted()).toEqual([1, 1, 2, 2]);
  stop();
  expect(await done).toBe(0);
});

async function sessionsAt({ address, port }: Ready['computers'][number]) {
  const remote = openComputer({
    computerName: address,
    options: { port, authentication: 'Basic', allowBasicOverHttp: true },
    credential: { username: 'alice', password: 'Passw0rd!' },
  });
  const { sessions } = await remote.list({}, { strict: false });
  remote.close();
  return sessions;
}
