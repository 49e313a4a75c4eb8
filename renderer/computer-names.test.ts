import { expect, test } from 'vitest';
import type { ConnectionOptions } from '../shared/computer.ts';
import { namesOf } from './computer-names.ts';

const named = (...computers: readonly (readonly [string, ConnectionOptions])[]) => [
  ...namesOf(
    computers.map(([computerName, options], i) => ({
      id: String(i),
      computerName,
      groupIds: [],
      tags: [],
      options,
    })),
  ).values(),
];

test('a name that is the only one of its kind stands alone', () => {
  expect(named(['web01', { port: 8080 }], ['web02', {}])).toEqual(['web01', 'web02']);
});

test('namesakes are told apart by port, then path, then scheme', () => {
  expect(named(['web', {}], ['WEB', { useSSL: true }])).toEqual(['web:5985', 'WEB:5986']);
  expect(named(['::1', { port: 1 }], ['::1', { port: 2 }])).toEqual(['[::1]:1', '[::1]:2']);
  expect(named(['a', {}], ['a', { applicationName: 'x' }], ['a', { port: 80 }]).toSorted()).toEqual([
    'a:5985/wsman',
    'a:5985/x',
    'a:80',
  ]);
  expect(named(['a', { port: 1 }], ['a', { port: 1, useSSL: true }])).toEqual([
    'http://a:1/wsman',
    'https://a:1/wsman',
  ]);
});
