import { expect, test } from 'vitest';
import type { BadgeState, Shell } from '../shared/session.ts';
import { changedSince } from './removal-changes.ts';
import type { Row } from './rows.ts';

const row = (key: string, badge: BadgeState, shell: Partial<Shell> = {}, running?: string): Row => ({
  key,
  computerId: 'a',
  instanceId: key,
  badge,
  at: 0,
  stale: false,
  position: 0,
  session: {
    id: 1,
    name: key,
    computerName: 'sql02',
    instanceId: key,
    state: 'Disconnected',
    availability: badge === 'inuse' ? 'Busy' : 'None',
    configurationName: 'Microsoft.PowerShell',
    shell: { shellId: key, ...shell },
    ...(running !== undefined && {
      commands: running ? [{ commandId: '1', commandLine: running, state: 'Running' }] : [],
    }),
  },
});
const ann = { owner: 'CONTOSO\\ann', clientIP: '10.0.4.17' };
const since = (asked: readonly Row[], now: readonly Row[]) =>
  changedSince(asked, new Map(now.map((one) => [one.key, one])));

test('each is as it is by now, in the order in which it was asked for; what is not listed any more is gone', () => {
  const asked = [row('one', 'ready'), row('two', 'ready'), row('three', 'ready')];
  const taken = row('one', 'inuse', ann);
  const { rows, gone, was } = since(asked, [asked[2]!, taken]);
  expect(rows).toEqual([taken, asked[2]]);
  expect(gone).toEqual([asked[1]]);
  expect([...was]).toEqual([['one', 'Was Ready.']]);
});

test('another person in it, and another command, are changes; a later answer that says the same is none', () => {
  const asked = [
    row('same', 'ready', { shellInactivityMs: 1 }, 'Backup'),
    row('bob', 'inuse', ann),
    row('next', 'ready', {}, 'Backup'),
    row('done', 'ready', {}, 'Backup'),
    row('begun', 'ready', {}, ''),
    row('unasked', 'ready'),
  ];
  const { was } = since(asked, [
    row('same', 'ready', { shellInactivityMs: 60_000 }, 'Backup'),
    row('bob', 'inuse', { owner: 'CONTOSO\\bob', clientIP: '10.0.4.9' }),
    row('next', 'ready', {}, 'Restore'),
    row('done', 'ready', {}, ''),
    row('begun', 'ready', {}, 'Restore'),
    row('unasked', 'ready', {}, 'Restore'),
  ]);
  expect(Object.fromEntries(was)).toEqual({
    bob: 'ann from 10.0.4.17 was in it.',
    next: 'Ran Backup.',
    done: 'Ran Backup.',
    begun: 'Ran nothing.',
  });
});
