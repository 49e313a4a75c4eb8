import { expect, test } from 'vitest';
import type { RowGroup } from '../row-groups.ts';
import { aboutGroup } from './group-row.tsx';

const NOW = new Date(2026, 2, 2, 10, 42).getTime();
const group = (rest: Partial<RowGroup>): RowGroup => ({
  key: 'group/x',
  title: 'x',
  rows: Array<RowGroup['rows'][number]>(2),
  computers: 1,
  counts: {},
  ...rest,
});

test('a group says how old what is known of it is, where its computers do not answer or wait for a password', () => {
  const lastAt = NOW - 4 * 60_000;
  expect(aboutGroup(group({}), NOW)).toBe('2 sessions on 1 computer');
  expect(aboutGroup(group({ lastAt }), NOW)).toBe('2 sessions on 1 computer, last known 10:38, 4 m ago');
  const offline = { computerIds: ['a'] };
  expect(aboutGroup(group({ lastAt, offline }), NOW)).toBe(
    '1 computer, 2 sessions last known 10:38, 4 m ago',
  );
  expect(aboutGroup(group({ offline }), NOW)).toBe('1 computer, no session of it is known');
});
