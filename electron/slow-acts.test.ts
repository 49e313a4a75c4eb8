import { expect, test } from 'vitest';
import type { BulkAct } from '../shared/bulk-act.ts';
import { settled } from './fleet-fixture.ts';
import { HandTimer } from './hand-timer.ts';
import { SLOW_MS, SlowActs } from './slow-acts.ts';
import { WinRMError } from './winrm/index.ts';

function setup() {
  const clock = new HandTimer();
  const told: BulkAct[] = [];
  const acts = new SlowActs({
    emit: (act) => told.push(act),
    now: () => 7,
    newId: () => 3,
    timer: clock.timer,
  });
  let end = () => {};
  let fail: (error: Error) => void = () => {};
  const over = new Promise<void>((resolve, reject) => ([end, fail] = [resolve, reject]));
  acts.watch('remove', { computerId: 'a', instanceId: 's' }, { name: 'job', computerName: 'web01' }, over);
  return { clock, told, acts, end: () => end(), fail: (error: Error) => fail(error) };
}

test('of one that is soon over nothing is told', async () => {
  const { clock, told, end } = setup();
  end();
  await settled();
  await clock.pass(SLOW_MS);
  expect(told).toEqual([]);
});

test('one that takes long is seen until it has ended', async () => {
  const { clock, told, acts, end } = setup();
  await clock.pass(SLOW_MS);
  expect(told).toEqual([
    { id: 3, kind: 'remove', asked: 1, begun: 1, done: 0, failed: 0, gone: 0, since: 7 },
  ]);
  expect(acts.all).toEqual(told);
  end();
  await settled();
  expect(told.at(-1)).toMatchObject({ id: 3, done: 1, failed: 0, endedAt: 7 });
  expect(acts.all).toEqual([]);
});

test('and what it failed of is told of which session', async () => {
  const { clock, told, fail } = setup();
  await clock.pass(SLOW_MS);
  fail(new WinRMError('timeout', 'It did not answer.'));
  await settled();
  expect(told.at(-1)).toMatchObject({
    failed: 1,
    failures: [{ instanceId: 's', name: 'job', computerName: 'web01', error: { kind: 'timeout' } }],
  });
});
