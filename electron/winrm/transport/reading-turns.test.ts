import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setImmediate as networksTurn } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openChannel } from './connection.ts';
import type { ChannelOptions } from './connection.ts';
import { closeRawServers, requestServer } from './raw-server-fixture.ts';
import { ReadingTurns } from './reading-turns.ts';

afterEach(closeRawServers);

const BASIC: ChannelOptions = { authentication: 'Basic', allowBasicOverHttp: true };
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: 5\r\n\r\n<ok/>';

/** Turns of the network that come when they are told to. */
function byHand() {
  const next: (() => void)[] = [];
  const turns = new ReadingTurns((run) => void next.push(run));
  const read: number[] = [];
  const arrive = async (answer: number) => {
    await turns.before();
    read.push(answer);
  };
  const turn = async () => {
    next.shift()?.();
    await networksTurn();
  };
  return { read, arrive, turn, next };
}

test('of a burst a few are read between two turns of the network, in the order in which they came', async () => {
  const { read, arrive, turn, next } = byHand();
  for (let i = 0; i < 10; i++) void arrive(i);
  await networksTurn();
  expect(read).toEqual([0, 1, 2, 3]);
  await turn();
  expect(read).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  void arrive(10);
  await networksTurn();
  expect(read).toHaveLength(8);
  await turn();
  expect(read).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await turn();
  expect(next).toEqual([]); // nothing is left to run while nothing comes
});

test('what comes alone is read at once, again and again', async () => {
  const { arrive, read, turn } = byHand();
  for (let i = 0; i < 6; i++) {
    void arrive(i);
    await Promise.resolve();
    expect(read).toHaveLength(i + 1);
    await turn();
  }
});

test('one who comes when a turn has room, but others wait, is not read before them', async () => {
  const { read, arrive, turn } = byHand();
  for (let i = 0; i < 9; i++) void arrive(i);
  await networksTurn();
  await turn();
  await turn(); // 8 is read, three places are left
  void arrive(9);
  await networksTurn();
  expect(read).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a connection is opened before a burst is read to its end', async () => {
  const BURST = 40;
  const held: Socket[] = [];
  const { endpoint } = await requestServer((socket) => {
    if (held.push(socket) < BURST) return;
    for (const one of held.splice(0)) one.write(ANSWER);
  });
  const events: string[] = [];
  await Promise.all(
    Array.from({ length: BURST }, async () => {
      const channel = openChannel(endpoint, { username: 'alice', password: 'Passw0rd!' }, BASIC);
      await channel.post('<a/>', new AbortController().signal);
      events.push('read');
      const next = connect(endpoint.port, endpoint.hostname);
      await once(next, 'connect');
      events.push('connected');
      next.destroy();
      channel.close();
    }),
  );
  expect(events.indexOf('connected')).toBeLessThan(events.lastIndexOf('read'));
});
