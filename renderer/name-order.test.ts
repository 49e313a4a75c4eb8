import { expect, test } from 'vitest';
import { byName } from './name-order.ts';

test('names are ordered as people count, whatever their case', () => {
  const names = ['web10', 'Web9', 'app1', 'web9.b', 'web1', '10.0.0.12', '10.0.0.2'];
  expect(byName(names, (name) => name)).toEqual([
    '10.0.0.2',
    '10.0.0.12',
    'app1',
    'web1',
    'Web9',
    'web9.b',
    'web10',
  ]);
});
