import { expect, test } from 'vitest';
import { settled } from './fleet-fixture.ts';
import { HandTimer } from './hand-timer-fixture.ts';
import { atMost } from './timer.ts';

test('work that fails in time ends the wait, and its failure is no news of this one’s', async () => {
  const unhandled: unknown[] = [];
  const hear = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', hear);
  try {
    const clock = new HandTimer();
    const work = Promise.reject(new Error('No.'));
    work.catch(() => undefined); // whoever began it
    await atMost(1_000, work, clock.timer);
    await settled();
    await settled();
    expect([unhandled, clock.waits]).toEqual([[], []]);
  } finally {
    process.off('unhandledRejection', hear);
  }
});

test('work that takes longer is not waited for', async () => {
  const clock = new HandTimer();
  let isOver = false;
  void atMost(1_000, new Promise(() => undefined), clock.timer).then(() => (isOver = true));
  await clock.pass(999);
  expect(isOver).toBe(false);
  await clock.pass(1);
  expect(isOver).toBe(true);
});
