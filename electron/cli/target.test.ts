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

test.each([
  ['http://web01', 'http://web01:80/wsman'],
  ['https://web01/', 'https://web01:443/wsman'],
  ['https://web01:5986/WSMan', 'https://web01:5986/WSMan'],
  ['http://[::1]:5985/wsman', 'http://[::1]:5985/wsman'],
  ['http://localhost:80/a/b', 'http://localhost:80/a/b'],
])('the URI %s is asked at %s', (uri, url) => {
  expect(targetsOf({ connectionUri: [uri] }).map((target) => target.url)).toEqual([url]);
});

test('only a URI may redirect, and only where that was said', () => {
  const both = { computerName: ['web01'], connectionUri: ['http://db01'] };
  const redirections = (query: Parameters<typeof targetsOf>[0]) =>
    targetsOf(query, ['mail']).map(({ redirection }) => redirection);
  expect(redirections(both)).toEqual([undefined, undefined]);
  expect(redirections({ ...both, allowRedirection: true })).toEqual([undefined, { to: ['mail'] }]);
});
