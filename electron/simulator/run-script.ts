import type { PSValue } from '../winrm/psrp/value.ts';
import { parseScript } from './parse-script.ts';
import type { Argument, Expression, Stage, Statement } from './parse-script.ts';
import { customObject, errorRecord } from './records.ts';
import { runCommand } from './script-commands.ts';
import type { Bound, Sink } from './script-commands.ts';
import { isTrue, memberOf, single, toNumber, toPSNumber, toText, unroll } from './script-values.ts';
import { record, ScriptError } from './step.ts';
import type { Run, Steps } from './step.ts';

/** Variables by lower-case name. */
interface Scope {
  readonly variables: Map<string, PSValue>;
  readonly now: () => number;
  /** Whether the error of a statement is a record and the next statement follows (RedirectShellErrorOutputPipe). */
  readonly goesOn: boolean;
}

/** A loop that does nothing must not keep the computer from its other work. */
const BREATH_MS = 1;
/** What one list or range may hold. */
const MAX_ITEMS = 100_000;

/**
 * Runs a script; `goesOn` after the error of one statement. `parse` is called within, so that what is wrong with the script
 * fails the pipeline.
 *
 * @param senderInfo what `$PSSenderInfo` is
 */
export function* runScript(
  parse: () => readonly Statement[],
  now: () => number,
  goesOn = true,
  senderInfo: PSValue = null,
): Steps {
  let statements: readonly Statement[];
  try {
    statements = parse();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ScriptError(
      errorRecord({
        message,
        id: 'ParseException',
        category: ['ParserError', 17],
        exception: ['System.Management.Automation.ParseException'],
      }),
    );
  }
  const scope: Scope = {
    variables: new Map<string, PSValue>([
      ['pid', 2792],
      ['true', true],
      ['false', false],
      ['null', null],
      ['pssenderinfo', senderInfo],
    ]),
    now,
    goesOn,
  };
  yield* runAll(statements, scope, function* (value) {
    yield record('output', value);
  });
}

/** One statement after the other; where errors are redirected, that of one does not keep the next from its turn. */
function* runAll(statements: readonly Statement[], scope: Scope, sink: Sink): Run<void> {
  for (const statement of statements) {
    try {
      yield* execute(statement, scope, sink);
    } catch (error) {
      if (!scope.goesOn || !(error instanceof ScriptError) || error.ends === 'script') throw error;
      yield record('error', error.record);
    }
  }
}

function* execute(statement: Statement, scope: Scope, sink: Sink): Run<void> {
  switch (statement.kind) {
    case 'pipeline':
      return yield* pipe(statement.stages, scope, sink);
    case 'assign': {
      const values: PSValue[] = [];
      yield* pipe(statement.stages, scope, collect(values));
      scope.variables.set(statement.name, single(values));
      return;
    }
    case 'foreach':
      for (const item of yield* evaluate(statement.of, scope)) {
        scope.variables.set(statement.name, item);
        yield* runAll(statement.body, scope, sink);
      }
      return;
    case 'while':
      while (isTrue(single(yield* evaluate(statement.condition, scope)))) {
        yield* runAll(statement.body, scope, sink);
        yield { kind: 'wait', ms: BREATH_MS };
      }
      return;
    case 'throw': {
      const message = toText(single(yield* evaluate(statement.message, scope)));
      throw new ScriptError(
        errorRecord({
          message,
          id: message,
          category: ['OperationStopped', 14],
          exception: ['System.Management.Automation.RuntimeException', 'System.SystemException'],
          target: message,
        }),
      );
    }
  }
}

/** Objects go one by one through the stages, as in PowerShell. */
function pipe(stages: readonly Stage[], scope: Scope, sink: Sink): Run<void> {
  const [first, ...rest] = stages;
  const onward = rest.reduceRight<Sink>((next, stage) => (value) => through(stage, value, scope, next), sink);
  return first ? begin(first, scope, onward) : nothing();
}

function* nothing(): Run<void> {}

function* begin(stage: Stage, scope: Scope, sink: Sink): Run<void> {
  if (stage.kind === 'expression') {
    for (const value of yield* evaluate(stage.expression, scope)) yield* sink(value);
    return;
  }
  yield* runCommand(stage.name, yield* bind(stage.args, scope), undefined, scope.now, sink);
}

