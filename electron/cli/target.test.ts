import { expect, test } from 'vitest';
import { targetsOf } from './target.ts';

test('a URI that holds an account is refused, and its password not repeated', () => {
  const query = { connectionUri: ['http://alice:Passw0rd@web01:5985/wsman'] };
  expect(() => targetsOf(query)).toThrow(
    'A connection URI must hold neither user name nor password. Give the account with -Credential.',
  );
});

test('names come before URIs, each with its own port', () => {
  const query = { computerName: ['web01', '::1'], connectionUri: ['https://db01'], port: 5999 };
  expect(targetsOf(query).map(({ url }) => url)).toEqual([
    'http://web01:5999/wsman',
    'http://[::1]:5999/wsman',
    'https://db01:443/wsman',
  ]);
});
