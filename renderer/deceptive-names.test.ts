import { expect, test } from 'vitest';
import type { ProfileContent } from '../shared/computer.ts';
import { namesOf } from './computer-names.ts';
import { pathText } from './components/membership-fields.tsx';
import { usesInWords } from './credential-uses.ts';
import { groupNames } from './group-names.ts';
import { isItem, treeLines } from './tree-items.ts';

const TURNED = 'web\u202Egnp';
const SHOWN = 'web\uFFFDgnp';
const group = { id: 'g', name: TURNED, options: {} };
const computer = { id: 'c', computerName: TURNED, groupIds: ['g'], options: {}, tags: [] };
const profile: ProfileContent = {
  groups: [group],
  computers: [computer],
  views: [{ id: 'v', name: TURNED, filter: 'state:ready' }],
};

test('names of a shared profile that would read as others are shown for what they are', () => {
  expect(namesOf(profile.computers).get('c')).toBe(SHOWN);
  expect(groupNames(profile).get('g')).toBe(SHOWN);
  expect(pathText(profile, group)).toBe(SHOWN);
  expect(usesInWords({ groups: [group], own: [], computers: [computer] })).toBe(`${SHOWN}, 1 computer`);
  const labels = treeLines(profile, new Set(['g']))
    .filter(isItem)
    .map(({ label }) => label);
  expect(labels.filter((label) => label === SHOWN)).toHaveLength(3); // view, group, computer
  expect(labels).not.toContain(TURNED);
});
