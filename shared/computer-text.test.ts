import { expect, test } from 'vitest';
import { endpointKey, parseComputers } from './computer-text.ts';

const names = (text: string) =>
  parseComputers(text).map((entry) => ('computerName' in entry ? entry.computerName : `!${entry.problem}`));

test('one field takes names, addresses and connection URIs', () => {
  expect(parseComputers('srv1, srv2 10.0.0.5; https://x:5986/wsman')).toEqual([
    { text: 'srv1', computerName: 'srv1', options: {} },
    { text: 'srv2', computerName: 'srv2', options: {} },
    { text: '10.0.0.5', computerName: '10.0.0.5', options: {} },
    {
      text: 'https://x:5986/wsman',
      computerName: 'x',
      options: { useSSL: true, port: 5986 },
      note: 'https, 5986, /wsman',
    },
  ]);
});

test('repeated names count once, whatever their case', () => {
  expect(names('srv1 SRV1\nsrv1')).toEqual(['srv1']);
});

test('a name in letters of its own and the same in Punycode are one computer; another port is another', () => {
  expect(names('münchen.example xn--mnchen-3ya.example')).toEqual(['xn--mnchen-3ya.example']);
  expect(parseComputers('XN--mnchen-3ya.example:5985 münchen.example')).toHaveLength(2);
});

test('IPv6 addresses stand in brackets or alone', () => {
  expect(parseComputers('[fd00::1]:5986 fd00::2 http://[::1]/wsman')).toMatchObject([
    { computerName: 'fd00::1', options: { port: 5986 } },
    { computerName: 'fd00::2', options: {} },
    { computerName: '::1', options: {} },
  ]);
});

test('what is no computer says why', () => {
  expect(names('srv3:99999 srv:0 ftp://x a/b -x https://me:pw@x/')).toEqual([
    '!port too high',
    '!port 0 cannot be asked',
    '!not an http or https address',
    '!not a computer name',
    '!not a computer name',
    '!an address holds no account or password',
  ]);
});

test('a path is as long as a computer can be kept with, and no longer', () => {
  const long = (letters: number) => names(`https://gw/${'p'.repeat(letters)}`);
  expect([long(255), long(256)]).toEqual([['gw'], ['!too long for a path']]);
  expect(names(`https://gw/${'%41'.repeat(200)}`)).toEqual(['gw']); // it is the path itself that is kept
});

test('a name in letters of its own is asked by its Punycode', () => {
  expect(parseComputers('münchen.example http://bücher:5985/wsman')).toMatchObject([
    { computerName: 'xn--mnchen-3ya.example', note: 'münchen.example' },
    { computerName: 'xn--bcher-kva', options: { port: 5985 } },
  ]);
});

test('addresses and paths that cannot be are refused', () => {
  expect(
    names('999.1.1.1 1.2.3 010.0.0.5 0x7f.1 http://h/%00 http://h/%zz http://h/a%5Cb ü@x srv\u202e'),
  ).toEqual([
    '!not a computer name',
    '!not a computer name',
    '!not a computer name',
    '!not a computer name',
    '!not a path',
    '!not a path',
    '!not a path',
    '!not a computer name',
    '!not a computer name',
  ]);
});

test('an own path is kept', () => {
  expect(parseComputers('http://x/my-wsman')).toMatchObject([{ options: { applicationName: 'my-wsman' } }]);
});

test('a scheme that is written counts, whatever is chosen beside it', () => {
  expect(parseComputers('http://x:5985/wsman https://x x')).toMatchObject([
    { options: { useSSL: false, port: 5985 } },
    { options: { useSSL: true } },
    { options: {} },
  ]);
});

test('the same endpoint is the same computer', () => {
  const key = endpointKey({ computerName: 'SRV1', options: { useSSL: true } });
  expect(endpointKey({ computerName: 'srv1', options: { useSSL: true, port: 5986 } })).toBe(key);
  expect(endpointKey({ computerName: 'srv1', options: {} })).not.toBe(key);
});

test.each([
  ['.', 'LOCALHOST'],
  ['web01.contoso.com.', 'WEB01.contoso.com'],
  ['LOCALHOST..', '.'],
  ['[::1]', '::1'],
])('%s and %s are one computer', (one, other) => {
  const keyOf = (computerName: string) => endpointKey({ computerName, options: {} });
  expect(keyOf(one)).toBe(keyOf(other));
});

test.each([
  ['a..b', 'no name: a part between its dots is empty'],
  ['.web01', 'no name: a part between its dots is empty'],
  ['web01.contoso.com.', 'no name: it ends in a dot'],
  [`${'x'.repeat(64)}.contoso.com`, 'no name: a part of it is longer than 63 letters'],
  [`https://${'x'.repeat(64)}:5986/wsman`, 'no name: a part of it is longer than 63 letters'],
  [`${'x'.repeat(60)}.`.repeat(5) + 'com', 'no name: longer than 253 letters'],
])('%s is nothing that DNS would take', (text, problem) => {
  expect(parseComputers(text)).toEqual([{ text, problem }]);
});

test('as long as DNS takes it, it is a name', () => {
  const [whole, label] = [`${'x'.repeat(62)}.`.repeat(4).slice(0, 251) + '.x', 'x'.repeat(63)];
  expect(parseComputers(`${whole.slice(0, 253)} ${label} . ::1`).map((one) => 'problem' in one)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
