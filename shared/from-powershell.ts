import { withoutBrackets } from './endpoint.ts';
import { printFilter } from './filter.ts';
import type { TextTerm } from './filter.ts';
import type { TextField } from './filter-fields.ts';
import { readCommand } from './powershell-words.ts';
import { SESSION_FILTER_STATES } from './session-filter-state.ts';

/** Lines of Get-PSSession as the filter that finds the same sessions among the rows. */
export interface PastedFilter {
  /** As it stands in the filter box. */
  readonly filter: string;
  /** What of the lines the filter cannot say, as it was written: `-Credential`, `the second line`. */
  readonly leftOut: readonly string[];
}

const shortly = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

type Found = ReadonlyMap<TextField, readonly string[]>;

/** With PowerShell's aliases; any beginning that fits one alone will do. `pattern`: what PowerShell itself takes wildcards in. */
const PARAMETERS: readonly {
  name: string;
  field?: TextField;
  pattern?: boolean;
  isSwitch?: boolean;
  isUri?: boolean;
}[] = [
  { name: 'ComputerName', field: 'computer' },
  { name: 'Cn', field: 'computer' },
  { name: 'Name', field: 'name', pattern: true },
  { name: 'InstanceId', field: 'id' },
  { name: 'State', field: 'state' },
  { name: 'ConfigurationName', field: 'configuration' },
  { name: 'ApplicationName' },
  { name: 'ConnectionUri', field: 'computer', isUri: true },
  { name: 'Uri', field: 'computer', isUri: true },
  { name: 'AllowRedirection', isSwitch: true },
  { name: 'UseSSL', isSwitch: true },
  { name: 'Port' },
  { name: 'Credential' },
  { name: 'Authentication' },
  { name: 'CertificateThumbprint' },
  { name: 'SessionOption' },
  { name: 'ThrottleLimit' },
  { name: 'Id' },
];

/** @returns undefined when the text is no Get-PSSession at all, so that it is pasted as it is */
export function fromPowerShell(text: string): PastedFilter | undefined {
  // A backtick at its end carries a line on.
  const lines = text
    .replace(/`\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));
  const commands = lines.map(readCommand);
  const [first] = commands;
  if (!first || !/^(Get-PSSession|gsn)$/i.test(first.name)) return undefined;
  const leftOut: string[] = [];
  const all = commands.map((command) =>
    command && /^(Get-PSSession|gsn)$/i.test(command.name) ? toFound(command, leftOut) : undefined,
  );
  for (const command of commands) if (command?.behind) leftOut.push(shortly(command.behind));
  const union = unite(all.filter((one) => one !== undefined));
  for (const field of union.dropped)
    leftOut.push(`-${PARAMETERS.find((one) => one.field === field)?.name ?? field}`);
  if (union.left > 0 || all.includes(undefined)) leftOut.push('all lines but the first');
  const terms = [...union.found].map(([field, values]): TextTerm => ({
    kind: 'text',
    field,
    not: false,
    values,
  }));
  return { filter: printFilter({ terms }), leftOut: [...new Set(leftOut)] };
}

function toFound(command: NonNullable<ReturnType<typeof readCommand>>, leftOut: string[]): Found {
  const found = new Map<TextField, readonly string[]>();
  for (const { name, values } of command.arguments) {
    // The one parameter with a position is ComputerName, or without a computer Name; rows have computers.
    const parameter = name === '' ? PARAMETERS[0] : parameterOf(name);
    const field = parameter?.field;
    const isNoUri = parameter?.isUri && !values.every((value) => URL.canParse(value));
    if (!parameter || !field || values.length === 0 || values.some(isExpression) || isNoUri) {
      leftOut.push(name === '' ? values.join(',') : `-${parameter?.name ?? name}`);
    } else if (field === 'state') {
      const state = SESSION_FILTER_STATES.find((one) => one.toLowerCase() === values[0]?.toLowerCase());
      if (!state) leftOut.push('-State');
      else if (state !== 'All') found.set(field, [state]);
    } else {
      const meant = parameter.isUri ? values.map(hostOf) : values;
      found.set(field, parameter.pattern ? meant : meant.map(literally));
    }
  }
  return found;
}

/** A name in full, or a beginning that only one has. */
function parameterOf(word: string) {
  const small = word.toLowerCase();
  const whole = PARAMETERS.find(({ name }) => name.toLowerCase() === small);
  const fits = PARAMETERS.filter(({ name }) => name.toLowerCase().startsWith(small));
  return whole ?? (fits.length === 1 ? fits[0] : undefined);
}

/** `$name`, `(…)`, `@(…)`, `{…}`: only PowerShell knows what they are. */
const isExpression = (value: string) => /^[$({]|^@[({]/.test(value);

/** As the computer of that URI is called here: without brackets around an address. */
const hostOf = (uri: string) => withoutBrackets(new URL(uri).hostname);

/** What has no wildcards for PowerShell must have none in the filter box. */
const literally = (value: string) => value.replace(/[*?[\]`]/g, '`$&');

/**
 * Several lines, which find what any of them finds, become one filter where that says the same: when they differ in one
 * field alone, or each names its sessions by InstanceId. Then what only some of them ask for besides is `dropped`.
 */
function unite(all: readonly Found[]): {
  found: Found;
  left: number;
  dropped: readonly TextField[];
} {
  const [first = new Map<TextField, readonly string[]>(), ...rest] = all;
  const fields = [...new Set(all.flatMap((one) => [...one.keys()]))];
  const differing = fields.filter((field) => rest.some((one) => !isSame(one.get(field), first.get(field))));
  const isInAll = (field: TextField) => all.every((one) => one.has(field));
  const isWhole = differing.every(isInAll);
  const byId = isInAll('id');
  if (!byId && (!isWhole || differing.length > 1)) return { found: first, left: rest.length, dropped: [] };
  const dropped = fields.filter((field) => !isInAll(field));
  const united = fields
    .filter(isInAll)
    .map((field): [TextField, readonly string[]] => [
      field,
      [...new Set(all.flatMap((one) => one.get(field) ?? []))],
    ]);
  return { found: new Map(united), left: 0, dropped };
}

const isSame = (one: readonly string[] = [], other: readonly string[] = []) =>
  one.length === other.length && one.every((value, i) => value === other[i]);
