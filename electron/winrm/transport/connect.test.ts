import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import type { Endpoint } from '../../../shared/computer.ts';
import { openSocket } from './connect.ts';
import { closeRawServers, rawServer } from './raw-server-fixture.ts';

afterEach(closeRawServers);
const never = new AbortController().signal;

/** Listens, and never takes a connection: the system takes a few in its place, then answers no more. */
const DEAF = `
const { parentPort } = require('node:worker_threads');
const server = require('node:net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});`;

async function deafServer() {
  const worker = new Worker(DEAF, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await Promise.race(waiting.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  const end = async () => {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  };
  return { endpoint: { scheme: 'http', hostname: '127.0.0.1', port, path: '/wsman' } as Endpoint, end };
}

test('a computer that does not take the connection costs its own short limit, not OpenTimeout', async () => {
  const { endpoint, end } = await deafServer();
  const limits = { openTimeoutMs: 180_000, connectTimeoutMs: 100 };
  await expect(openSocket(endpoint, limits, never)).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('within 0.1 s') as string,
    info: { errorId: 'WinRMOperationTimeout' },
  });
  await end();
});

test('OpenTimeout bounds the connection where it is shorter', async () => {
  const { endpoint, end } = await deafServer();
  const opening = openSocket(endpoint, { openTimeoutMs: 200, connectTimeoutMs: 60_000 }, never);
  await expect(opening).rejects.toMatchObject({ message: expect.stringContaining('within 0.2 s') as string });
  await end();
});

test('limits beyond what a timer holds are no limits, instead of ones of a millisecond', async () => {
  const { endpoint, end } = await deafServer();
  const limits = { openTimeoutMs: 2_592_000_000, connectTimeoutMs: 2_592_000_000 };
  const giveUp = AbortSignal.timeout(200);
  await expect(openSocket(endpoint, limits, giveUp)).rejects.toMatchObject({ name: 'TimeoutError' });
  await end();
});

test('what is connected is not ended by the limit any more', async () => {
  const endpoint = await rawServer(() => undefined);
  const socket = await openSocket(endpoint, { openTimeoutMs: 180_000, connectTimeoutMs: 30 }, never);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(socket.destroyed).toBe(false);
  socket.destroy();
});

test.each(['web01\r\nX-Evil: 1', 'web 01', 'web01\0', ''])(
  'nothing is looked up for %j, which names nobody',
  async (hostname) => {
    const endpoint: Endpoint = { scheme: 'http', hostname, port: 5985, path: '/wsman' };
    const opening = openSocket(endpoint, { openTimeoutMs: 1_000 }, never);
    await expect(opening).rejects.toMatchObject({ kind: 'invalid' });
  },
);
