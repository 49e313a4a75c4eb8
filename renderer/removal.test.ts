import { expect, test } from 'vitest';
import type { ProfileContent } from '../shared/computer.ts';
import type { BadgeState } from '../shared/session.ts';
import type { Facts } from './facts.ts';
import { countOnce, isConfirmed, planRemoval, removedSessions, signatureOf } from './removal.ts';
import type { Row } from './rows.ts';

const row = (name: string, badge: BadgeState, running?: string, computerId = 'a'): Row => ({
  key: `${computerId}/${name}`,
  computerId,
  instanceId: name,
  badge,
  at: 0,
  stale: false,
  position: 0,
  session: {
    id: 1,
    name,
    computerName: 'sql02',
    instanceId: name,
    state: 'Disconnected',
    availability: badge === 'inuse' ? 'Busy' : 'None',
    configurationName: 'Microsoft.PowerShell',
    shell: { shellId: name, owner: 'CONTOSO\\ann', clientIP: '10.0.4.17', memoryUsedBytes: 100 * 1024 ** 2 },
    ...(running !== undefined && {
      commands: running ? [{ commandId: '1', commandLine: running, state: 'Running' }] : [],
    }),
  },
});
const profile: ProfileContent = {
  groups: [
    { id: 'p', name: 'Production', options: {}, safeMode: true },
    { id: 'd', name: 'Database', parentId: 'p', options: {} },
  ],
  computers: [],
  views: [],
};
const factsOf = (groupIds: string[]): Facts => ({
  computerName: 'sql02',
  shortName: 'sql02',
  group: '',
  groups: groupIds.length > 0 ? ['Database', 'Production'] : [],
  groupIds,
  tags: [],
  transport: '',
  account: undefined,
  rank: 0,
});
const facts = new Map([
  ['a', factsOf([])],
  ['safe', factsOf(['d'])],
]);
const plan = (
  rows: readonly Row[],
  rest: { withInUse?: boolean; force?: boolean; gone?: readonly Row[] } = {},
) => planRemoval(rows, { profile, facts, withInUse: false, force: false, ...rest });

const mixed = [
  row('idle', 'ready', ''),
  row('busy', 'ready', 'Install-WindowsUpdate'),
  row('unasked', 'ready'),
  row('held', 'inuse', 'Restart-WebAppPool'),
  row('lost', 'broken'),
  row('winrs', 'other'),
  row('mine', 'available'),
];

test('each is told what becomes of it; those in use and foreign shells are left alone', () => {
  const { removals, going, sum, inUse } = plan(mixed);
  expect(Object.fromEntries(removals.map(({ row: { instanceId }, words }) => [instanceId, words]))).toEqual({
    idle: 'Deleted, runs nothing',
    busy: 'Deleted, with Install-WindowsUpdate and its buffered output',
    unasked: 'Deleted; what it runs is not known',
    held: 'Left alone: somebody is in it',
    lost: 'Deleted, if its computer has noticed the lost connection',
    winrs: 'Left alone: not a PowerShell session',
    mine: 'Deleted, and its console closed',
  });
  expect(going).toHaveLength(5);
  expect(inUse).toBe(1);
  expect(sum).toBe('5 deleted · 2 left alone · frees 500 MB and 5 shells');
});

test('those in use, when they are included, come first and say who loses what', () => {
  const { removals, sum, phrase } = plan(mixed, { withInUse: true });
  expect(removals[0]).toMatchObject({
    fate: 'forced',
    words: 'Forced: ann from 10.0.4.17 loses Restart-WebAppPool',
  });
  expect(sum).toMatch(/^5 deleted · 1 forced · 1 left alone/);
  expect(phrase).toBe('remove 6');
});

test('nothing is forced that was not asked to be, a lost one neither; what is held here never is', () => {
  const forced = (of: ReturnType<typeof plan>) =>
    of.going.filter(({ fate }) => fate === 'forced').map(({ row: { instanceId } }) => instanceId);
  expect(forced(plan(mixed))).toEqual([]);
  expect(forced(plan(mixed, { withInUse: true }))).toEqual(['held']);
  expect(forced(plan(mixed, { force: true, withInUse: true })).toSorted()).toEqual(
    ['busy', 'held', 'idle', 'lost', 'unasked', 'winrs'].toSorted(),
  );
});

