import { expect, test } from 'vitest';
import type { BadgeState, PSSession } from '../shared/session.ts';
import type { Row } from './rows.ts';
import { quotaOf, summarise, VARIOUS } from './summary.ts';

const row = (name: string, computerId: string, owner?: string, badge: BadgeState = 'ready'): Row => {
  const session: PSSession = {
    id: 1,
    name,
    computerName: computerId,
    instanceId: name,
    state: 'Disconnected',
    availability: 'None',
    configurationName: 'Microsoft.PowerShell',
    expiresOn: name.length * 1_000,
    shell: { shellId: name, memoryUsedBytes: 100, ...(owner && { owner }) },
  };
  return { key: name, computerId, instanceId: name, session, badge, at: 0, stale: false, position: 0 };
};

test('what several share is said, what they do not is various, what none says is left out', () => {
  const { computers, memoryBytes, shared, firstExpiry } = summarise(
    [row('a', 'web01', 'CONTOSO\\ann'), row('bb', 'web02', 'CONTOSO\\ann')],
    new Map(),
  );
  expect({ computers, memoryBytes, firstExpiry }).toEqual({
    computers: 2,
    memoryBytes: 200,
    firstExpiry: 1_000,
  });
  expect(Object.fromEntries(shared)).toEqual({
    Computer: VARIOUS,
    Name: VARIOUS,
    Owner: 'CONTOSO\\ann',
    Configuration: 'Microsoft.PowerShell',
  });
});

test('a value that only some have is various', () => {
  expect(
    Object.fromEntries(summarise([row('a', 'x', 'ann'), row('a', 'x')], new Map()).shared),
  ).toMatchObject({
    Owner: VARIOUS,
  });
});

test('two endpoints of one host are not one computer, and one of them is called as everywhere', () => {
  const on = (computerId: string): Row => {
    const one = row('a', computerId);
    return { ...one, session: { ...one.session, computerName: '127.0.0.1' } };
  };
  const known = new Map(['19001', '19005'].map((id) => [id, { computerName: `127.0.0.1:${id}` }]));
  const shared = (...ids: string[]) => Object.fromEntries(summarise(ids.map(on), known).shared);
  expect(shared('19001', '19005')).toMatchObject({ Computer: VARIOUS });
  expect(shared('19005', '19005')).toMatchObject({ Computer: '127.0.0.1:19005' });
});

test('the quota counts the shells of one owner on one computer, whatever kind, but those that are over', () => {
  const first = row('a', 'web01', 'CONTOSO\\ann');
  const all = [
    first,
    row('b', 'web01', 'contoso\\ANN', 'other'),
    row('c', 'web01', 'CONTOSO\\ann', 'closed'),
    row('d', 'web02', 'CONTOSO\\ann'),
    row('e', 'web01', 'CONTOSO\\bob'),
  ];
  expect(quotaOf(first, all)).toEqual({ shells: 2, memoryBytes: 200 });
  expect(quotaOf(row('x', 'web01'), all)).toBeUndefined();
});
