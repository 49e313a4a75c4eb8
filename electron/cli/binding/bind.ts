import type { Argument } from './arguments.ts';
import { BindingError } from './binding-error.ts';
import type { Cmdlet, Parameter, ParameterSet } from './cmdlet.ts';
import { convert, setterFailed, typeNameOfParameter } from './convert.ts';
import type { Bound } from './convert.ts';
import { repeatable } from './repeatable.ts';
import { isList, isNumber, textOf } from './value.ts';
import type { Value } from './value.ts';
import { validate } from './validate.ts';

export interface Binding {
  readonly parameterSet: string;
  /** By parameter name. */
  readonly bound: ReadonlyMap<string, Bound>;
}

/**
 * PowerShell's parameter binder for cmdlets whose positional parameters all come first.
 * Names may be shortened while one is meant; then positions; then the one set that all of it fits.
 *
 * @throws BindingError in PowerShell's words
 */
export function bind(cmdlet: Cmdlet, args: readonly Argument[]): Binding {
  const { named, values, unknown } = pairUp(cmdlet, args);
  const bound = new Map<string, Bound>();
  for (const { parameter, value } of named) {
    if (bound.has(parameter.name)) throw alreadyBound(parameter.name);
    put(bound, parameter, value);
  }
  // Before the positions: of names that fit no set together, what stands without a name is not looked at.
  if (setsFor(cmdlet, bound).length === 0) throw ambiguousSet();
  const { surplus, refusal } = bindPosition(cmdlet, bound, values);
  const [name] = unknown;
  if (name !== undefined) {
    throw new BindingError(
      'NamedParameterNotFound',
      `A parameter cannot be found that matches parameter name '${name}'.`,
    );
  }
  if (refusal) throw refusal;
  const [value] = surplus;
  if (value !== undefined) {
    throw new BindingError(
      'PositionalParameterNotFound',
      `A positional parameter cannot be found that accepts argument '${shown(value)}'.`,
    );
  }
  return { parameterSet: chooseSet(cmdlet, bound).name, bound };
}

const shown = (value: Value) => (isList(value) ? 'System.Object[]' : repeatable(textOf(value)));

function put(bound: Map<string, Bound>, parameter: Parameter, value: Value): void {
  const converted = convert(parameter, value);
  validate(parameter, converted);
  bound.set(parameter.name, converted);
  refuseConflict(parameter.name, bound);
}

interface Pairs {
  readonly named: { parameter: Parameter; value: Value }[];
  readonly values: Value[];
  readonly unknown: string[];
}

/** Gives each name its argument, as far as the names are known. */
function pairUp(cmdlet: Cmdlet, args: readonly Argument[]): Pairs {
  const pairs: Pairs = { named: [], values: [], unknown: [] };
  const queue = [...args];
  for (let argument = queue.shift(); argument; argument = queue.shift()) {
    if (argument.kind === 'value') {
      pairs.values.push(argument.value);
      continue;
    }
    const parameter = findParameter(cmdlet, argument);
    if (!parameter) {
      pairs.unknown.push(argument.name);
      if (argument.value !== undefined) queue.unshift({ kind: 'value', value: argument.value });
    } else if (argument.value !== undefined) pairs.named.push({ parameter, value: argument.value });
    else if (parameter.type === 'switch') pairs.named.push({ parameter, value: true });
    else pairs.named.push({ parameter, value: takeValue(cmdlet, parameter, queue.shift()) });
  }
  return pairs;
}

function takeValue(cmdlet: Cmdlet, parameter: Parameter, next: Argument | undefined): Value {
  if (next?.kind === 'value') return next.value;
  if (next && !findParameter(cmdlet, next)) return next.text;
  throw new BindingError(
    'MissingArgument',
    `Missing an argument for parameter '${parameter.name}'. Specify a parameter of type '${typeNameOfParameter(parameter)}' and try again.`,
  );
}

function findParameter(cmdlet: Cmdlet, argument: Argument & { kind: 'name' }): Parameter | undefined {
  const wanted = (argument.isGnu ? argument.name.replaceAll('-', '') : argument.name).toLowerCase();
  const { parameters } = cmdlet;
  const exact = parameters.find(({ name, aliases }) =>
    [name, ...aliases].some((word) => word.toLowerCase() === wanted),
  );
  if (exact) return exact;
  const starts = (word: string) => word.toLowerCase().startsWith(wanted);
  const powershells = parameters.filter(({ isOwn }) => !isOwn);
  const byName = powershells.filter(({ name }) => starts(name));
  const near = new Set([...byName, ...powershells.filter(({ aliases }) => aliases.some(starts))]);
  // The cmdlet's own parameters come before those that every cmdlet has.
  const specific = [...near].filter(({ isCommon }) => !isCommon);
  const [only, ...others] = specific.length > 0 ? specific : near;
  if (others.length === 0) return only;
  const list = [...near].map(({ name }) => `-${name}`).join(' ');
  throw new BindingError(
    'AmbiguousParameter',
    `Parameter cannot be processed because the parameter name '${argument.name}' is ambiguous. Possible matches include: ${list}.`,
  );
}

