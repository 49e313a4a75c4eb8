import { expect, test, vi } from 'vitest';
import { byForce, removing, removingX, stuckUnlessForced } from './bulk-acts-fixture.ts';
import { settled } from './fleet-fixture.ts';
import type { Given } from './fleet-fixture.ts';
import { SLOW_MS } from './slow-acts.ts';
import { WinRMError } from './winrm/index.ts';

test('force takes the place of a removal that waits for its turn: that is never sent, and each is answered', async () => {
  const { acts, sent, audited, x, y, endX } = await removingX();
  const all = [y, byForce(y), byForce(y), y].map((one) => acts.remove(one));
  await settled();
  endX();
  await Promise.all([x, ...all]);
  expect(sent).toEqual(['spare x', 'force y']);
  expect(audited.map(({ action, result }) => `${action} ${result}`)).toEqual([
    'remove done',
    'forceRemove done',
  ]);
});

test('so does force that is asked for together with others', async () => {
  const { acts, sent, x, y, endX } = await removingX();
  const other = { ...y[0]!, computerId: 'b', instanceId: 'unknown' };
  const all = [acts.remove(y), acts.remove(byForce([...y, other]))];
  await settled();
  endX();
  await Promise.all([x, ...all]);
  expect(sent).toEqual(['spare x', 'force y']);
});

test('a removal that force finds waiting is shown once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { acts, told, x, y, endX } = await removingX();
  const all = [acts.remove(y), acts.remove(byForce(y))];
  vi.advanceTimersByTime(SLOW_MS);
  vi.useRealTimers();
  expect(told).toMatchObject([
    { id: 1, asked: 1 },
    { id: 2, asked: 1 },
  ]);
  endX();
  await Promise.all([x, ...all]);
  expect(told.slice(2)).toMatchObject([
    { id: 1, done: 1, failed: 0 },
    { id: 2, done: 1, failed: 0 },
  ]);
});

test('what force took over is no failure, and counted there alone', async () => {
  const ends: (() => void)[] = [];
  const { acts, keys, told, notices, audited } = await removing(3, {
    remove: (one, how, signal) =>
      one.instanceId === 'c0'
        ? stuckUnlessForced(one, how, signal)
        : new Promise<void>((resolve) => ends.push(resolve)),
  });
  const plain = acts.remove(keys);
  await settled();
  await acts.remove(byForce(keys.slice(0, 1)));
  expect(told.at(-1)).toMatchObject({ asked: 2, begun: 2, done: 0 });
  for (const end of ends) end();
  await plain;
  expect(told.at(-1)).toMatchObject({ asked: 2, begun: 2, done: 2, failed: 0, failures: [], endedAt: 1 });
  expect(notices).toEqual([]);
  expect(audited.filter(({ computer }) => computer === 'c0')).toMatchObject([
    { action: 'remove', result: 'failed', errorId: 'cancelled' },
    { action: 'forceRemove', result: 'done' },
  ]);
});

const forceFails: Given = {
  remove: (one, how, signal) =>
    how.force
      ? Promise.reject(new WinRMError('unreachable', 'It does not answer.'))
      : stuckUnlessForced(one, how, signal),
};

test('that force failed is told where that was asked for, and nowhere else', async () => {
  const { acts, keys, told, notices } = await removing(2, forceFails);
  const plain = acts.remove(keys);
  await settled();
  await expect(acts.remove(byForce(keys.slice(0, 1)))).rejects.toThrow('It does not answer.');
  const force = acts.remove(byForce(keys.slice(1)));
  await expect(force).rejects.toThrow('It does not answer.');
  await plain;
  expect(told.at(-1)).toMatchObject({ asked: 0, begun: 0, done: 0, failed: 0, endedAt: 1 });
  expect(notices).toEqual([]);
});

test('and so where it was asked for with others', async () => {
  const { acts, keys, notices } = await removing(2, forceFails);
  const alone = acts.remove(keys.slice(0, 1));
  await settled();
  await acts.remove(byForce(keys));
  await expect(alone).resolves.toBe(false);
  expect(notices.map(({ level, message }) => [level, message])).toEqual([
    ['error', 'No session removed, 2 failed: It does not answer.'],
  ]);
});
