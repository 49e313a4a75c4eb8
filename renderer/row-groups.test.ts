import { expect, test } from 'vitest';
import type { ProfileContent } from '../shared/computer.ts';
import { resolveComputer } from '../shared/inheritance.ts';
import type { BadgeState, PSSession } from '../shared/session.ts';
import { factsOf } from './facts.ts';
import { groupRows, isGroup, isOpen, OFFLINE, unfold } from './row-groups.ts';
import type { Item } from './row-groups.ts';
import type { Row } from './rows.ts';
import type { Grouping } from './table-settings.ts';
import type { Place } from './place.ts';

const computer = (id: string, ...groupIds: string[]) => ({
  id,
  computerName: `${id}.contoso.com`,
  groupIds,
  options: {},
  tags: [],
});
const profile: ProfileContent = {
  groups: [
    { id: 'lab', name: 'Lab', options: {} },
    { id: 'prod', name: 'Production', options: {} },
    { id: 'web', name: 'Web', parentId: 'prod', options: {} },
  ],
  computers: [
    computer('web10', 'web'),
    computer('web2', 'lab', 'web'),
    computer('alone'),
    computer('dead', 'web'),
  ],
  views: [],
};
const facts = factsOf(
  profile,
  profile.computers.map((one) => resolveComputer(profile, one, () => undefined)),
);
const row = (computerId: string, name: string, badge: BadgeState = 'ready', owner?: string): Row => {
  const session: PSSession = {
    id: 1,
    name,
    computerName: computerId,
    instanceId: name,
    state: 'Disconnected',
    availability: 'None',
    configurationName: 'c',
    shell: { shellId: name, ...(owner && { owner }) },
  };
  const stale = computerId === 'dead';
  return {
    key: `${computerId}/${name}`,
    computerId,
    instanceId: name,
    session,
    badge,
    at: 60,
    stale,
    position: 0,
  };
};
const rows = [
  row('web10', 'a', 'inuse', 'CONTOSO\\bob'),
  row('web2', 'b', 'ready', 'CONTOSO\\Ann'),
  row('alone', 'c'),
  row('dead', 'd', 'ready', 'CONTOSO\\ann'),
  row('web10', 'e', 'ready', 'CONTOSO\\ann'),
];
const items = (by: Grouping, place: Place = 'all', offline: string[] = ['dead']) =>
  groupRows(rows, by, { profile, place, facts, offline });
const said = (list: readonly Item[]) =>
  list.map((item) =>
    isGroup(item)
      ? `${item.title}: ${item.rows.map(({ session }) => session.name).join('')}`
      : item.session.name,
  );

test.each<[Grouping, string[]]>([
  ['group', ['Lab: b', 'Web: ae', 'No group: c', 'Offline: d']],
  ['computer', ['alone.contoso.com: c', 'web2.contoso.com: b', 'web10.contoso.com: ae', 'Offline: d']],
  ['owner', ['CONTOSO\\Ann: be', 'CONTOSO\\bob: a', 'No owner told: c', 'Offline: d']],
  ['state', ['Ready: bce', 'In use: a', 'Offline: d']],
  ['none', ['a', 'b', 'c', 'e', 'Offline: d']],
])('by %s, in an order of its own, rows as they come', (by, expected) => {
  expect(said(items(by))).toEqual(expected);
});

test('of several groups that a computer stands in, the first of those looked at counts', () => {
  expect(said(items('group', 'group:prod'))[0]).toBe('Web: abe');
});

test('a group counts its sessions by state, and its computers', () => {
  const web = items('group').find((item) => isGroup(item) && item.title === 'Web');
  expect(web).toMatchObject({ computers: 1, counts: { inuse: 1, ready: 1 } });
});

test('those that do not answer are a group even if nothing of them is known, and closed until it is opened', () => {
  const list = items('none', 'all', ['dead', 'never']);
  const offline = list.at(-1)!;
  expect(offline).toMatchObject({ key: OFFLINE, computers: 2, lastAt: 60 });
  expect(said(unfold(list, new Map()))).toEqual(['a', 'b', 'c', 'e', 'Offline: d']);
  expect(said(unfold(list, new Map([[OFFLINE, true]])))).toEqual(['a', 'b', 'c', 'e', 'Offline: d', 'd']);
});

test('other groups stand open until they are closed', () => {
  const list = items('state');
  const [ready] = list;
  expect(isGroup(ready!) && isOpen(ready, new Map())).toBe(true);
  expect(said(unfold(list, new Map([[ready!.key, false]])))).toEqual([
    'Ready: bce',
    'In use: a',
    'a',
    'Offline: d',
  ]);
});

test('a group of which all is what was last known says since when, one that answers does not', () => {
  const waits = rows.map((one) => ({ ...one, stale: one.computerId !== 'web2' }));
  const groups = groupRows(waits, 'computer', { profile, place: 'all', facts, offline: [] }).filter(isGroup);
  const at = (title: string) => groups.find((one) => one.title === title)?.lastAt;
  expect([at('web10.contoso.com'), at('web2.contoso.com')]).toEqual([60, undefined]);
});
