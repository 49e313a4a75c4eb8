import type { PSValue } from '../winrm/psrp/value.ts';
import { dateTime, errorRecord, informationalRecord, informationRecord, progressRecord } from './records.ts';
import { toText } from './script-values.ts';
import { record, ScriptError } from './step.ts';
import type { Run } from './step.ts';

/** Where a stage puts each object. */
export type Sink = (value: PSValue) => Run<void>;

/** Arguments by parameter name, lower case, and those without one in order. */
export interface Bound {
  readonly named: ReadonlyMap<string, PSValue>;
  readonly positional: readonly PSValue[];
}

const ALIASES: Readonly<Record<string, string>> = {
  echo: 'write-output',
  write: 'write-output',
  sleep: 'start-sleep',
};

/** Runs one of the few commands that the simulated computer has; of any other it says what PowerShell says. */
export function* runCommand(
  commandName: string,
  bound: Bound,
  piped: PSValue | undefined,
  now: () => number,
  sink: Sink,
): Run<void> {
  const name = ALIASES[commandName.toLowerCase()] ?? commandName.toLowerCase();
  const message = () =>
    toText(option(bound, 'message', 'messagedata', 'object') ?? bound.positional[0] ?? piped ?? '');
  switch (name) {
    case 'write-output':
      for (const value of [...(piped === undefined ? [] : [piped]), ...bound.positional]) yield* sink(value);
      return;
    case 'start-sleep':
      return void (yield { kind: 'wait', ms: sleepMs(bound) });
    case 'write-error':
      return void (yield record('error', writtenError(message())));
    case 'write-warning':
      return void (yield record('warning', informationalRecord('Warning', message())));
    case 'write-verbose':
      return void (yield record('verbose', informationalRecord('Verbose', message())));
    case 'write-debug':
      return void (yield record('debug', informationalRecord('Debug', message())));
    case 'write-information':
      return void (yield record('information', informationRecord(message(), now())));
    case 'write-host':
      return void (yield record('information', informationRecord(message(), now(), ['PSHOST'])));
    case 'write-progress':
      return void (yield record('progress', progressOf(bound)));
    case 'get-date':
      return yield* sink(dateTime(now()));
    case 'out-string':
    case 'out-default':
      return yield* sink(piped ?? '');
    case 'out-null':
      return;
    default:
      throw new ScriptError(unknownCommand(commandName), 'statement');
  }
}

/** The value of the first of these names, an unambiguous beginning of which is enough. */
function option({ named }: Bound, ...names: readonly string[]): PSValue | undefined {
  for (const [given, value] of named) if (names.some((name) => name.startsWith(given))) return value;
  return undefined;
}

function sleepMs(bound: Bound): number {
  const milliseconds = option(bound, 'milliseconds', 'ms');
  if (milliseconds !== undefined) return Number(toText(milliseconds));
  return 1000 * Number(toText(option(bound, 'seconds') ?? bound.positional[0] ?? 0));
}

function progressOf(bound: Bound): PSValue {
  const percent = option(bound, 'percentcomplete');
  return progressRecord({
    activity: toText(option(bound, 'activity') ?? bound.positional[0] ?? ''),
    status: toText(option(bound, 'status') ?? bound.positional[1] ?? 'Processing'),
    completed: option(bound, 'completed') === true,
    ...(typeof percent === 'number' ? { percent } : {}),
  });
}

const WRITE_ERROR = 'Microsoft.PowerShell.Commands.WriteErrorException';

const writtenError = (message: string) =>
  errorRecord({
    message,
    id: WRITE_ERROR,
    activity: 'Write-Error',
    exception: [WRITE_ERROR, 'System.SystemException'],
  });

const unknownCommand = (name: string) =>
  errorRecord({
    message: `The term '${name}' is not recognized as a name of a cmdlet, function, script file, or executable program.\nCheck the spelling of the name, or if a path was included, verify that the path is correct and try again.`,
    id: 'CommandNotFoundException',
    category: ['ObjectNotFound', 13],
    exception: [
      'System.Management.Automation.CommandNotFoundException',
      'System.Management.Automation.RuntimeException',
      'System.SystemException',
    ],
    target: name,
  });
