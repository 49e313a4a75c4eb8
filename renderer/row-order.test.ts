import { expect, test } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import { compareBy, resort } from './row-order.ts';
import type { Row } from './rows.ts';
import type { Sort } from './table-settings.ts';

const COMPUTERS = ['a', 'b', 'c', 'd', 'e'];
const rank = new Map(COMPUTERS.map((id, i) => [id, i]));

const row = (computerId: string, position: number, name: string, memory?: number): Row => {
  const session: PSSession = {
    id: 1,
    name,
    computerName: computerId,
    instanceId: `${position}`,
    state: 'Disconnected',
    availability: 'None',
    configurationName: 'Microsoft.PowerShell',
    shell: { shellId: 'x', ...(memory !== undefined && { memoryUsedBytes: memory }) },
  };
  const key = `${computerId}/${position}`;
  return {
    key,
    computerId,
    instanceId: `${position}`,
    session,
    badge: 'ready',
    at: 0,
    stale: false,
    position,
  };
};
const by = (...sort: readonly Sort[]) => compareBy(sort, rank, new Map());
const keys = (rows: readonly Row[]) => rows.map(({ key }) => key).join(' ');

test('by several columns; figures in names count as figures, the unknown comes last both ways, equal rows keep their order', () => {
  const rows = [row('a', 0, 'web10'), row('a', 1, 'Web2', 5), row('b', 0, 'web2', 9), row('c', 0, 'web2', 5)];
  const name = { column: 'name', descending: false } as const;
  const memory = { column: 'memory', descending: true } as const;
  expect(keys(rows.toSorted(by(name)))).toBe('a/1 b/0 c/0 a/0');
  expect(keys(rows.toSorted(by(name, memory)))).toBe('b/0 a/1 c/0 a/0');
  expect(keys(rows.toSorted(by(memory)))).toBe('b/0 a/1 c/0 a/0');
  expect(keys(rows.toSorted(by({ ...memory, descending: false })))).toBe('a/1 c/0 b/0 a/0');
});

test('a change puts rows where sorting all of them anew would', () => {
  let seed = 11;
  const next = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
  const compare = by({ column: 'name', descending: true }, { column: 'memory', descending: false });
  const fleet = new Map<string, readonly Row[]>();
  const answer = (id: string) =>
    Array.from({ length: next(5) }, (_, i) => row(id, i, `n${next(4)}`, next(3) || undefined));
  let rows: readonly Row[] = [];
  let sorted: readonly Row[] = [];
  for (let round = 0; round < 300; round += 1) {
    // Computers come, change and go.
    const id = COMPUTERS[next(COMPUTERS.length)]!;
    fleet.set(id, answer(id));
    const now = COMPUTERS.flatMap((one) => fleet.get(one) ?? []);
    sorted = resort(now, compare, rank, round === 0 ? undefined : { rows, sorted });
    rows = now;
    expect(keys(sorted)).toBe(keys(now.toSorted(compare)));
  }
});

test('when nothing changed it is the very same list', () => {
  const rows = [row('a', 0, 'x'), row('b', 0, 'w')];
  const sorted = resort(rows, by({ column: 'name', descending: false }), rank);
  expect(resort([...rows], by({ column: 'name', descending: false }), rank, { rows, sorted })).toBe(sorted);
});