function* through(stage: Stage, value: PSValue, scope: Scope, sink: Sink): Run<void> {
  if (stage.kind === 'expression')
    throw new Error('Expressions are only allowed as the first element of a pipeline.');
  const name = stage.name.toLowerCase();
  if (name === 'out-null') return;
  if (name !== '%' && name !== 'foreach-object' && name !== 'foreach')
    return yield* runCommand(stage.name, yield* bind(stage.args, scope), value, scope.now, sink);
  const block = stage.args.find((one) => one.kind === 'block');
  if (!block) throw new Error('ForEach-Object needs a script block.');
  scope.variables.set('_', value);
  yield* runAll(block.body, scope, sink);
}

const collect = (into: PSValue[]): Sink =>
  function* (value) {
    if (into.length >= MAX_ITEMS) throw new Error('Too many objects for the simulated computer.');
    into.push(value);
  };

const SWITCHES = /^(verbose|debug|nonewline|completed|noenumerate)$/i;

function* bind(all: readonly Argument[], scope: Scope): Run<Bound> {
  const named = new Map<string, PSValue>();
  const positional: PSValue[] = [];
  const args = all.values();
  for (const arg of args) {
    if (arg.kind !== 'parameter') {
      positional.push(...(yield* evaluate(arg, scope)));
      continue;
    }
    const next = SWITCHES.test(arg.name) ? undefined : args.next().value;
    const value = next && next.kind !== 'parameter' ? single(yield* evaluate(next, scope)) : true;
    named.set(arg.name.toLowerCase(), value);
  }
  return { named, positional };
}

/** What an expression puts out, lists taken apart. */
function* evaluate(expression: Expression, scope: Scope): Run<readonly PSValue[]> {
  switch (expression.kind) {
    case 'value':
      return [expression.value];
    case 'expandable':
      return [yield* expand(expression.text, scope)];
    case 'variable':
      if (expression.name === 'input') return yield { kind: 'input' };
      return unroll(valueOf(expression.name, scope));
    case 'list': {
      const items: PSValue[] = [];
      for (const item of expression.items) items.push(...(yield* evaluate(item, scope)));
      return items;
    }
    case 'object': {
      const members: Record<string, PSValue> = {};
      for (const [name, value] of expression.members) members[name] = single(yield* evaluate(value, scope));
      return [customObject(members)];
    }
    case 'block':
    case 'group': {
      const values: PSValue[] = [];
      yield* runAll(expression.body, scope, collect(values));
      return values;
    }
    case 'binary':
      return calculate(
        expression.operator,
        single(yield* evaluate(expression.left, scope)),
        single(yield* evaluate(expression.right, scope)),
      );
  }
}

/** @param path a variable, and what of it: `_.name` */
function valueOf(path: string, { variables }: Scope): PSValue {
  const [name = '', ...members] = path.split('.');
  return members.reduce(memberOf, variables.get(name) ?? null);
}

function calculate(operator: string, left: PSValue, right: PSValue): readonly PSValue[] {
  if (operator === '+' && typeof left === 'string') return [left + toText(right)];
  const [a, b] = [toNumber(left), toNumber(right)];
  switch (operator) {
    case '..': {
      if (Math.abs(b - a) >= MAX_ITEMS) throw new Error('The range is too long for the simulated computer.');
      return Array.from({ length: Math.abs(b - a) + 1 }, (_, i) => a + (b < a ? -i : i));
    }
    case '+':
      return [toPSNumber(a + b)];
    case '-':
      return [toPSNumber(a - b)];
    case '*':
      return [toPSNumber(a * b)];
    default:
      if (b === 0) {
        throw new ScriptError(
          errorRecord({
            message: 'Attempted to divide by zero.',
            id: 'RuntimeException',
            exception: ['System.Management.Automation.RuntimeException'],
          }),
          'statement',
        );
      }
      return [toPSNumber(operator === '/' ? a / b : a % b)];
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

/** `$name` and `$(…)` in a string in double quotes. */
function* expand(text: string, scope: Scope): Run<string> {
  let out = '';
  for (const part of text.match(/`[^]|\$\((?:[^()]|\([^()]*\))*\)|\$[A-Za-z_]\w*|[^]/g) ?? []) {
    if (part.length > 1 && part.startsWith('`')) out += ESCAPES[part.charAt(1)] ?? part.slice(1);
    else if (part.length === 1) out += part;
    else if (part.startsWith('$('))
      out += (yield* evaluate({ kind: 'group', body: parseScript(part.slice(2, -1)) }, scope))
        .map(toText)
        .join(' ');
    else
      out += unroll(scope.variables.get(part.slice(1).toLowerCase()) ?? null)
        .map(toText)
        .join(' ');
  }
  return out;
}
