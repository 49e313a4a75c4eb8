import { expect, test } from 'vitest';
import { asking, FIRST_ROUND, hearing, refused } from './own-rounds.ts';

const round = (since: number) => ({ asked: 1, done: 0, since });

test('the first round and those that a person asks for are spoken of, and not those of the app', () => {
  const first = hearing(FIRST_ROUND, undefined, round(1));
  expect(first.since).toBe(1);
  expect(hearing(first, round(1), round(2)).since).toBe(1);
  expect(asking(first, 'session.commands')).toBe(first);
  const asked = asking(first, 'fleet.refresh');
  expect(hearing(asked, round(2), round(2)).since).toBe(1); // the one before goes on
  expect(hearing(asked, round(2), round(3))).toEqual({ isDue: false, since: 3 });
});

test('what was refused makes no round of the app a person’s', () => {
  const first = hearing(FIRST_ROUND, undefined, round(1));
  const asked = asking(first, 'computer.add');
  expect(hearing(refused(asked, 'computer.add'), round(1), round(2)).since).toBe(1);
  expect(refused(asked, 'session.commands')).toBe(asked);
});
