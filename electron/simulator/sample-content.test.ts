import { expect, test } from 'vitest';
import { profileSchema, PROFILE_VERSION } from '../../shared/computer.ts';
import { parseFilter } from '../../shared/filter.ts';
import { ancestryOf, computersWithin, isSafe, resolveComputer } from '../../shared/inheritance.ts';
import { samplePopulation, SAMPLE_USER } from './population.ts';
import { sampleContent } from './sample-content.ts';
import { STALE_ACCOUNT } from './trouble.ts';

const content = sampleContent(samplePopulation(1));
const group = (name: string) => content.groups.find((one) => one.name === name)!;
const computer = (name: string) => content.computers.find((one) => one.computerName === name)!;

test('it is a profile that could be saved, with the same ids for the same seed', () => {
  expect(() => profileSchema.parse({ version: PROFILE_VERSION, ...content })).not.toThrow();
  expect(sampleContent(samplePopulation(1))).toEqual(content);
  const ids = [...content.groups, ...content.computers, ...content.views].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('forty computers stand in five groups below one, two of them in a second group', () => {
  const below = content.groups.filter(({ parentId }) => parentId === group('Production').id);
  expect(below).toHaveLength(5);
  expect(computersWithin(content, group('Production').id)).toHaveLength(40);
  expect(content.computers.filter(({ groupIds }) => groupIds.length === 2)).toHaveLength(2);
});

test('a computer is safe by its second group as well', () => {
  expect(isSafe(content, computer('sql02').groupIds)).toBe(true);
  expect(isSafe(content, computer('app05').groupIds)).toBe(true);
  expect(isSafe(content, computer('app01').groupIds)).toBe(false);
});

test('all are asked as one account, but for three whose own account is refused', () => {
  const usernames = content.computers.map((one) => resolveComputer(content, one, () => undefined).username);
  expect(usernames.filter((one) => one === SAMPLE_USER)).toHaveLength(37);
  expect(usernames.filter((one) => one === STALE_ACCOUNT)).toHaveLength(3);
});

test('every group says how often it is asked, one of them never', () => {
  const every = (name: string) => ancestryOf(content, { groupIds: [group(name).id] })[0]?.refreshEveryS;
  expect(content.groups.map(({ name }) => [name, every(name)])).toEqual([
    ['Production', 60],
    ['Web front ends', undefined],
    ['Database', 30],
    ['Application', undefined],
    ['Build servers', 0],
    ['Branch offices', 300],
  ]);
});

test('favourites, tags, notes and views are there to be seen', () => {
  expect(content.groups.some(({ favourite }) => favourite)).toBe(true);
  expect(content.computers.filter(({ favourite }) => favourite)).toHaveLength(2);
  expect(computer('sql02').tags).toEqual(['prod', 'sql', 'cluster']);
  expect(content.views.map(({ name }) => name)).toEqual([
    'Expiring within 1 h',
    'In use by others',
    'Mine, idle over 8 h',
    'Broken',
  ]);
  for (const { filter } of content.views) expect(parseFilter(filter).problems).toEqual([]);
});
