import { expect, test } from 'vitest';
import { parseChallenges, parseParameters } from './http-challenge.ts';

const read = (...headers: string[]) =>
  parseChallenges(headers).map(({ scheme, token68, parameters }) => [
    scheme,
    token68,
    Object.fromEntries(parameters),
  ]);

test('several challenges are read from one header or from several', () => {
  const digest = ['digest', undefined, { realm: 'a, b="c"', nonce: 'x', qop: 'auth,auth-int' }];
  const basic = ['basic', undefined, { realm: 'WSMAN' }];
  const one = 'Digest realm="a, b=\\"c\\"", nonce=x, qop="auth,auth-int"';
  expect(read(one, 'Negotiate', 'Basic realm="WSMAN"')).toEqual([
    digest,
    ['negotiate', undefined, {}],
    basic,
  ]);
  expect(read(`Negotiate, ${one}, Basic realm="WSMAN"`)).toEqual([
    ['negotiate', undefined, {}],
    digest,
    basic,
  ]);
  expect(read(` ,, Negotiate YII=,\t${one},`)).toEqual([['negotiate', 'YII=', {}], digest]);
});

test('spaces around =, capitals and empty values are read', () => {
  expect(read('DIGEST Realm = "" , NONCE\t=\t"a\\\\b"')).toEqual([
    ['digest', undefined, { realm: '', nonce: 'a\\b' }],
  ]);
});

test('bytes beyond ASCII stay as they travelled', () => {
  const realm = Buffer.from('zoë', 'utf8').toString('latin1');
  expect(parseChallenges([`Digest realm="${realm}"`])[0]?.parameters.get('realm')).toBe(realm);
});

test.each([
  ['a quote without end', 'Digest realm="x'],
  ['a backslash at the end', 'Digest realm="x\\'],
  ['an escaped end', 'Digest realm="x\\"'],
  ['a control character between quotes', 'Digest realm="\u0001"'],
  ['a line break between quotes', 'Digest realm="a\nb"'],
  ['a parameter without a scheme', 'realm="x"'],
  ['a parameter without a value', 'Digest nonce="x", realm='],
  ['three words', 'Negotiate NTLM Basic'],
  ['a value without a name', 'Digest ="x"'],
  ['no comma between two', 'Digest realm="x" nonce="y"'],
  ['something behind a quote', 'Digest realm="x"y'],
  ['one thing said twice', 'Digest realm="x", Realm="y"'],
  ['a parameter behind a token', 'Negotiate abc==, realm="x"'],
  ['brackets', 'Digest {realm}'],
])('%s is refused', (_, header) => {
  expect(() => parseChallenges([header])).toThrow(expect.objectContaining({ kind: 'protocol' }));
});

test('a header as long as HTTP lets through is read, or refused, in no time', () => {
  const started = performance.now();
  const long = 'a'.repeat(80_000);
  expect(read(`Digest realm="${long}"`)[0]?.[2]).toEqual({ realm: long });
  for (const hostile of [
    `Digest realm="${'\\"'.repeat(40_000)}`,
    `Digest ${'a=b,'.repeat(20_000)}`,
    `Digest ${'a '.repeat(40_000)}`,
    `${'='.repeat(80_000)}`,
    `Digest ${' '.repeat(80_000)}x y`,
    `Digest ${'a'.repeat(80_000)} !`,
  ]) {
    expect(() => parseChallenges([hostile])).toThrow(expect.objectContaining({ kind: 'protocol' }));
  }
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('Authentication-Info is parameters alone', () => {
  expect([...parseParameters('rspauth="ab", nc=00000001,qop=auth')]).toEqual([
    ['rspauth', 'ab'],
    ['nc', '00000001'],
    ['qop', 'auth'],
  ]);
  expect(() => parseParameters('Digest rspauth="ab"')).toThrow(expect.objectContaining({ kind: 'protocol' }));
});
