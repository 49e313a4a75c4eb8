import { expect, test } from 'vitest';
import type { ProfileContent } from '../shared/computer.ts';
import type { ComputerStatus } from '../shared/contract.ts';
import type { PSSession } from '../shared/session.ts';
import { countsInWords, countTree, NO_COUNTS } from './tree-counts.ts';

const session = (name: string, availability: PSSession['availability']): PSSession => ({
  id: 1,
  name,
  computerName: 'x',
  instanceId: name,
  state: 'Disconnected',
  availability,
  configurationName: 'Microsoft.PowerShell',
  shell: { shellId: name },
});
const last = { at: 0, sessions: [session('a', 'None'), session('b', 'None'), session('c', 'Busy')] };
const profile: ProfileContent = {
  groups: [
    { id: 'top', name: 'Top', options: {} },
    { id: 'left', name: 'Left', parentId: 'top', options: {} },
    { id: 'right', name: 'Right', parentId: 'top', options: {} },
  ],
  computers: [
    { id: 'one', computerName: 'one', groupIds: ['left', 'right'], options: {}, tags: [] },
    { id: 'two', computerName: 'two', groupIds: ['left'], options: {}, tags: [] },
    { id: 'new', computerName: 'new', groupIds: [], options: {}, tags: [] },
  ],
  views: [],
};
const error = { kind: 'unreachable', message: 'No.' } as const;

test('a computer in two groups counts once above both', () => {
  const statuses = new Map<string, ComputerStatus>([
    ['one', { kind: 'answered', last }],
    ['two', { kind: 'failed', at: 1, error, last }],
  ]);
  const { all, groups, computers } = countTree(profile, statuses);
  expect(groups.get('left')).toEqual({ ready: 4, inUse: 2, failed: 1 });
  expect(groups.get('right')).toEqual({ ready: 2, inUse: 1, failed: 0 });
  expect(groups.get('top')).toEqual({ ready: 4, inUse: 2, failed: 1 });
  expect(all).toEqual({ ready: 4, inUse: 2, failed: 1 });
  expect(computers.has('new')).toBe(false);
});

test('counts are said in words, and nothing is not said', () => {
  expect(countsInWords({ ready: 10, inUse: 6, failed: 3 })).toBe('10 ready, 6 in use, 3 failed');
  expect(countsInWords(NO_COUNTS)).toBe('');
});