const alreadyBound = (name: string) =>
  new BindingError(
    'ParameterAlreadyBound',
    `Cannot bind parameter because parameter '${name}' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, "-parameter value1,value2,value3".`,
  );

/** The four tries of PowerShell's binder: the default set, then all; first only what fits without conversion. @returns what found no place */
function bindPosition(
  cmdlet: Cmdlet,
  bound: Map<string, Bound>,
  values: readonly Value[],
): { surplus: readonly Value[]; refusal?: BindingError } {
  const [value, ...rest] = values;
  if (value === undefined) return { surplus: [] };
  const open = setsFor(cmdlet, bound);
  const places = (sets: readonly ParameterSet[]) =>
    cmdlet.parameters.filter(
      ({ name }) => !bound.has(name) && sets.some(({ places: at }) => at.get(name)?.positional === true),
    );
  const inDefault = places(open.filter(({ name }) => name === cmdlet.defaultSet));
  const inAll = places(open);
  let refusal: BindingError | undefined;
  for (const [candidates, coerce] of [
    [inDefault, false],
    [inAll, false],
    [inDefault, true],
    [inAll, true],
  ] as const) {
    const fitting = candidates.filter((parameter) => coerce || fitsAsIs(parameter, value));
    const taken = (value === null || isEmptyList(value)) && !coerce ? fitting.slice(0, 1) : fitting;
    let didBind = false;
    for (const parameter of taken) {
      try {
        put(bound, parameter, value);
        didBind = true;
      } catch (error) {
        if (!coerce || !(error instanceof BindingError)) throw error;
        refusal = error; // the last one's is told
      }
    }
    if (didBind) return { surplus: rest };
  }
  return { surplus: values, ...(refusal ? { refusal } : {}) };
}

const isEmptyList = (value: Value) => isList(value) && value.length === 0;

function fitsAsIs({ type, isList: takesList }: Parameter, value: Value): boolean {
  if (value === null) return takesList;
  if (isList(value))
    return takesList && value.every((item) => fitsAsIs({ type, isList: false } as Parameter, item));
  return (
    (type === 'string' && typeof value === 'string') ||
    (type === 'int' && isNumber(value) && value.type === 'Int32')
  );
}

function setsFor({ sets }: Cmdlet, bound: ReadonlyMap<string, Bound>): ParameterSet[] {
  return sets.filter(({ places }) => [...bound.keys()].every((name) => places.has(name)));
}

function chooseSet(cmdlet: Cmdlet, bound: ReadonlyMap<string, Bound>): ParameterSet {
  const open = setsFor(cmdlet, bound);
  const isMissing = ({ places }: ParameterSet) =>
    [...places].filter(([name, { mandatory }]) => mandatory && !bound.has(name)).map(([name]) => name);
  const complete = open.filter((set) => isMissing(set).length === 0);
  const preferred = (sets: ParameterSet[]) =>
    sets.find(({ name }) => name === cmdlet.defaultSet) ?? (sets.length === 1 ? sets[0] : undefined);
  const chosen = preferred(complete);
  if (chosen) return chosen;
  const nearest = complete.length > 0 ? undefined : preferred(open);
  if (nearest) {
    throw new BindingError(
      'MissingMandatoryParameter',
      `Cannot process command because of one or more missing mandatory parameters: ${isMissing(nearest).join(' ')}.`,
    );
  }
  throw ambiguousSet();
}

const ambiguousSet = () =>
  new BindingError(
    'AmbiguousParameterSet',
    'Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.',
  );

/** The setters of Authentication, CertificateThumbprint and Credential look at each other; the later one is named. */
function refuseConflict(name: string, bound: ReadonlyMap<string, Bound>): void {
  if (!['Authentication', 'CertificateThumbprint', 'Credential'].includes(name)) return;
  const has = (parameter: string) => (bound.get(parameter) ?? null) !== null;
  const authentication = bound.get('Authentication') ?? 'Default';
  const conflict = (what: string, other: string) =>
    setterFailed(name, `A ${what} cannot be specified when ${other} is specified.`);
  if (has('CertificateThumbprint')) {
    if (has('Credential')) throw conflict('CertificateThumbPrint', 'Credential');
    if (authentication !== 'Default') throw conflict('CertificateThumbPrint', String(authentication));
  }
  if (has('Credential') && authentication === 'NegotiateWithImplicitCredential')
    throw conflict('Credential', authentication);
}
