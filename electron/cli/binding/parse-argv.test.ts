import { expect, test } from 'vitest';
import { parseArgv } from './parse-argv.ts';
import { parseLine, parseValue } from './parse-line.ts';

const value = (given: unknown) => ({ kind: 'value', value: given });

test('a word keeps its spaces, and commas make a list', () => {
  expect(parseArgv(['a b', 'web01,web02', "'a,b',c"])).toEqual([
    value('a b'),
    value(['web01', 'web02']),
    value(['a,b', 'c']),
  ]);
});

test('a comma at the end of a word goes on with the next', () => {
  expect(parseArgv(['web01,', 'web02,', 'web03'])).toEqual([value(['web01', 'web02', 'web03'])]);
});

test('names are read with a colon, as GNU writes them, and with a value of their own', () => {
  expect(
    parseArgv(['-Port:5985', '-UseSSL:$false', '--password-stdin', '--port=80', '-Cn:', 'a']),
  ).toMatchObject([
    { name: 'Port', value: { value: 5985 } },
    { name: 'UseSSL', value: false },
    { name: 'password-stdin', isGnu: true },
    { name: 'port', value: { value: 80 }, isGnu: true },
    { name: 'Cn', value: 'a' },
  ]);
});

test('a hash table is one word', () => {
  expect(
    parseArgv(["@{OperationTimeout=240000; NoEncryption=$true; Culture='de-DE'; IdleTimeout=-1}"]),
  ).toEqual([
    value({
      kind: 'hash',
      entries: [
        ['OperationTimeout', { kind: 'number', type: 'Int32', value: 240_000 }],
        ['NoEncryption', true],
        ['Culture', 'de-DE'],
        ['IdleTimeout', { kind: 'number', type: 'Int32', value: -1 }],
      ],
    }),
  ]);
});

test('what the shell quoted is text: no variable, no escape, no expression', () => {
  expect(parseArgv(['$HOME', 'a`*', "O'Brien", '(x)', 'LAB\\alice', '', '-1', '1.2.3.4'])).toEqual(
    ['$HOME', 'a`*', "O'Brien", '(x)', 'LAB\\alice', '', '-1', '1.2.3.4'].map(value),
  );
});

test('after two dashes nothing is a name', () => {
  expect(parseArgv(['--', '-web01', '--json'])).toEqual([value('-web01'), value('--json')]);
});

test.each([
  ['@{NoEncryption=false}', 'CommandNotFoundException'],
  ['@{NoEncryption=(false)}', 'CommandNotFoundException'],
  ['@{Culture=@(de, en)}', 'CommandNotFoundException'],
  ['@{SkipCACheck=1;skipcacheck=0}', 'DuplicateKeyInHashLiteral'],
  ['@(a)b', 'ParserError'],
  ['@{SkipCACheck=1}; rubbish', 'ParserError'],
])('%s is refused as %s, as PowerShell refuses it', (text, errorId) => {
  expect(() => parseValue(text)).toThrow(expect.objectContaining({ errorId }));
  if (text.startsWith('@{')) expect(() => parseArgv([text])).toThrow(expect.objectContaining({ errorId }));
});

test('what JavaScript’s objects have by themselves is a name like any other', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(parseArgv([name])).toEqual([value(name)]);
    expect(parseLine(`Get-PSSession ${name}`).args).toEqual([value(name)]);
  }
});
