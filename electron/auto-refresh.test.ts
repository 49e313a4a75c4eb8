import { expect, test } from 'vitest';
import type { Computer, Group } from '../shared/computer.ts';
import { AutoRefresh } from './auto-refresh.ts';
import type { Schedule } from './auto-refresh.ts';
import { HandTimer } from './hand-timer-fixture.ts';

const group = (id: string, more: Partial<Group> = {}): Group => ({ id, name: id, options: {}, ...more });
const computer = (id: string, ...groupIds: string[]): Computer => ({
  id,
  computerName: id,
  groupIds,
  options: {},
  tags: [],
});

/** Dice that say how far from the middle a round is moved: 0.5 not at all. */
function setup(random = 0.5) {
  const clock = new HandTimer();
  const asked: string[] = [];
  const failing = new Set<string>();
  const querying = new Set<string>();
  const schedules: Schedule[] = [];
  let take: Promise<void> = Promise.resolve();
  let ask = (ids: readonly string[]): Promise<void> => (asked.push(ids.join()), take);
  const auto = new AutoRefresh({
    refresh: (ids) => ask(ids),
    hasFailed: (id) => (querying.has(id) ? undefined : failing.has(id)),
    emit: (schedule) => schedules.push(schedule),
    now: () => clock.now,
    random: () => random,
    timer: clock.timer,
  });
  const slow = () => {
    let end = () => {};
    take = new Promise((resolve) => (end = resolve));
    return async () => (end(), await new Promise(setImmediate));
  };
  const taking = (asks: typeof ask) => void (ask = asks);
  return { clock, auto, asked, failing, querying, schedules, slow, taking };
}

test('the nearest group that says something decides, 0 being never, and each computer is asked by one', async () => {
  const { clock, auto, asked, schedules } = setup();
  const groups = [
    group('root', { refreshEveryS: 60 }),
    group('inherits', { parentId: 'root' }),
    group('never', { parentId: 'root', refreshEveryS: 0 }),
    group('often', { parentId: 'root', refreshEveryS: 20 }),
    group('silent'),
  ];
  const computers = [
    computer('a', 'inherits'),
    computer('b', 'never'),
    computer('c', 'often', 'inherits'),
    computer('d', 'root'),
    computer('e', 'silent'),
    computer('f', 'silent', 'often'),
  ];
  auto.follow({ groups, computers });
  expect(schedules.at(-1)).toEqual([
    { groupId: 'root', at: 60_000 },
    { groupId: 'often', at: 20_000 },
  ]);
  await clock.pass(60_000);
  expect(asked.toSorted()).toEqual(['a,d', 'c,f', 'c,f', 'c,f']);
});

test.each([
  [0, 54_000],
  [1, 66_000],
])('dice of %d move a round of a minute to %d ms', (random, at) => {
  const { auto, schedules } = setup(random);
  auto.follow({ groups: [group('g', { refreshEveryS: 60 })], computers: [computer('a', 'g')] });
  expect(schedules.at(-1)).toEqual([{ groupId: 'g', at }]);
});

test('of one group never two rounds run at once: the next is planned when one has ended', async () => {
  const { clock, auto, asked, schedules, slow } = setup();
  const profile = { groups: [group('g', { refreshEveryS: 5 })], computers: [computer('a', 'g')] };
  auto.follow(profile);
  const end = slow();
  await clock.pass(5_000);
  expect([asked.length, schedules.at(-1)]).toEqual([1, []]);
  auto.follow(profile); // an edit of something else
  await clock.pass(9_000);
  expect(asked).toHaveLength(1);
  await end();
  expect(schedules.at(-1)).toEqual([{ groupId: 'g', at: 14_000 }]); // overdue, so at once
  await clock.pass(0);
  expect(asked).toHaveLength(2);
});

test('a computer that keeps failing is asked ever more rarely, until it answers', async () => {
  const { clock, auto, asked, failing } = setup();
  failing.add('b');
  auto.follow({
    groups: [group('g', { refreshEveryS: 60 })],
    computers: [computer('a', 'g'), computer('b', 'g')],
  });
  const roundsWithB = () => asked.flatMap((ids, i) => (ids.includes('b') ? i + 1 : []));
  await clock.pass(65 * 60_000);
  expect(asked).toHaveLength(65);
  expect(roundsWithB()).toEqual([1, 3, 7, 15, 31, 47, 63]);
  failing.delete('b'); // somebody asked it, and it answered
  asked.length = 0;
  await clock.pass(3 * 60_000);
  expect(roundsWithB()).toEqual([1, 2, 3]);
});

test('an edit of the time plans anew, one of anything else does not, and no group left plans nothing', async () => {
  const { clock, auto, asked, schedules } = setup();
  const computers = [computer('a', 'g')];
  auto.follow({ groups: [group('g', { refreshEveryS: 60 })], computers });
  await clock.pass(50_000);
  auto.follow({ groups: [group('g', { refreshEveryS: 60, name: 'other' })], computers });
  expect(schedules.at(-1)).toEqual([{ groupId: 'g', at: 60_000 }]);
  auto.follow({ groups: [group('g', { refreshEveryS: 15 })], computers });
  expect(schedules.at(-1)).toEqual([{ groupId: 'g', at: 65_000 }]);
  auto.follow({ groups: [group('g', { refreshEveryS: 0 })], computers });
  expect([schedules.at(-1), clock.waits, asked]).toEqual([[], [], []]);
});

test('stopping ends it, also while a round is under way', async () => {
  const { clock, auto, asked, slow } = setup();
  auto.follow({ groups: [group('g', { refreshEveryS: 30 })], computers: [computer('a', 'g')] });
  const end = slow();
  await clock.pass(30_000);
  auto.stop();
  await end();
  expect([asked.length, clock.waits]).toEqual([1, []]);
});

test('one that says nothing keeps nobody else from being asked again', async () => {
  const { clock, auto, asked, schedules, slow } = setup();
  const end = slow();
  auto.follow({ groups: [group('g', { refreshEveryS: 15 })], computers: [computer('a', 'g')] });
  await clock.pass(25_000);
  expect(schedules.at(-1)).toEqual([{ groupId: 'g', at: 30_000 }]);
  await clock.pass(14_000);
  expect(asked).toEqual(['a', 'a']); // a fleet leaves out who is asked still
  await end();
  await clock.pass(6_000);
  expect(asked).toHaveLength(3);
});

test('one that takes long to fail is spared like any other', async () => {
  const { clock, auto, asked, failing, querying, slow } = setup();
  failing.add('a');
  auto.follow({ groups: [group('g', { refreshEveryS: 15 })], computers: [computer('a', 'g')] });
  await clock.pass(15_000);
  querying.add('a');
  slow();
  await clock.pass(15_000);
  const before = asked.length;
  querying.clear(); // it has failed at last
  await clock.pass(16 * 15_000);
  expect(asked.length - before).toBeLessThan(6);
});

test.each([5_000, 30_000, 180_000])(
  'one that takes %d ms to fail is asked ever more rarely',
  async (failsAfterMs) => {
    const { clock, auto, asked, failing, querying, taking } = setup();
    failing.add('a');
    taking(() => {
      if (querying.has('a')) return Promise.resolve(); // a fleet leaves out who is asked still
      querying.add('a');
      asked.push('a');
      return new Promise((resolve) => clock.timer(failsAfterMs, () => (querying.delete('a'), resolve())));
    });
    auto.follow({ groups: [group('g', { refreshEveryS: 60 })], computers: [computer('a', 'g')] });
    for (let s = 0; s < 4 * 3600; s += 5) await clock.pass(5_000);
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.length).toBeLessThan(20);
  },
);
