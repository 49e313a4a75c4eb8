import { expect, test } from 'vitest';
import type { ComputerStatus, Sweep } from '../shared/contract.ts';
import {
  heardIn,
  isStopped,
  lastChangeInWords,
  nextRefresh,
  NOTHING_SAID,
  spoken,
  sweepOf,
} from './sweep-words.ts';
import type { Heard } from './sweep-words.ts';

const statuses = new Map<string, ComputerStatus>([
  ['a', { kind: 'waiting' }],
  ['b', { kind: 'querying', since: 0 }],
  ['c', { kind: 'answered', last: { at: 0, sessions: [] } }],
  ['d', { kind: 'failed', at: 0, error: { kind: 'timeout', message: 'x' } }],
]);

test('those that wait for a password were not asked', () => {
  expect(sweepOf(statuses, { asked: 3, done: 2, since: 0 })).toEqual({ asked: 3, done: 2, failed: 1 });
});

test('who is asked once more, after the round or while it runs, is no part of how far it has come', () => {
  const all = new Map(statuses).set('again', { kind: 'querying', since: 5 });
  expect(sweepOf(all, { asked: 4, done: 4, since: 0 })).toEqual({ asked: 4, done: 4, failed: 1 });
  expect(sweepOf(all, { asked: 4, done: 3, since: 0 })).toEqual({ asked: 4, done: 3, failed: 1 });
});

test('who was not heard in a round that was stopped is not done, until the next round', () => {
  const answered: ComputerStatus = { kind: 'answered', last: { at: 0, sessions: [] } };
  const all = new Map<string, ComputerStatus>([
    ['a', answered],
    ['b', answered],
    ['asWas', answered],
  ]);
  const stopped = { asked: 3, done: 3, cancelled: 1, since: 10, endedAt: 11 };
  expect(sweepOf(all, stopped)).toEqual({ asked: 3, done: 2, failed: 0 });
  const error = { kind: 'cancelled', message: 'x' } as const;
  const never = new Map(all).set('asWas', { kind: 'failed', at: 11, error });
  expect(sweepOf(never, stopped)).toEqual({ asked: 3, done: 2, failed: 0 });
  expect(sweepOf(all, { asked: 3, done: 3, since: 20 })).toEqual({ asked: 3, done: 3, failed: 0 });
  // Not asked in the next one, it is as one that was never asked.
  expect(sweepOf(never, { asked: 1, done: 1, since: 20 })).toEqual({ asked: 2, done: 2, failed: 0 });
  expect([isStopped(stopped), isStopped({ asked: 3, done: 3, since: 20, endedAt: 21 })]).toEqual([
    true,
    false,
  ]);
});

/** What is said of these one after another, as it is spoken: a text only where it is another. */
const heard = (sweeps: readonly Sweep[], of?: Heard): string[] => {
  let said = NOTHING_SAID;
  return sweeps.flatMap((sweep) => {
    const before = said;
    const { done, cancelled = 0 } = sweep;
    said = spoken(before, sweep, of ?? { heard: done - cancelled, failed: 0 });
    return said === before ? [] : said.words;
  });
};

test('only the start, each quarter and the end are other words', () => {
  expect(heard(Array.from({ length: 201 }, (_, done) => ({ asked: 200, done, since: 0 })))).toEqual([
    'Asking 200 computers',
    '25 % of 200 computers',
    '50 % of 200 computers',
    '75 % of 200 computers',
    '100 % of 200 computers',
  ]);
  const ended = { asked: 3, done: 3, since: 0, endedAt: 12_400 };
  expect(heard([ended, { ...ended, asked: 4, done: 4 }], { heard: 3, failed: 1 })).toEqual([
    '3 computers asked in 12 s, 1 failed',
  ]);
});

test('who joins a round that runs makes nothing to be said twice', () => {
  const since = 0;
  const round = [
    { asked: 13, done: 0, since },
    { asked: 14, done: 1, since },
    { asked: 13, done: 10, since },
    { asked: 18, done: 11, since },
    { asked: 22, done: 17, since },
    { asked: 22, done: 22, since, endedAt: 5_000 },
    { asked: 1, done: 0, since: 9_000 },
  ];
  expect(heard(round)).toEqual([
    'Asking 13 computers',
    '75 % of 13 computers',
    '22 computers asked in 5 s, none failed',
    'Asking 1 computer',
  ]);
});

test('of a round that was stopped it is said how many were heard', () => {
  const stopped = { asked: 300, done: 300, cancelled: 233, since: 0, endedAt: 6_000 };
  expect(heard([stopped])).toEqual(['Stopped: 67 of 300 computers asked in 6 s, none failed']);
});

test('of a round of one computer it is said what came of that one, and not of those before', () => {
  const error = { kind: 'timeout', message: 'x' } as const;
  const all = new Map<string, ComputerStatus>([
    ...statuses,
    ['e', { kind: 'failed', at: 5_000, error: { ...error, kind: 'cancelled' } }],
  ]);
  const one = { asked: 1, done: 1, since: 4_000, endedAt: 6_000 };
  const answered = new Map(all).set('f', { kind: 'answered', last: { at: 4_200, sessions: [] } });
  expect(heard([one], heardIn(one, answered))).toEqual(['1 computer asked in 2 s, none failed']);
  const again = new Map(all).set('d', { kind: 'failed', at: 4_500, error });
  expect(heard([one], heardIn(one, again))).toEqual(['1 computer asked in 2 s, 1 failed']);
  const twice = { ...one, asked: 2, done: 2 }; // once more in the middle of it
  expect(heard([twice], heardIn(twice, again))).toEqual(['1 computer asked in 2 s, 1 failed']);
});

test('what came and went, without what did not happen', () => {
  expect(lastChangeInWords({ since: 0, added: 2, gone: 1, changed: 0 })).toBe('2 new, 1 gone');
});

test('the next refresh of all groups counts down', () => {
  const schedule = [
    { groupId: 'late', at: 4_000_000 },
    { groupId: 'over', at: 500 },
    { groupId: 'next', at: 289_000 },
  ];
  expect(nextRefresh(schedule, 1_000)).toMatchObject({ groupId: 'next', countdown: '4:48' });
  expect(nextRefresh(schedule, 300_000)).toMatchObject({ groupId: 'late', countdown: '1:01:40' });
  expect(nextRefresh([], 0)).toBeUndefined();
});
