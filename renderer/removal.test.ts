import { expect, test } from 'vitest';
import type { ProfileContent } from '../shared/computer.ts';
import type { BadgeState } from '../shared/session.ts';
import type { Facts } from './facts.ts';
import { isConfirmed, planRemoval } from './removal.ts';
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
const plan = (rows: readonly Row[], rest: { withInUse?: boolean; force?: boolean } = {}) =>
  planRemoval(rows, { profile, facts, withInUse: false, force: false, ...rest });

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
    unasked: 'Deleted; what it runs was not asked yet',
    held: 'Left alone: somebody is in it',
    lost: 'Deleted, the connection to it was lost',
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
    force: true,
    words: 'Forced: ann from 10.0.4.17 loses Restart-WebAppPool',
  });
  expect(sum).toMatch(/^5 deleted · 1 forced · 1 left alone/);
  expect(phrase).toBe('remove 6');
});

test('only what needs it is forced: a lost one, and what is asked for by force', () => {
  const forced = (of: ReturnType<typeof plan>) =>
    of.going.filter(({ force }) => force).map(({ row: { instanceId } }) => instanceId);
  expect(forced(plan(mixed))).toEqual(['lost']);
  expect(forced(plan(mixed, { force: true, withInUse: true })).toSorted()).toEqual(
    ['busy', 'held', 'idle', 'lost', 'unasked', 'winrs'].toSorted(),
  );
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
