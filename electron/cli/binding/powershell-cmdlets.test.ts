import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bind } from './bind.ts';
import { BindingError } from './binding-error.ts';
import { defineCmdlet } from './cmdlet.ts';
import type { Bound } from './convert.ts';
import { parseLine } from './parse-line.ts';
import { POWERSHELL_CMDLETS } from './powershell-cmdlets.ts';

interface Golden {
  readonly line: string;
  readonly parameterSet?: string;
  readonly bound?: Record<string, unknown>;
  readonly error?: string;
  readonly message?: string;
}

const folder = join(import.meta.dirname, '../../../../shared/peers/powershell');
const oracle = join(folder, 'get-pssession-binding.json');
const goldens = existsSync(oracle) ? (JSON.parse(readFileSync(oracle, 'utf8')) as Golden[]) : [];
if (goldens.length === 0)
  process.stdout.write('skipped: real PowerShell’s bindings, ../shared/peers is not there\n');

const cmdlets = POWERSHELL_CMDLETS.map(defineCmdlet);
/** The only expression that the questions use for a credential; here a credential is a user name. */
const CREDENTIAL = /\(\[pscredential\]::new\('u', \[securestring\]::new\(\)\)\)/g;

/** What a prompt of ours does not do, each with its reason. */
const LEFT_OUT: readonly (readonly [reason: string, test: RegExp])[] = [
  ['another cmdlet', /^(?:New-PSSessionO|Enter-|etsn|Invoke-|Get-PSSessions)|\| Invoke-/],
  [
    'sessions over SSH, which are refused: its tables and its switch',
    /-SSHConnection|-Options|-SSHTransport:/,
  ],
  ['no pipeline: another shell stands before us', /\|/],
  ['more than one statement, or the call operator', /;\s*(?:Get|$)|^\$p|^& /],
  ['an expression that would have to run', /(?<!@)\((?:\[|\d\.\.|New-|$)|\[timespan\]/],
  ['an error of the language, with its position', /"a$/],
  // The peer binds without running, and then loses how a number was written; when run, PowerShell keeps it.
  ['a number by itself where a text is meant', /-Name (?:1\.50|1kb)$/],
  ['a number for a time-out: milliseconds here, ticks there, on purpose', /Timeout=-?\d/],
];
const reasonFor = (line: string) =>
  LEFT_OUT.find(([, pattern]) => pattern.test(line.replace(CREDENTIAL, 'u')))?.[0];

const DEFAULTS = {
  MaximumConnectionRedirectionCount: 5,
  NoCompression: false,
  NoMachineProfile: false,
  ProxyAccessType: 'None',
  ProxyAuthentication: 'Negotiate',
  ProxyCredential: null,
  SkipCACheck: false,
  SkipCNCheck: false,
  SkipRevocationCheck: false,
  OperationTimeout: 'PT3M',
  NoEncryption: false,
  UseUTF16: false,
  IncludePortInSPN: false,
  OutputBufferingMode: 'None',
  MaxConnectionRetryCount: 5,
  Culture: null,
  UICulture: null,
  MaximumReceivedDataSizePerCommand: null,
  MaximumReceivedObjectSize: 209715200,
  ApplicationArguments: null,
  OpenTimeout: 'PT3M',
  CancelTimeout: 'PT1M',
  IdleTimeout: '-PT0.001S',
};

function shown(name: string, value: Bound): unknown {
  if (name === 'Credential' && typeof value === 'string') return `PSCredential ${value}`;
  if (name !== 'SessionOption' || value === null) return value;
  const fields = Object.entries(value).map(([field, set]) => [
    field,
    field.endsWith('Timeout') ? `PT${Number(set) / 1000}S` : set,
  ]);
  return { ...DEFAULTS, ...(Object.fromEntries(fields) as Record<string, unknown>) };
}

function answer(line: string): Omit<Golden, 'line'> {
  const { command, args } = parseLine(line.replace(CREDENTIAL, 'u'));
  const cmdlet = cmdlets.find(({ name, alias }) =>
    [name.toLowerCase(), alias].includes(command.toLowerCase().replace(/^.*\\/, '')),
  );
  if (!cmdlet) throw new Error(`no cmdlet ${command}`);
  try {
    const { parameterSet, bound } = bind(cmdlet, args);
    return {
      parameterSet,
      bound: Object.fromEntries([...bound].map(([name, value]) => [name, shown(name, value)])),
    };
  } catch (error) {
    if (!(error instanceof BindingError)) throw error;
    return { error: `${error.errorId},${cmdlet.className}`, message: error.message };
  }
}

describe.skipIf(goldens.length === 0)('what real PowerShell binds, and how it refuses', () => {
  const asked = goldens.filter(({ line }) => reasonFor(line) === undefined);
  test.each(asked.map((golden) => [golden.line, golden] as const))('%s', (line, golden) => {
    const { error, message, parameterSet, bound } = golden;
    expect(answer(line)).toEqual(
      error ? { error, message: message?.replaceAll('\r\n', '\n') } : { parameterSet, bound },
    );
  });

  test('nothing of the sets that ask the network is left out without a reason', () => {
    const left = goldens.filter(({ line }) => reasonFor(line) !== undefined);
    expect(asked.length + left.length).toBe(goldens.length);
    expect(asked.length).toBe(877);
  });
});
