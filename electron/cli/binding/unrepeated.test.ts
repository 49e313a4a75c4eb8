import { expect, test } from 'vitest';
import { readCommandLine } from '../command-line.ts';
import { BindingError } from './binding-error.ts';
import { repeatable } from './repeatable.ts';

function refusal(...argv: string[]): BindingError {
  try {
    readCommandLine(argv);
  } catch (error) {
    if (error instanceof BindingError) return error;
  }
  throw new Error(`${argv.join(' ')} was not refused`);
}

test.each([
  ['http://alice:Pa/ssw0rd@localhost:5985/wsman', 'http://***@localhost:5985/wsman'],
  ['https://alice:Pa@ss@w0rd@web01', 'https://***@web01'],
  ['http://Passw0rd!@web01', 'http://***@web01'],
  ['alice:Passw0rd!@web01', '***@web01'],
  ['alice@lab.test', 'alice@lab.test'],
  ['http://web01/wsman', 'http://web01/wsman'],
])('%s is repeated as %s', (text, shown) => {
  expect(repeatable(text)).toBe(shown);
});

test.each([
  'http://alice:Pa/ssw0rd@localhost:5985/wsman',
  'http://alice:Pa#ssw0rd@localhost:5985/wsman',
  'http://alice:Pa?ssw0rd@localhost:5985/wsman',
  'http://alice:ssw0rd@local host/wsman',
])('a URI that cannot be read is repeated without what may be a password: %s', (uri) => {
  for (const argv of [
    ['Get-PSSession', '-ConnectionUri', uri],
    [`Get-PSSession -ConnectionUri '${uri}'`],
    ['Get-PSSession', 'a', uri],
    ['Get-PSSession', 'a', '-Port', uri],
    ['Get-PSSession', 'a', '-SessionOption', `@{OpenTimeout='${uri}'}`],
    [uri.replace(' ', '')],
  ]) {
    const { message } = refusal(...argv);
    expect(message).toContain('***@local');
    expect(message).not.toContain('ssw0rd');
  }
});

test.each([
  [['Get-PSSession', 'a', '--password-stdin', 'Passw0rd!'], 'PositionalParameterNotFound', "argument '***'."],
  [['Get-PSSession a -PasswordStdin Passw0rd!'], 'PositionalParameterNotFound', "argument '***'."],
  [['Get-PSSession', 'a', '--password-stdin', '007'], 'PositionalParameterNotFound', "argument '***'."],
  [['Get-PSSession', 'a', '-p', 'Passw0rd!'], 'CannotConvertArgumentNoMessage', 'value "***" to type'],
  [['Get-PSSession a -P:Passw0rd!'], 'CannotConvertArgumentNoMessage', "string '***' was not"],
  [['Get-PSSession', 'a', '-pPassw0rd!'], 'NamedParameterNotFound', "parameter name '***'."],
  // As PowerShell says it, where it can be no password.
  [['Get-PSSession', 'a', '-p', '70000'], 'ParameterArgumentValidationError', '70000 argument'],
  [['Get-PSSession', 'a', '-p', '99999999999'], 'CannotConvertArgumentNoMessage', '"99999999999"'],
  [['Get-PSSession', 'a', '-Port', 'http'], 'CannotConvertArgumentNoMessage', '"http"'],
  [['Get-PSSession', 'a', '--password-stdin', '-Name', 'x', 'b'], 'PositionalParameterNotFound', "'b'"],
])('%j: %s', (argv, errorId, words) => {
  const error = refusal(...argv);
  expect(error.errorId).toBe(errorId);
  expect(error.message).toContain(words);
  expect(error.message).not.toMatch(/Passw0rd|007/);
});
