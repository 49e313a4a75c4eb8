import { describe, expect, test } from 'vitest';
import { property } from '../winrm/psrp/value.ts';
import type { PSValue } from '../winrm/psrp/value.ts';
import { parseScript } from './parse-script.ts';
import { runScript } from './run-script.ts';
import { toText } from './script-values.ts';
import { ScriptError } from './step.ts';

/** Everything that a script does, its waits too; input is what `$input` gives. */
function run(script: string, input: readonly PSValue[] = [], goesOn = true): string[] {
  const steps = runScript(
    () => parseScript(script),
    () => 1_700_000_000_000,
    goesOn,
  );
  const done: string[] = [];
  for (let step = steps.next([]); !step.done; step = steps.next(input)) {
    const { value } = step;
    if (value.kind === 'record') done.push(`${value.stream} ${toText(value.value)}`.trim());
    else if (value.kind === 'wait') done.push(`wait ${value.ms}`);
    if (done.length > 1000) break;
  }
  return done;
}
const output = (script: string) => run(script).map((one) => one.replace('output ', ''));

describe('a script of the simulated computer', () => {
  test.each([
    ["'it''s'", ["it's"]],
    ['1; 2', ['1', '2']],
    ['3..1', ['3', '2', '1']],
    ['1 + 2 * 3', ['7']],
    ['(1 + 2) * 3', ['9']],
    ['7 / 2', ['3.5']],
    ["1, 'two', 3.5", ['1', 'two', '3.5']],
    ['$x = 4; "x is $x, twice $($x * 2)"', ['x is 4, twice 8']],
    ['1..3 | ForEach-Object { "line $_" }', ['line 1', 'line 2', 'line 3']],
    ["foreach ($i in 1..2) { $i; 'and' }", ['1', 'and', '2', 'and']],
    ["Write-Output 'a' b -NoEnumerate", ['a', 'b']],
    ['1..3 | Out-Null', []],
    ['# nothing\n"after" # a comment', ['after']],
    ["'a' + 'b'", ['ab']],
  ])('%s', (script, expected) => {
    expect(output(script)).toEqual(expected);
  });

  test('the streams are told apart, in order', () => {
    expect(
      run(
        "Write-Warning careful; Write-Verbose -Message more -Verbose; Write-Debug inside; Write-Error 'no good'; Write-Host hello",
      ),
    ).toEqual(['warning careful', 'verbose more', 'debug inside', 'error no good', 'information']);
  });

  test('sleeping is a wait, in either unit', () => {
    expect(run('Start-Sleep 2; Start-Sleep -Milliseconds 30; Start-Sleep -Seconds 1')).toEqual([
      'wait 2000',
      'wait 30',
      'wait 1000',
    ]);
  });

  test('its input is asked for once it is read', () => {
    expect(run('$input | ForEach-Object { "got $_" }', ['x', 2])).toEqual(['output got x', 'output got 2']);
  });

  test('an object keeps its properties in order', () => {
    const steps = runScript(
      () => parseScript("[pscustomobject]@{ Name = 'disk'; Free = 12 }"),
      () => 0,
    );
    const step = steps.next([]);
    const value = !step.done && step.value.kind === 'record' ? step.value.value : null;
    expect([property(value, 'Name'), property(value, 'Free')]).toEqual(['disk', 12]);
  });

  test('an unknown command is an error record, and the script goes on', () => {
    const done = run('Get-Nonsense; 1');
    expect(done[0]).toMatch(/^error The term 'Get-Nonsense' is not recognized/);
    expect(done[1]).toBe('output 1');
  });

  test('the error of a statement ends that statement, or the script where errors are not redirected', () => {
    expect(run("foreach ($i in 0..1) { 1 / $i; 'next' }").map((one) => one.slice(0, 12))).toEqual([
      'error Attemp',
      'output next',
      'output 1',
      'output next',
    ]);
    expect(() => run("1 / 0; 'after'", [], false)).toThrow('Attempted to divide by zero.');
    expect(() => run("throw 'boom'; 'after'")).toThrow('boom');
  });

  test('a loop without end breathes, so that it can be stopped', () => {
    expect(run('while ($true) { }').slice(0, 3)).toEqual(['wait 1', 'wait 1', 'wait 1']);
  });

  test.each(["throw 'boom'", '1..9999999', '@(1', '"open', '(1', `${'('.repeat(60)}1${')'.repeat(60)}`])(
    '%s fails it',
    (script) => {
      expect(() => run(script)).toThrow();
    },
  );

  test('what is thrown is what the pipeline fails with', () => {
    expect(() => run("throw 'boom'")).toThrow(ScriptError);
    expect(() => run("throw 'boom'")).toThrow('boom');
  });
});
