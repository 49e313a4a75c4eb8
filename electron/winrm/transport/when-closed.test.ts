import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { closeRawServers, rawServer } from './raw-server-fixture.ts';
import { whenClosed } from './when-closed.ts';

afterEach(closeRawServers);

async function connected(): Promise<Socket> {
  const { port, hostname } = await rawServer(() => undefined);
  const socket = connect(port, hostname);
  await once(socket, 'connect');
  return socket;
}

test.each([
  ['is still open', false],
  ['is closed already', true],
])('is told once, after the turn in which it happens, where the connection %s', async (_, isClosed) => {
  const [socket, told] = [await connected(), new EventEmitter()];
  let times = 0;
  const destroyed = () => {
    socket.destroy();
    return once(socket, 'close');
  };
  if (isClosed) await destroyed();
  whenClosed(socket, () => {
    times++;
    told.emit('told');
  });
  expect(times).toBe(0);
  const hears = once(told, 'told');
  if (!isClosed) await destroyed();
  expect(times).toBe(0);
  await hears;
  expect(times).toBe(1);
});
