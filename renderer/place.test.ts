import { expect, test } from 'vitest';
import type { ProfileContent } from '../shared/computer.ts';
import { computersOf, idIn, placeOf, toPlace } from './place.ts';

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
  computers: [computer('a', 'web'), computer('b', 'lab', 'web'), computer('c', 'lab')],
  views: [
    { id: 'v', name: 'V', filter: 'state:ready', groupId: 'lab' },
    { id: 'w', name: 'W', filter: '' },
  ],
};
const names = (place: Parameters<typeof computersOf>[0]) =>
  computersOf(place, profile)
    .map(({ id }) => id)
    .join('');

test('a group has the computers of all groups below it, each once', () => {
  expect(names(placeOf('group', 'prod'))).toBe('ab');
  expect(names(placeOf('group', 'lab'))).toBe('bc');
});

test('a view looks at its group, or at all; a computer is itself', () => {
  expect(names(placeOf('view', 'v'))).toBe('bc');
  expect(names(placeOf('view', 'w'))).toBe('abc');
  expect(names(placeOf('computer', 'c'))).toBe('c');
  expect(names('all')).toBe('abc');
});

test('a place that is gone has nobody in it, and is not gone back to', () => {
  expect(names(placeOf('view', 'x'))).toBe('');
  expect(toPlace('group:x', profile)).toBeUndefined();
  expect(toPlace(undefined, profile)).toBeUndefined();
  expect(toPlace('nonsense', profile)).toBeUndefined();
  expect(toPlace('computer:a', profile)).toBe('computer:a');
  expect(toPlace('credentials', profile)).toBe('credentials');
});

test('the id is told of its own kind alone', () => {
  expect(idIn('group:g', 'group')).toBe('g');
  expect(idIn('group:g', 'view')).toBeUndefined();
});
