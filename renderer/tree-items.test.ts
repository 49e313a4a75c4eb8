import { expect, test } from 'vitest';
import type { ProfileContent } from '../shared/computer.ts';
import {
  groupAbove,
  isItem,
  openAtFirst,
  openedFor,
  placeOfKey,
  treeLines,
  typedAhead,
} from './tree-items.ts';
import type { Openable } from './tree-items.ts';

const group = (id: string, parentId?: string) => ({
  id,
  name: id.toUpperCase(),
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
  groups: [group('prod'), group('web', 'prod'), { ...group('lab'), favourite: true }],
  computers: [
    computer('web10', 'web'),
    { ...computer('web9', 'web', 'lab'), favourite: true },
    computer('solo'),
  ],
  views: [{ id: 'v', name: 'Broken', filter: 'state:broken' }],
};
const drawn = (open: readonly Openable[], of = profile) =>
  treeLines(of, new Set(open)).map((line) =>
    line.kind === 'section'
      ? line.label
      : `${'  '.repeat(line.level)}${line.label}${line.open === undefined ? '' : line.open ? ' -' : ' +'}`,
  );

test('sections, groups in groups, computers in open groups, by name as people count', () => {
  expect(drawn(['prod', 'web'])).toEqual([
    'Favourites',
    '  LAB',
    '  web9',
    'Saved views',
    '  Broken',
    'Groups',
    '  LAB +',
    '  PROD -',
    '    WEB -',
    '      web9',
    '      web10',
    'Everything',
    '  All computers +',
    '  Offline or failed',
    '  Credentials',
  ]);
});

test('all computers open to every one of them, also those in no group', () => {
  expect(drawn(['all']).slice(-6)).toEqual([
    '  All computers -',
    '    solo',
    '    web9',
    '    web10',
    '  Offline or failed',
    '  Credentials',
  ]);
});

test('each item says which of how many it is, and where it leads', () => {
  const items = treeLines(profile, new Set(['prod', 'web', 'lab'])).filter(isItem);
  const web10 = items.find(({ label }) => label === 'web10')!;
  expect(web10).toMatchObject({ position: 2, brothers: 2, level: 3 });
  expect(placeOfKey(web10.key)).toBe('computer:web10');
  expect(groupAbove(web10.key)).toBe('web');
  expect(groupAbove('every/all')).toBeUndefined();
  const top = items.filter(({ level }) => level === 1);
  expect(top.map(({ position }) => position)).toEqual(top.map((_, i) => i + 1));
  expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
});

test('groups that stand in each other are not gone round for ever', () => {
  const circle = {
    ...profile,
    groups: [group('prod'), group('a', 'prod'), { ...group('prod'), parentId: 'a' }],
  };
  expect(drawn(['prod', 'a'], circle).length).toBeLessThan(20);
});

test('what must be open for a place to be seen', () => {
  expect(openedFor('computer:web10', profile)).toEqual(['web', 'prod']);
  expect(openedFor('group:web', profile)).toEqual(['prod']);
  expect(openedFor('all', profile)).toEqual([]);
  expect([...openAtFirst(profile)]).toEqual(['prod']);
  expect([...openAtFirst({ ...profile, groups: [] })]).toEqual(['all']);
});

test('letters lead to the next that begins with them, round the end', () => {
  const items = treeLines(profile, new Set(['prod', 'web'])).filter(isItem);
  const go = (from: string | undefined, letters: string) => typedAhead(items, from, letters)?.label;
  expect(go('groups/group:prod/group:web/computer:web9', 'w')).toBe('web10');
  expect(go('groups/group:prod/group:web/computer:web9', 'web9')).toBe('web9');
  expect(go('every/credentials', 'p')).toBe('PROD');
  expect(go(undefined, 'x')).toBeUndefined();
});
