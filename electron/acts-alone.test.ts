import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { removing, removingX } from './bulk-acts-fixture.ts';
import { settled } from './fleet-fixture.ts';
import { SLOW_MS } from './slow-acts.ts';
import type { WinRMError } from './winrm/index.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('an act on one session alone goes on from its beginning, though it is shown after a second', async () => {
  const { acts, keys, endAll } = await removing(1);
  const one = acts.remove(keys);
  expect([acts.running.length, acts.all.length]).toEqual([1, 0]);
  vi.advanceTimersByTime(SLOW_MS);
  expect([acts.running.length, acts.all.length]).toEqual([1, 1]);
  await settled();
  await endAll();
  await one;
  expect([acts.running, acts.all]).toEqual([[], []]);
});

test('should the app be killed, it is told of what is shown to go on, alone or not', async () => {
  const { acts, keys, endAll } = await removing(4);
  const alone = keys.slice(0, 2).map((key) => acts.remove([key]));
  expect(acts.ifKilled).toEqual([]);
  vi.advanceTimersByTime(SLOW_MS);
  expect(acts.ifKilled).toEqual([
    'The app ended by force while it was removing 2 sessions. The audit log has those on which it had been tried.',
  ]);
  const many = acts.remove(keys.slice(2));
  expect(acts.ifKilled).toEqual([expect.stringContaining('it was removing 4 sessions')]);
  await settled();
  await endAll();
  await Promise.all([...alone, many]);
  expect(acts.ifKilled).toEqual([]);
});

test('while the app closes, one whose turn has not come is told as not begun', async () => {
  const { acts, y } = await removingX();
  void acts.remove(y).catch(() => undefined);
  vi.advanceTimersByTime(SLOW_MS);
  await settled();
  expect(acts.shownAtClose.map(({ kind, begun }) => [kind, begun])).toEqual([
    ['remove', 1],
    ['remove', 0],
  ]);
});

/** Closes all, and waits for what has begun so long and no longer. */
async function closed({ acts, fleet }: Awaited<ReturnType<typeof removing>>) {
  acts.close();
  const closing = fleet.close(20);
  await settled();
  vi.advanceTimersByTime(20);
  await settled();
  vi.advanceTimersByTime(250);
  await closing;
}

test('an act on one session alone that the end of the app cuts short is told as those on many are', async () => {
  const one = await removing(1);
  void one.acts.remove(one.keys);
  await closed(one);
  expect(one.acts.unfinished).toEqual([
    'The app was closed while it was removing a session: No session removed, 1 without an answer. The audit log has it only if it was tried to the end.',
  ]);
  expect(one.audited).toEqual([]);
});

test('one that ends in time is not told', async () => {
  const one = await removing(1);
  const removed = one.acts.remove(one.keys);
  await settled();
  one.acts.close();
  const closing = one.fleet.close(5_000);
  await one.endAll();
  await Promise.all([removed, closing]);
  await one.acts.counted();
  expect(one.acts.unfinished).toEqual([]);
});

test('one whose turn has not come is not begun any more, which the audit log tells', async () => {
  const one = await removingX();
  const { acts, fleet, x, y, endX, audited } = one;
  const waiting = acts.remove(y).catch(({ kind }: WinRMError) => kind);
  acts.close();
  const closing = fleet.close(5_000);
  await settled();
  endX();
  await Promise.all([x, closing]);
  await acts.counted();
  expect(await waiting).toBe('cancelled');
  expect(acts.unfinished).toEqual([
    'The app was closed while it was removing a session: No session removed, 1 not begun. The audit log has it.',
  ]);
  expect(audited.map(({ session, result }) => `${session.name} ${result}`)).toEqual(['y notBegun', 'x done']);
});

test('several that are cut short alone are told in one sentence', async () => {
  const two = await removing(2);
  for (const key of two.keys) void two.acts.remove([key]);
  await closed(two);
  expect(two.acts.unfinished).toEqual([
    expect.stringContaining('removing sessions: No session removed, 2 without an answer.'),
  ]);
});
