import { expect, test } from 'vitest';
import { groupNames } from './group-names.ts';

const group = (id: string, name: string, parentId?: string) => ({
  ...{ id, name, options: {} },
  ...(parentId && { parentId }),
});

test('a group is called by its name, and by where it stands where another has that', () => {
  const groups = [
    group('p', 'Production'),
    group('t', 'Test'),
    group('pw', 'Web', 'p'),
    group('tw', 'web', 't'),
    group('ps', 'SQL', 'p'),
  ];
  expect([...groupNames({ groups })]).toEqual([
    ['p', 'Production'],
    ['t', 'Test'],
    ['pw', 'Production / Web'],
    ['tw', 'Test / web'],
    ['ps', 'SQL'],
  ]);
});
