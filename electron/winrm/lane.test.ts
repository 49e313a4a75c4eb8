import { expect, test } from 'vitest';
import type { Limit } from './client.ts';
import { SimulatedTime } from '../simulator/simulated-time.ts';
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

const CARRIAGE = {
  ...{ waits: false, limitMs: 1_000, to: 'http://web01:5985/wsman' },
  ...{ signal: undefined, graceMs: 0, unsent: undefined },
};

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

test('what is not wanted any more is given up at once before it was handed over, and after that has its grace', async () => {
  const time = new SimulatedTime(0);
  const { seen, channel } = silent();
  const lane = new Lane(channel, time.after);
  let unsent = 0;
  const given = { ...CARRIAGE, limitMs: 9_000, graceMs: 2_000, unsent: () => unsent++ };
  const carry = ({ signal }: AbortController) => lane.carry('<x/>', { ...given, signal });
  const [waiting, early, late] = [new AbortController(), new AbortController(), new AbortController()];

  const first = carry(early);
  const queued = carry(waiting);
  await new Promise(setImmediate);
  waiting.abort('not wanted');
  await expect(queued).rejects.toBe('not wanted');
  seen.limit?.pause(); // it connects
  early.abort('not wanted');
  await expect(first).rejects.toBe('not wanted');
  expect(unsent).toBe(2);

  let isOver = false;
  const last = carry(late).finally(() => (isOver = true));
  await new Promise(setImmediate);
  late.abort('not wanted');
  await time.pass(1_999);
  expect(isOver).toBe(false);
  await time.pass(1);
  await expect(last).rejects.toBe('not wanted');
  expect(unsent).toBe(2);
});

test('what was given up in its grace is not handed over on another connection', async () => {
  const { after } = timers();
  const { seen, channel } = silent();
  const stop = new AbortController();
  const asked = new Lane(channel, after).carry('<x/>', {
    ...{ ...CARRIAGE, signal: stop.signal, graceMs: 2_000 },
  });
  await new Promise(setImmediate);
  stop.abort('not wanted');
  seen.limit?.pause();
  await expect(asked).rejects.toBe('not wanted');
});
