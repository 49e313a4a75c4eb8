import { expect, test } from 'vitest';
import type { RemovedSession } from '../shared/bulk-act.ts';
import type { AuditEntry } from './audit.ts';
import { byForce, removing } from './bulk-acts-fixture.ts';
import { computer, heldSession, settled } from './fleet-fixture.ts';
import type { Given } from './fleet-fixture.ts';
import { WinRMError } from './winrm/index.ts';

const gone = () => new WinRMError('fault', 'The session is not there any more.', { faultCode: 2150858843 });

test('it is told how far it is, and at the end that all went well, which nobody has to dismiss', async () => {
  const { acts, keys, ends, endAll, last, notices } = await removing(40);
  const all = acts.remove(keys);
  await settled();
  expect([ends.length, last()]).toMatchObject([32, { asked: 40, begun: 32, done: 0 }]);
  ends.splice(0, 3).forEach((end) => end());
  await settled();
  expect(last()).toMatchObject({ asked: 40, begun: 35, done: 3 });
  await endAll();
  await all;
  expect(last()).toMatchObject({ asked: 40, begun: 40, done: 40, failed: 0, failures: [], endedAt: 1 });
  expect(notices).toEqual([]);
});

test('Stop lets those under way end and begins no other; each that is not begun stands in the audit log', async () => {
  const { acts, keys, ends, endAll, last, notices, audited } = await removing(40);
  const all = acts.remove(byForce(keys));
  await settled();
  acts.stop(last()!.id);
  expect(last()).toMatchObject({ isStopped: true, begun: 32, done: 0 });
  expect(last()).not.toHaveProperty('endedAt');
  await endAll();
  await all;
  expect([ends.length, last()]).toMatchObject([0, { asked: 40, begun: 32, done: 32, endedAt: 1 }]);
  expect(notices.map(({ level, message }) => [level, message])).toEqual([
    ['info', '32 sessions removed, 8 not begun.'],
  ]);
  const unbegun = audited.filter(({ result }) => result === 'notBegun');
  expect([unbegun.length, audited.length]).toEqual([8, 40]);
  expect(unbegun[0]).toMatchObject({ action: 'forceRemove', by: 'person', computer: 'c32' });
});

test('who failed is told with why, and who was removed by somebody else meanwhile is no failure', async () => {
  const { acts, fleet, keys, last, notices } = await removing(4, {
    remove: async ({ instanceId }) => {
      if (instanceId === 'c0') throw new WinRMError('unreachable', 'c0 does not answer.');
      if (instanceId === 'c1') throw gone();
    },
  });
  await fleet.remove(keys[2]!, false);
  await acts.remove(keys);
  expect(last()).toMatchObject({
    ...{ asked: 4, done: 4, failed: 1, gone: 2 },
    failures: [{ name: 'nightly', computerName: 'c0', error: { message: 'c0 does not answer.' } }],
  });
  expect(notices).toMatchObject([
    {
      level: 'error',
      message: '1 session removed, 2 gone already, 1 failed: c0 does not answer.',
      actId: last()!.id,
    },
  ]);
});

test('one that is being removed alone is not removed again, and counts as gone to nobody', async () => {
  const { acts, keys, endAll, last, audited } = await removing(2);
  const [first, second] = keys as [RemovedSession, RemovedSession];
  const all = [acts.remove([first]), acts.remove([first]), acts.remove([first, second])];
  await settled();
  await endAll();
  await Promise.all(all);
  expect(last()).toMatchObject({ asked: 1, done: 1, failed: 0, gone: 0 });
  expect(audited.map(({ computer: name, result }) => [name, result])).toEqual([
    ['c0', 'done'],
    ['c1', 'done'],
  ]);
  await expect(acts.remove([first])).rejects.toMatchObject({ kind: 'invalid' }); // once it has ended it is asked for anew
});

