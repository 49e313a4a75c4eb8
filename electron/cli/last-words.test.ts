import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { HandTimer } from '../hand-timer-fixture.ts';
import { whatNobodyTook } from './last-words.ts';
import { processOutput } from './process-output.ts';

/** An output of three lines whose reader sleeps, and what is said of it once the run is over. */
function over(stop = new AbortController()) {
  const hand = new HandTimer();
  let takes: () => void = () => undefined;
  const stream = new Writable({ highWaterMark: 1, write: (_chunk, _, done) => void (takes = done) });
  const stdout = processOutput(stream, false, () => undefined);
  for (const text of ['one\n', 'two\nthree\n']) stdout.write(text);
  let said: string | undefined | null = null;
  void whatNobodyTook({ stdout, signal: stop.signal, timer: hand.timer }).then((words) => (said = words));
  const settled = () => new Promise(setImmediate);
  return { stop, hand, settled, takes: () => takes(), said: () => said };
}

test('a reader is waited for as long as nobody stops the run', async () => {
  const { hand, settled, takes, said } = over();
  await settled();
  expect([said(), hand.waits]).toEqual([null, []]);
  takes();
  await settled();
  takes();
  await settled();
  expect(said()).toBeUndefined();
});

test('stopped while it waits, it goes on for a second, and says how much nobody took', async () => {
  const { stop, hand, settled, takes, said } = over();
  takes();
  await settled();
  stop.abort(new Error('stopped'));
  await settled();
  await hand.pass(999);
  expect(said()).toBeNull();
  await hand.pass(1);
  expect(said()).toBe('Up to 2 lines of the output are lost: nobody took all of them before the run ended.');
});

test('what is taken within that second is not lost', async () => {
  const { stop, hand, settled, takes, said } = over();
  stop.abort(new Error('stopped'));
  await settled();
  takes();
  await settled();
  takes();
  await settled();
  expect([said(), hand.waits]).toEqual([undefined, []]);
});

test('where it cannot be written at all that is said elsewhere', async () => {
  const { stop, settled, said } = over();
  stop.abort(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await settled();
  expect(said()).toBeUndefined();
});
