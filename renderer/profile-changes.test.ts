import { expect, test } from 'vitest';
import type { ProfileContent } from '../shared/computer.ts';
import { applyEdit } from '../shared/apply-edit.ts';
import {
  addGroup,
  addToGroup,
  assignSignIn,
  belongingsOf,
  canStandIn,
  editComputers,
  moveComputers,
  moveGroups,
  moveInto,
  removeComputers,
  removeGroups,
  renameGroup,
  renameView,
  setFavourite,
  takeFromGroup,
} from './profile-changes.ts';
import type { ProfileChange } from './profile-changes.ts';

const group = (id: string, parentId?: string) => ({
  id,
  name: id,
  options: {},
  ...(parentId && { parentId }),
});
const computer = (id: string, ...groupIds: string[]) => ({
  id,
  computerName: id,
  groupIds,
  options: {},
  tags: [],
});
const profile: ProfileContent = {
  groups: [group('prod'), group('web', 'prod'), group('lab')],
  computers: [computer('a', 'web'), computer('b', 'web', 'lab'), computer('c')],
  views: [{ id: 'v', name: 'V', filter: '', groupId: 'web' }],
};
const after = ({ edit }: ProfileChange) => applyEdit(profile, edit);
const groupsOf = (change: ProfileChange, id: string) =>
  after(change).computers.find((one) => one.id === id)?.groupIds;

test('what is told of one computer calls it as the tree does, by its port where it has namesakes', () => {
  const at = (id: string, port: number) => ({
    ...computer(id, 'web'),
    computerName: '10.0.0.5',
    options: { port },
  });
  const twins = { ...profile, computers: [at('one', 5985), at('two', 15985)] };
  const moved = [{ ...twins.computers[1]!, options: { port: 25985 } }];
  const signsIn = { groups: [], computers: [twins.computers[0]!] };
  const told = [
    removeComputers(twins, ['one']),
    editComputers(twins, moved),
    moveComputers(twins, ['two'], { to: 'lab' }),
    addToGroup(twins, ['two'], 'lab'),
    takeFromGroup(twins, ['two'], 'web'),
    setFavourite(twins, { groups: [], computers: ['two'] }, true),
    assignSignIn(twins, 'New', signsIn),
    removeComputers({ ...twins, computers: twins.computers.slice(1) }, ['two']),
  ].map(({ done }) => done);
  expect(told).toEqual([
    'Removed 10.0.0.5:5985.',
    'Edited 10.0.0.5:25985.',
    'Moved 10.0.0.5:15985 to lab.',
    'Added 10.0.0.5:15985 to lab.',
    'Removed 10.0.0.5:15985 from web.',
    'Added 10.0.0.5:15985 to favourites.',
    '10.0.0.5:5985 signs in with New.',
    'Removed 10.0.0.5.',
  ]);
});

test('a group that goes takes those below it and their views along; its computers stay', () => {
  const change = removeGroups(profile, ['prod'], false);
  expect(after(change)).toMatchObject({ groups: [{ id: 'lab' }], views: [] });
  expect(groupsOf(change, 'a')).toEqual([]);
  expect(groupsOf(change, 'b')).toEqual(['lab']);
  expect(change).toMatchObject({
    edit: { label: 'Remove group prod and view V' },
    done: 'Removed group prod and view V.',
  });
  expect(removeGroups(profile, ['lab'], false).done).toBe('Removed group lab.');
});

test('with its computers go those alone that stand nowhere else', () => {
  expect(belongingsOf(profile, ['prod']).computers.map(({ id }) => id)).toEqual(['a']);
  const left = after(removeGroups(profile, ['prod'], true)).computers;
  expect(left.map(({ id }) => id)).toEqual(['b', 'c']);
});

test('moving takes out of the group that was dragged from, or out of all', () => {
  expect(groupsOf(moveComputers(profile, ['b'], { from: 'web', to: 'prod' }), 'b')).toEqual(['prod', 'lab']);
  expect(groupsOf(moveComputers(profile, ['b'], { to: 'prod' }), 'b')).toEqual(['prod']);
  expect(groupsOf(moveComputers(profile, ['b'], {}), 'b')).toEqual([]);
  expect(moveComputers(profile, ['a', 'b'], { to: 'lab' }).done).toBe('Moved 2 computers to lab.');
});

test('adding keeps the groups there were, once each; taking out leaves the others', () => {
  expect(groupsOf(addToGroup(profile, ['a', 'b'], 'lab'), 'a')).toEqual(['web', 'lab']);
  expect(addToGroup(profile, ['a', 'b'], 'lab').edit.put.computers).toHaveLength(1);
  expect(groupsOf(takeFromGroup(profile, ['b'], 'web'), 'b')).toEqual(['lab']);
});

test('a group never comes to stand in itself', () => {
  expect(canStandIn(profile, 'prod', 'web')).toBe(false);
  expect(canStandIn(profile, 'prod', 'prod')).toBe(false);
  expect(canStandIn(profile, 'web', undefined)).toBe(true);
  expect(moveGroups(profile, ['prod'], 'web').edit.put.groups).toEqual([]);
  expect(after(moveGroups(profile, ['web'], undefined)).groups[1]).not.toHaveProperty('parentId');
});

test('groups and computers move together, as one edit; to where they are is none', () => {
  const both = moveInto(profile, { groupIds: ['lab'], computerIds: ['a'], from: 'web' }, 'prod');
  expect(both).toMatchObject({ done: 'Moved 2 places to prod.' });
  expect(both?.edit.put).toMatchObject({
    groups: [{ parentId: 'prod' }],
    computers: [{ groupIds: ['prod'] }],
  });
  const here = { groupIds: [], computerIds: ['a'], from: 'web' };
  expect(moveInto(profile, here, 'web')).toBeUndefined();
  expect(moveInto(profile, { groupIds: ['prod'], computerIds: [] }, 'web')).toBeUndefined();
});

test('every edit says what it was made of: of what is new, nothing', () => {
  const [a, b] = profile.computers;
  expect(setFavourite(profile, { groups: ['lab'], computers: ['b'] }, true).edit.from).toEqual({
    groups: [profile.groups[2]],
    computers: [b],
  });
  expect(removeGroups(profile, ['prod'], false).edit.from).toEqual({ computers: [a, b] });
  expect(renameView(profile, profile.views[0]!, 'W').edit.from).toEqual({ views: profile.views });
  const given = { groups: [profile.groups[0]!], computers: [] };
  expect(assignSignIn(profile, 'New', given).edit.from).toEqual(given);
  expect(addGroup(group('new')).edit).toMatchObject({
    put: { groups: [{ id: 'new' }] },
    from: { groups: [] },
  });
});

test('every edit says what it does, for the undo', () => {
  expect(renameGroup(profile, profile.groups[0]!, 'P').edit.label).toBe('Rename group prod to P');
  expect(removeComputers(profile, ['a', 'c']).done).toBe('Removed 2 computers.');
  const marked = setFavourite(profile, { groups: ['lab'], computers: [] }, true);
  expect(marked.done).toBe('Added lab to favourites.');
  const of = { ...profile, groups: after(marked).groups };
  expect(setFavourite(of, { groups: ['lab'], computers: [] }, false).edit.put.groups?.[0]).toEqual(
    group('lab'),
  );
});