test('a lost one is forced only by typing: nobody here knows who took it up since', () => {
  const lost = [row('lost', 'broken', 'Backup')];
  expect(plan(lost).phrase).toBeUndefined();
  expect(plan(lost, { force: true })).toMatchObject({
    phrase: 'remove 1',
    removals: [{ words: 'Forced, whoever its computer has in it by now' }],
  });
});

test('one that PowerShell does not list is in use as well while somebody is in it', () => {
  const unreadable = row('odd', 'unreadable');
  const odd: Row = {
    ...unreadable,
    session: { ...unreadable.session, availability: 'Busy', unlisted: 'severalCommands' },
  };
  expect(plan([odd], { force: true, withInUse: true })).toMatchObject({ inUse: 1, phrase: 'remove 1' });
  expect(plan([odd], { force: true })).toMatchObject({ inUse: 1, going: [] });
  expect(plan([odd], { withInUse: true })).toMatchObject({ inUse: 0, going: [] }); // by force alone
});

test('what ended meanwhile is left alone, what is not listed any more is said to be gone', () => {
  const { removals, going, sum } = plan([row('idle', 'ready'), row('ended', 'closed')], {
    gone: [row('removed', 'ready')],
  });
  expect(removals.map(({ fate, words }) => [fate, words])).toEqual([
    ['deleted', 'Deleted; what it runs is not known'],
    ['alone', 'Left alone: it has ended'],
    ['gone', 'Gone: it is not listed any more'],
  ]);
  expect([going.length, sum]).toEqual([1, '1 deleted · 1 left alone · 1 gone · frees 100 MB and 1 shell']);
});

test('somebody who comes in while force is asked for has to be typed for', () => {
  const free = plan([row('one', 'ready')], { force: true, withInUse: true });
  const taken = plan([row('one', 'inuse')], { force: true, withInUse: true });
  expect([free.phrase, taken.phrase]).toEqual([undefined, 'remove 1']);
  expect(isConfirmed(taken, '')).toBe(false);
});

test('a list that is another is told from the one that was typed for, though it counts the same', () => {
  const both = { withInUse: true };
  const before = plan([row('one', 'ready'), row('two', 'inuse')], both);
  expect(signatureOf(plan([row('one', 'ready', 'Backup'), row('two', 'inuse')], both))).toBe(
    signatureOf(before),
  );
  for (const other of [
    plan([row('one', 'inuse'), row('two', 'inuse')], both),
    plan([row('one', 'ready'), row('three', 'inuse')], both),
    plan([row('one', 'inuse'), row('two', 'ready')], both),
  ]) {
    expect(other.going).toHaveLength(2);
    expect(signatureOf(other)).not.toBe(signatureOf(before));
  }
});

test('a few free ones go by a click; ten, one in use, or one in safe mode have to be typed', () => {
  const many = (n: number) => Array.from({ length: n }, (_, i) => row(String(i), 'ready'));
  expect(plan(many(9)).phrase).toBeUndefined();
  expect(plan(many(10)).phrase).toBe('remove 10');
  expect(plan([row('held', 'inuse')], { withInUse: true, force: true }).phrase).toBe('remove 1');
  expect(plan([row('x', 'ready', '', 'safe')])).toMatchObject({ phrase: 'remove 1', safe: 'Production' });
});

test('the number that is typed is what would really go, and nothing else will do', () => {
  const typed = plan([...mixed, ...Array.from({ length: 5 }, (_, i) => row(String(i), 'ready'))]);
  expect(typed.phrase).toBe('remove 10');
  expect(isConfirmed(typed, ' Remove  10 ')).toBe(true);
  for (const wrong of ['remove 12', 'remove 1', '10', '']) expect(isConfirmed(typed, wrong)).toBe(false);
  expect(isConfirmed(plan([row('held', 'inuse')]), '')).toBe(false); // nothing would go
});

