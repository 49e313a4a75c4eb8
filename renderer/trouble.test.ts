import { expect, test } from 'vitest';
import type { ComputerStatus, ProfileShown } from '../shared/contract.ts';
import type { Behind } from './marks.ts';
import { troubleAt } from './trouble.ts';

const computer = { groupIds: ['g'], options: {}, tags: [] };
const profile: ProfileShown = {
  sample: false,
  groups: [{ id: 'g', name: 'Group', options: {} }],
  computers: ['a', 'b', 'c', 'd'].map((id) => ({ ...computer, id, computerName: id })),
  views: [],
};
const failed: ComputerStatus = { kind: 'failed', at: 0, error: { kind: 'timeout', message: 'No answer.' } };
const waiting: ComputerStatus = { kind: 'waiting' };
const statuses = new Map<string, ComputerStatus>([
  ['a', failed],
  ['b', failed],
  ['c', waiting],
  ['elsewhere', failed],
]);
const behind = new Map<string, Behind>([['b', 'offline']]);

test('who failed, who is offline, who waits for a password, each among those of the place', () => {
  const all = { profile, statuses, behind };
  expect(troubleAt(all, 'all')).toEqual({ failed: [failed], offline: 1, waiting: ['c'] });
  expect(troubleAt(all, 'group:g')).toEqual({ failed: [failed], offline: 1, waiting: ['c'] });
  expect(troubleAt(all, 'computer:b')).toEqual({ failed: [], offline: 1, waiting: [] });
  expect(troubleAt(all, 'computer:d')).toEqual({ failed: [], offline: 0, waiting: [] });
  expect(troubleAt({ ...all, profile: undefined }, 'all').failed).toEqual([]);
});
