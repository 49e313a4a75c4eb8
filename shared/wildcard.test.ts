import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { wildcard, WildcardError } from './wildcard.ts';

interface Golden {
  readonly pattern: string;
  readonly matches?: readonly string[];
  readonly error?: string;
  readonly message?: string;
}

const oracle = join(import.meta.dirname, '../../shared/peers/powershell/wildcards.json');
if (!existsSync(oracle))
  process.stdout.write('skipped: real PowerShell’s wildcards, ../shared/peers is not there\n');

describe.skipIf(!existsSync(oracle))('real PowerShell’s matches', () => {
  const [head, ...goldens] = existsSync(oracle)
    ? (JSON.parse(readFileSync(oracle, 'utf8')) as [{ texts: string[] }, ...Golden[]])
    : [{ texts: [] }];
  test.each(goldens.map((golden) => [JSON.stringify(golden.pattern), golden] as const))('%s', (_, golden) => {
    expect(answer(golden.pattern, head.texts)).toEqual(
      golden.error ? { error: golden.error, message: golden.message } : { matches: golden.matches },
    );
  });
});

function answer(pattern: string, texts: readonly string[]) {
  try {
    return { matches: texts.filter(wildcard(pattern)) };
  } catch (error) {
    if (!(error instanceof WildcardError)) throw error;
    return { error: error.errorId, message: error.message };
  }
}

/** Taken over from real PowerShell 7.6.9: text, pattern, verdict. */
test.each([
  ['Backup04', 'backup*', true],
  ['web01', 'web0[1-3]', true],
  ['WEB02', 'web0[13]', false],
  ['a*c', 'a`*c', true],
  ['abc', 'a`*c', false],
  ['[a]', '`[a`]', true],
  [']', '[]]', true],
  ['b', '[^a]', false],
  ['-', '[a-c-e]', true],
  ['d', '[a-c-e]', false],
  ['', '`', true],
  ['a`', 'a`', true],
  ['😀', '??', true],
  ['e\u0301', '\u00E9', true],
  ['e\u0301a', '\u00C9*', true],
  ['e\u0301', '*\u00C9*', false],
  ['ß', 'ss', false],
  ['ı', 'I', false],
  ['\n', '?', true],
])('%j like %j is %j', (text, pattern, verdict) => {
  expect(wildcard(pattern)(text)).toBe(verdict);
});

test.each(['[', '[ab', 'x[]', '[c-a]*', '*[a'])(
  'the pattern %s is refused in PowerShell’s words',
  (pattern) => {
    expect(() => wildcard(pattern)).toThrow(
      `The specified wildcard character pattern is not valid: ${pattern}`,
    );
  },
);

test('stars by the hundred cost no more than pattern times text', () => {
  // Backtracking over every star would take longer than the universe has.
  expect(wildcard('*a'.repeat(500) + 'b')('a'.repeat(5_000))).toBe(false);
});
