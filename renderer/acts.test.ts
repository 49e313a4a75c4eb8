import { expect, test } from 'vitest';
import { outcomeInWords } from '../shared/act-words.ts';
import type { BulkAct, FailedAct } from '../shared/bulk-act.ts';
import { actInWords, endInWords, groupActFailures, endedActs, spokenAct, withAct } from './acts.ts';

const act = (change: Partial<BulkAct> = {}): BulkAct => ({
  ...{ id: 1, kind: 'remove', asked: 340, begun: 44, done: 12, failed: 0, gone: 0, since: 0 },
  ...change,
});

test('while it runs it says how far it is, and once it is stopped how many are still under way', () => {
  expect(actInWords(act())).toBe('Removing 12 of 340');
  expect(actInWords(act({ isStopped: true }))).toBe('Removing the last 32');
  expect(actInWords(act({ kind: 'connect', asked: 5_000 }))).toBe('Connecting 12 of 5,000');
});

test('at the end it says what came of all', () => {
  const end = { begun: 337, done: 337, failed: 5, gone: 2, endedAt: 9 };
  expect(endInWords(act(end))).toEqual(['330 removed', '2 gone already', '3 not begun']);
  expect(spokenAct(act(end))).toBe('330 sessions removed, 2 gone already, 5 failed, 3 not begun');
});

test('thousands read the same in the banner as in the status bar', () => {
  const many = act({ asked: 12_500, begun: 12_000, done: 12_000, endedAt: 9 });
  expect(outcomeInWords(many)).toBe('12,000 sessions removed, 500 not begun');
  expect(endInWords(many)).toEqual(['12,000 removed', '500 not begun']);
});

test('names that would read as others are shown for what they are', () => {
  const [name, computerName] = ['night\u202Eyl', 'web\u202E10'];
  const error = { kind: 'unreachable', message: `${computerName} does not answer.` } as const;
  const failed = { computerId: 'a', instanceId: 's', name, computerName, error };
  const [told] = withAct(
    [],
    act({ endedAt: 5, failed: 2, failures: [failed, { ...failed, instanceId: 't' }] }),
  );
  const [group] = groupActFailures(told!.failures!);
  expect(group).toMatchObject({
    reason: '2 sessions: each computer does not answer.',
    sessions: [{ name: 'night\uFFFDyl', computerName: 'web\uFFFD10' }, {}],
  });
  expect(groupActFailures([told!.failures![0]!])[0]!.reason).toBe('web\uFFFD10 does not answer.');
});

test('another text is spoken at the start, at each quarter, at Stop and at the end alone', () => {
  const steps = Array.from({ length: 340 }, (_, done) => spokenAct(act({ done })));
  expect([...new Set(steps)]).toEqual([
    'Removing 340 sessions',
    'Removing: 25 % of 340 sessions',
    'Removing: 50 % of 340 sessions',
    'Removing: 75 % of 340 sessions',
  ]);
  expect(spokenAct(act({ isStopped: true }))).toBe('Removing stops');
});

test('one that begins takes the place of what had ended of its kind', () => {
  const ended = act({ endedAt: 5 });
  const other = act({ id: 2, kind: 'connect', endedAt: 5 });
  const running = act({ id: 3 });
  const next = [ended, other, running].reduce(withAct, [] as readonly BulkAct[]);
  expect(next.map(({ id }) => id)).toEqual([2, 3]);
  expect(withAct(next, act({ id: 3, done: 13 })).map(({ done }) => done)).toEqual([12, 13]);
});

test('what failed of one that was stopped is not lost to the one that began meanwhile', () => {
  const stopped = act({ isStopped: true });
  const next = act({ id: 2 });
  const ended = { ...stopped, failed: 3, endedAt: 5 };
  const acts = [stopped, next, ended, { ...next, done: 13 }, { ...next, endedAt: 7 }].reduce(
    withAct,
    [] as readonly BulkAct[],
  );
  expect(acts.map(({ id, endedAt }) => [id, endedAt])).toEqual([
    [1, 5],
    [2, 7],
  ]);
  expect(withAct(acts, act({ id: 3 })).map(({ id }) => id)).toEqual([3]);
});

test('what went well is said for a minute, what failed until the next one', () => {
  const well = act({ endedAt: 1_000 });
  const failed = act({ id: 2, endedAt: 1_000, failed: 1 });
  expect(endedActs([well, failed, act({ id: 3 })], 2_000)).toEqual([well, failed]);
  expect(endedActs([well, failed], 62_000)).toEqual([failed]);
});

test('equal failures are one, but for the name of their computer', () => {
  const failed = (computerName: string, message: string): FailedAct => ({
    ...{ computerId: computerName, instanceId: 's', name: 'nightly', computerName },
    error: { kind: 'unreachable', message },
  });
  const groups = groupActFailures([
    failed('web01', 'Access is denied.'),
    failed('web02', 'web02 does not answer.'),
    failed('web03', 'web03 does not answer.'),
  ]);
  expect(groups.map(({ reason, sessions }) => [reason, sessions.length])).toEqual([
    ['2 sessions: each computer does not answer.', 2],
    ['Access is denied.', 1],
  ]);
});
