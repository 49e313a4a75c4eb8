import { expect, test } from 'vitest';
import type { BulkAct } from '../shared/bulk-act.ts';
import { settled } from './fleet-fixture.ts';
import { HandTimer } from './hand-timer-fixture.ts';
import { SLOW_MS, SlowActs } from './slow-acts.ts';
import type { EndAlone } from './slow-acts.ts';
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
  let end: (how: EndAlone) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const over = new Promise<EndAlone>((resolve, reject) => ([end, fail] = [resolve, reject]));
  const named = { name: 'job', computerName: 'web01' };
  const act = acts.watch('remove', { computerId: 'a', instanceId: 's' }, named, over);
  const ends = { end: (how: EndAlone = 'done') => end(how), fail: (error: Error) => fail(error) };
  return { clock, told, acts, act, ...ends };
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

test('it goes on from its beginning, and is seen to later', async () => {
  const { clock, acts, act, end } = setup();
  expect([acts.underWay, acts.all]).toEqual([[act], []]);
  await clock.pass(SLOW_MS);
  expect([acts.underWay, acts.all]).toEqual([[act], [act.shown]]);
  end();
  await settled();
  expect([acts.underWay, acts.all]).toEqual([[], []]);
});

test('one whose place force takes has not failed, nor is it done', async () => {
  const { clock, told, end } = setup();
  await clock.pass(SLOW_MS);
  end('handedOn');
  await settled();
  expect(told.at(-1)).toMatchObject({ asked: 0, begun: 0, done: 0, failed: 0, endedAt: 7 });
});

test('of one that was stopped before its turn its end changes nothing', async () => {
  const { clock, told, acts, act, fail } = setup();
  acts.notBegun(act);
  fail(new WinRMError('cancelled', 'Nothing new is begun.'));
  await settled();
  await clock.pass(SLOW_MS);
  expect(act.shown).toMatchObject({ asked: 1, begun: 0, done: 0, failed: 0, isStopped: true });
  expect([acts.underWay, told]).toEqual([[], []]);
});
