import { expect, test } from 'vitest';
import type { Limit } from './client.ts';
import { Lane } from './lane.ts';
import type { After } from './wait.ts';

/** Timers that are let run out by hand. */
function timers() {
  const running = new Set<() => void>();
  const after: After = (_, run) => {
    running.add(run);
    return () => running.delete(run);
  };
  return { after, running, runOut: () => running.forEach((end) => end()) };
}

/** A channel whose post ends with its signal alone, and hands out its limit. */
function silent() {
  const seen: { limit?: Limit } = {};
  const post = (_: string, signal: AbortSignal, limit?: Limit) => {
    if (limit) seen.limit = limit;
    return new Promise<string>((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  };
  return { seen, channel: { post, close: () => undefined } };
}

const CARRIAGE = { waits: false, limitMs: 1_000, to: 'http://web01:5985/wsman', signal: undefined };

test('a computer that was asked and says nothing is told by its name', async () => {
  const { after, runOut } = timers();
  const asked = new Lane(silent().channel, after).carry('<x/>', CARRIAGE);
  await new Promise(setImmediate);
  runOut();
  await expect(asked).rejects.toMatchObject({
    kind: 'timeout',
    message: 'web01 took the request but did not answer within 1 s.',
  });
});

test('while somebody else is waited for, the computer’s time does not run', async () => {
  const { after, running, runOut } = timers();
  const { seen, channel } = silent();
  let isOver = false;
  const asked = new Lane(channel, after).carry('<x/>', CARRIAGE).finally(() => (isOver = true));
  await new Promise(setImmediate);
  seen.limit?.pause();
  seen.limit?.pause();
  expect(running.size).toBe(0);
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  seen.limit?.resume();
  seen.limit?.resume();
  expect(running.size).toBe(1);
  runOut();
  await expect(asked).rejects.toMatchObject({ kind: 'timeout' });
  expect(running.size).toBe(0);
  seen.limit?.resume();
  expect(running.size).toBe(0);
});
