import { expect, test } from 'vitest';
import type { ProfileShown } from '../shared/contract.ts';
import { assigned, usesInWords, usesOf } from './credential-uses.ts';
import { assignSignIn } from './profile-changes.ts';
import { NOTHING } from './selection.ts';
import { targetInWords, treeTarget } from './tree-target.ts';

const signIn = { kind: 'credential', credentialId: 'key' } as const;
const profile: ProfileShown = {
  sample: false,
  groups: [
    { id: 'web', name: 'Web', options: {}, signIn },
    { id: 'lab', name: 'Lab', options: {} },
  ],
  computers: [
    { id: 'a', computerName: 'a', groupIds: ['web'], options: {}, tags: [] },
    { id: 'b', computerName: 'b', groupIds: ['web', 'lab'], options: {}, tags: [] },
    { id: 'c', computerName: 'c', groupIds: ['lab'], options: {}, tags: [], signIn: { kind: 'ask' } },
  ],
  views: [{ id: 'v', name: 'Mine', filter: '' }],
};
const [a, b] = ['groups/group:web/computer:a', 'groups/group:web/computer:b'];

test('what is selected in the tree is meant, with the group it was taken in', () => {
  const tree = { selected: new Set([a, b]), focus: b };
  const target = treeTarget({ profile, place: 'computer:b', tree });
  expect(target).toMatchObject({ computers: [{ id: 'a' }, { id: 'b' }], groups: [], from: 'web' });
  expect(targetInWords(target, profile.computers)).toBe('2 computers');
});

test('in several groups they have none in common', () => {
  const tree = { selected: new Set([a, 'groups/group:lab/computer:c']), focus: a };
  expect(treeTarget({ profile, place: 'computer:a', tree })).not.toHaveProperty('from');
});

test('where another place is looked at than the tree says, the place is meant', () => {
  const tree = { selected: new Set([a]), focus: a };
  expect(targetInWords(treeTarget({ profile, place: 'group:lab', tree }), profile.computers)).toBe('Lab');
  expect(targetInWords(treeTarget({ profile, place: 'view:v', tree: NOTHING }), profile.computers)).toBe(
    'Mine',
  );
  expect(
    targetInWords(treeTarget({ profile, place: 'all', tree: NOTHING }), profile.computers),
  ).toBeUndefined();
});

test('who signs in with a credential: those it is assigned to, and all that inherit it', () => {
  const uses = usesOf(profile, 'key');
  expect(uses.computers.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(usesInWords(uses)).toBe('Web, 2 computers');
  expect(usesInWords(usesOf(profile, 'other'))).toBe('Nobody');
  const own = { ...profile, computers: [{ ...profile.computers[2]!, signIn }], groups: [] };
  expect(usesInWords(usesOf(own, 'key'))).toBe('c');
});

test('who is given a group’s credential: all below it, but those that have another', () => {
  const other = { kind: 'credential', credentialId: 'other' } as const;
  const [first, second, third] = profile.computers;
  const fleet = { ...profile, computers: [first!, { ...second!, signIn: other }, third!] };
  const { groups, computers } = assigned(fleet, 'new', 'lab');
  expect(groups).toMatchObject([{ id: 'lab', signIn: { credentialId: 'new' } }]);
  expect(computers).toEqual([{ id: 'c', computerName: 'c', groupIds: ['lab'], options: {}, tags: [] }]);
  expect(assignSignIn(fleet, 'New', { groups, computers }).done).toBe(
    'Lab signs in with New, with 1 computer below it that had an account of its own.',
  );
  const alone = assigned(fleet, 'new', 'a');
  expect([alone.groups, alone.computers[0]?.signIn]).toEqual([
    [],
    { kind: 'credential', credentialId: 'new' },
  ]);
});