test('force takes the place of a removal that spares, alone or among others, and is begun once', async () => {
  const forced: boolean[] = [];
  const remove: Given['remove'] = (_session, { force }, signal) => {
    forced.push(force);
    if (force) return settled().then(() => undefined);
    return new Promise((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  };
  const one = await removing(1, { remove });
  const outcome = (act: Promise<unknown>) =>
    act.then(
      () => 'removed',
      ({ message }: Error) => message,
    );
  // The last asks to spare it, and joins what does not.
  const acts = [one.keys, byForce(one.keys), one.keys].map((keys) => outcome(one.acts.remove(keys)));
  expect(await Promise.all(acts)).toEqual(['removed', 'removed', 'removed']);
  expect(forced).toEqual([false, true]);

  const many = await removing(1, { remove });
  const keys = [...many.keys, { ...many.keys[0]!, computerId: 'unknown' }];
  const plain = many.acts.remove(keys);
  await settled();
  const again = [keys, keys, many.keys].map((some) => outcome(many.acts.remove(byForce(some))));
  expect(await Promise.all([plain, ...again])).toEqual([false, 'removed', 'removed', 'removed']);
  expect(forced.slice(2)).toEqual([false, true]);
  expect(many.told.filter(({ endedAt }) => endedAt !== undefined)).toMatchObject([
    { asked: 2, failed: 2 }, // of the unknown one neither could be begun; what force took over is counted there
    { asked: 1, failed: 0 },
  ]);
});

test('force on what a removal before it takes away meanwhile finds it done', async () => {
  let end = () => {};
  const { acts, keys } = await removing(1, {
    remove: (_session, { force }) =>
      force ? Promise.reject(gone()) : new Promise<void>((resolve) => (end = resolve)),
  });
  const both = [acts.remove(keys), acts.remove(byForce(keys))];
  await settled();
  end();
  expect(await Promise.all(both)).toEqual([true, true]);
});

test('of one that joins others its asker is not told that it is done: they may be stopped before its turn', async () => {
  const { acts, keys, endAll, last } = await removing(40);
  const many = acts.remove(keys.slice(0, 39));
  await settled();
  const joined = acts.remove(keys.slice(39));
  await settled();
  acts.stop(last()!.id);
  await endAll();
  expect(await Promise.all([many, joined])).toEqual([false, false]);
  expect(last()).toMatchObject({ asked: 40, begun: 32 });
});

test('one that is removed twice at once is removed once, and two removals are told as one', async () => {
  const { acts, keys, endAll, last, told, audited } = await removing(4);
  const both = [acts.remove(keys.slice(0, 3)), acts.remove(keys.slice(1))];
  await settled();
  expect(last()).toMatchObject({ asked: 4, begun: 4 });
  await endAll();
  await Promise.all(both);
  expect(last()).toMatchObject({ asked: 4, done: 4, failed: 0, gone: 0 });
  expect([audited.length, new Set(told.map(({ id }) => id)).size]).toEqual([4, 1]);
});

test('what is asked for after Stop is another act, and is not stopped', async () => {
  const { acts, keys, endAll, last, told } = await removing(40);
  const first = acts.remove(keys.slice(0, 35));
  await settled();
  const { id } = last()!;
  acts.stop(id);
  const second = acts.remove(keys.slice(35));
  await endAll();
  await Promise.all([first, second]);
  const ended = (one: boolean) => told.findLast((act) => (act.id === id) === one);
  expect(ended(true)).toMatchObject({ asked: 35, begun: 32, done: 32 });
  expect(ended(false)).toMatchObject({ asked: 5, begun: 5, done: 5 });
});

test('of a computer that is taken out of the list meanwhile it is not said that its session is gone', async () => {
  const { acts, fleet, keys, last } = await removing(2, { remove: async () => undefined });
  fleet.setComputers([computer('c0')]);
  await acts.remove(keys);
  expect(last()).toMatchObject({ failed: 1, gone: 0, failures: [{ error: { kind: 'invalid' } }] });
});

test('one alone is nothing to count: its failure is its answer', async () => {
  const { acts, keys, told } = await removing(1, { remove: () => Promise.reject(gone()) });
  await expect(acts.remove(keys)).rejects.toMatchObject({ kind: 'fault' });
  expect(told).toEqual([]);
});

test('closing lets those under way end, and says what came of the others', async () => {
  const { acts, fleet, keys, ends, notices, audited } = await removing(40);
  void acts.remove(keys);
  await settled();
  acts.close();
  const closed = fleet.close(5_000);
  await settled();
  ends.forEach((end) => end());
  await closed;
  await acts.counted();
  expect(acts.unfinished).toEqual([
    'The app was closed while it was removing sessions: 32 sessions removed, 8 not begun. The audit log has each of them.',
  ]);
  expect(notices).toEqual([]);
  expect(audited.map(({ result }) => result).toSorted()).toEqual([
    ...Array<string>(32).fill('done'),
    ...Array<string>(8).fill('notBegun'),
  ]);
});

/** Of each act `action by computer result`, sorted. */
const lines = (audited: readonly AuditEntry[]) =>
  audited.map(({ action, by, computer, result }) => `${action} ${by} ${computer} ${result}`).toSorted();

/** So many sessions are held; whatever ends one of them takes until all may end. */
async function held(count: number) {
  const ends: (() => void)[] = [];
  const end = () => new Promise<void>((resolve) => ends.push(resolve));
  const setup = await removing(count, { connect: async () => heldSession(false, end).held });
  const { acts, fleet, keys, audited } = setup;
  await acts.connect(keys);
  const before = audited.length;
  /** Closes the app in the middle of that. @returns what was audited since */
  const closing = async (act: Promise<unknown>) => {
    await settled();
    acts.close();
    const closed = fleet.close(1_000);
    await settled();
    for (const one of ends) one();
    await Promise.all([closed, act]);
    return lines(audited.slice(before));
  };
  return { acts, fleet, keys, ends, closing };
}

test('what was to be disconnected is left by closing itself, so nothing of it is unfinished, and each is audited once', async () => {
  const { acts, fleet, keys, ends, closing } = await held(40);
  const all = acts.disconnect(keys);
  await settled();
  expect(ends.length).toBe(32);
  const audited = await closing(all);
  await acts.counted();
  expect(acts.unfinished).toEqual([]);
  expect(keys.filter((key) => fleet.held.isHeld(key))).toEqual([]);
  const by = (i: number) => (i < 32 ? 'person' : 'app');
  expect(audited).toEqual(
    keys.map(({ computerId }, i) => `disconnect ${by(i)} ${computerId} done`).toSorted(),
  );
});

test('a session that is held and being removed while the app closes is no disconnect as well', async () => {
  const { acts, keys, closing } = await held(3);
  expect(await closing(acts.remove(keys.slice(0, 2)))).toEqual([
    'disconnect app c2 done',
    'remove person c0 done',
    'remove person c1 done',
  ]);
});

test('closing waits so long and no longer', async () => {
  const { acts, fleet, keys } = await removing(3);
  void acts.remove(keys);
  await settled();
  acts.close();
  await fleet.close(20);
  expect(acts.unfinished).toEqual([expect.stringContaining('No session removed, 3 without an answer')]);
});

test('a computer on which nothing was begun is not asked after it', async () => {
  const { acts, fleet, keys, endAll, last } = await removing(40);
  const all = acts.remove(keys);
  await settled();
  acts.stop(last()!.id);
  const statuses = () => keys.slice(32).map(({ computerId }) => fleet.status(computerId));
  const before = statuses();
  await endAll();
  await all;
  await settled();
  expect(statuses().every((one, i) => one === before[i])).toBe(true);
});

test('free and in use are removed as one: Stop stops both, and one more that is asked for meanwhile', async () => {
  const { acts, keys, ends, endAll, last, notices, audited } = await removing(40);
  const shown = keys.slice(0, 39).map((key, i) => (i === 38 ? { ...key, inUse: true, force: true } : key));
  const all = [acts.remove(shown), acts.remove(keys.slice(39))];
  await settled();
  expect([ends.length, last()]).toMatchObject([32, { asked: 40, begun: 32 }]);
  acts.stop(last()!.id);
  await endAll();
  await Promise.all(all);
  expect([ends.length, last()]).toMatchObject([0, { asked: 40, begun: 32, done: 32 }]);
  expect(notices.map(({ message }) => message)).toEqual(['32 sessions removed, 8 not begun.']);
  expect(lines(audited).filter((line) => line.endsWith('notBegun'))).toEqual([
    'forceRemove person c38 notBegun',
    ...['c32', 'c33', 'c34', 'c35', 'c36', 'c37', 'c39'].map((one) => `remove person ${one} notBegun`),
  ]);
});

test('who asks for what is under way already is answered when that has ended; before its turn the last word counts', async () => {
  const { acts, keys, endAll, last, audited } = await removing(40);
  const all = acts.remove(keys);
  await settled();
  const answered: string[] = [];
  const again = [
    acts.remove(keys.slice(0, 2)).then(() => answered.push('two under way')),
    acts.remove(keys.slice(2, 3)).then(() => answered.push('one under way')),
    acts.remove(byForce(keys.slice(39))).then(() => answered.push('by force')),
  ];
  await settled();
  expect([answered, last()]).toMatchObject([[], { asked: 40, begun: 32 }]);
  await endAll();
  await Promise.all([all, ...again]);
  expect(answered.length).toBe(3);
  expect(last()).toMatchObject({ asked: 40, done: 40, failed: 0, gone: 0 });
  expect(audited.filter(({ action }) => action === 'forceRemove')).toMatchObject([{ computer: 'c39' }]);
  expect(audited.length).toBe(40);
});

test('what a Stop has left under way is not begun again by asking for it anew', async () => {
  const { acts, keys, endAll, last, audited } = await removing(40);
  const all = acts.remove(keys);
  await settled();
  acts.stop(last()!.id);
  const again = acts.remove(keys.slice(0, 2));
  await endAll();
  await Promise.all([all, again]);
  expect(audited.filter(({ computer }) => computer === 'c0')).toHaveLength(1);
});

test('an act that was stopped before the app was closed is told as that', async () => {
  const { acts, fleet, keys, last } = await removing(40);
  void acts.remove(keys);
  await settled();
  acts.stop(last()!.id);
  acts.close();
  await fleet.close(20);
  expect(acts.unfinished).toEqual([
    expect.stringMatching(
      /^Removing sessions was stopped before the app was closed: .* 8 not begun\. The audit/,
    ),
  ]);
});