test('what ran at an earlier answer is told as that, and a computer that does not answer is no certain thing', () => {
  const old = row('old', 'ready', 'Get-Date');
  const before = { ...old, session: { ...old.session, commandsAreOld: true as const } };
  const stale = { ...row('gone', 'ready', 'Get-Date'), stale: true };
  const { removals, sum } = plan([before, stale]);
  expect(removals.map(({ words }) => words)).toEqual([
    'Deleted; when it was asked last it ran Get-Date',
    'Deleted, if its computer answers again: it did not when it was asked last',
  ]);
  expect(sum).toBe('2 deleted · 1 on computers that do not answer · frees 100 MB and 1 shell');
});

test('free and in use are asked for together, each with its fate', () => {
  const rows = [row('free', 'ready'), row('busy', 'inuse'), row('left', 'closed')];
  const key = (instanceId: string) => ({ computerId: 'a', instanceId });
  expect(removedSessions(plan(rows, { withInUse: true }))).toEqual([
    { ...key('busy'), inUse: true, force: true },
    { ...key('free'), inUse: false, force: false },
  ]);
  expect(removedSessions(plan(rows))).toEqual([{ ...key('free'), inUse: false, force: false }]);
});

test('a session that is listed under two names of its computer goes, and counts, once', () => {
  const named = (
    computerId: string,
    computerName: string,
    badge: BadgeState,
    owner = 'CONTOSO\\ann',
  ): Row => {
    const one = row('s1', badge, '', computerId);
    return { ...one, session: { ...one.session, computerName, shell: { ...one.session.shell, owner } } };
  };
  const both = [named('x', '127.0.0.1', 'ready'), named('b', 'localhost', 'ready')];
  const { removals, going, sum } = plan(both);
  expect(removals.map(({ row: { key }, words }) => [key, words])).toEqual([
    ['x/s1', 'Deleted, runs nothing'],
    ['b/s1', 'The same session as on 127.0.0.1'],
  ]);
  expect(going.map(({ row: { key } }) => key)).toEqual(['x/s1']);
  // Of two endpoints of one host it is said which.
  const called = new Map(['x', 'b'].map((id) => [id, { ...factsOf([]), computerName: `10.0.0.1:${id}` }]));
  const { removals: ports } = planRemoval(both, { profile, facts: called, withInUse: false, force: false });
  expect(ports[1]?.words).toBe('The same session as on 10.0.0.1:x');
  expect(sum).toBe('1 deleted · 1 listed twice · frees 100 MB and 1 shell');
  expect(countOnce(both)).toEqual({ sessions: 1, computers: 1 });
  // The one that is held here is let go of; that it looks in use under its other name is nobody else.
  const held = plan([named('a', '127.0.0.1', 'inuse'), named('b', 'localhost', 'available')]);
  expect(held.going.map(({ row: { key }, fate }) => [key, fate])).toEqual([['b/s1', 'deleted']]);
  expect(held.inUse).toBe(0);
  // That it stands in a group in safe mode under its other name is minded.
  expect(plan([both[0]!, named('safe', 'localhost', 'ready')]).safe).toBe('Production');
  // Somebody else's is another, whatever it is called.
  expect(plan([both[0]!, named('b', 'localhost', 'ready', 'LAB\\bob')]).going).toHaveLength(2);
});

test.each(['', 'z'.repeat(256)])(
  'of an id that no request can name nothing is asked, and the others go: %#',
  (id) => {
    const one = row('a', 'unreadable');
    const odd = { ...one, instanceId: id, session: { ...one.session, instanceId: id } };
    const context = { profile, facts: new Map(), withInUse: true, force: true };
    const plan = planRemoval([odd, row('b', 'ready')], context);
    expect(removedSessions(plan).map(({ instanceId }) => instanceId)).toEqual(['b']);
    expect(plan.removals.map(({ words }) => words)).toContain(
      'Left alone: its computer gives it no id to ask for it by',
    );
  },
);
