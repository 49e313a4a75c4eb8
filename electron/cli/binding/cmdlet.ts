/** How a parameter refuses empty values: ValidateNotNull, ValidateNotNullOrEmpty, ValidateRange, or nothing of its own; `any` takes $null, too. */
export type Validation = 'any' | 'notNull' | 'notNullOrEmpty' | readonly [min: number, max: number];

export interface Parameter {
  readonly name: string;
  /** As in a syntax line: `string`, `guid`, `switch`, `AuthenticationMechanism`, … without `[]`. */
  readonly type: string;
  readonly isList: boolean;
  readonly aliases: readonly string[];
  readonly validation?: Validation;
  /** Not PowerShell's: found by its whole name only, so that PowerShell's abbreviations keep their meaning. */
  readonly isOwn: boolean;
  /** Every cmdlet has it, or every one that changes something: its name gives way to the cmdlet's own. */
  readonly isCommon: boolean;
}

/** What one set says of a parameter. All positions of these cmdlets are the first. */
export interface Place {
  readonly mandatory: boolean;
  readonly positional: boolean;
}

export interface ParameterSet {
  readonly name: string;
  readonly syntax: string;
  readonly places: ReadonlyMap<string, Place>;
}

export interface Cmdlet {
  readonly name: string;
  readonly alias: string;
  /** The .NET class, the second part of a FullyQualifiedErrorId. */
  readonly className: string;
  readonly defaultSet: string;
  /** In the order in which messages list them. */
  readonly parameters: readonly Parameter[];
  readonly sets: readonly ParameterSet[];
}

export interface CmdletSource {
  readonly name: string;
  readonly alias: string;
  readonly className: string;
  readonly defaultSet: string;
  /** Names in the class's own order, which the syntax lines do not keep. */
  readonly order: string;
  readonly sets: Readonly<Record<string, string>>;
  readonly own?: string;
}

const ALIASES: Readonly<Record<string, readonly string[]>> = {
  ComputerName: ['Cn'],
  ConnectionUri: ['URI', 'CU'],
  KeyFilePath: ['IdentityFilePath'],
  VMId: ['VMGuid'],
  WhatIf: ['wi'],
  Confirm: ['cf'],
  Verbose: ['vb'],
  Debug: ['db'],
  ErrorAction: ['ea'],
  WarningAction: ['wa'],
  InformationAction: ['infa'],
  ProgressAction: ['proga'],
  ErrorVariable: ['ev'],
  WarningVariable: ['wv'],
  InformationVariable: ['iv'],
  OutVariable: ['ov'],
  OutBuffer: ['ob'],
  PipelineVariable: ['pv'],
};

/** In the order in which PowerShell lists them. */
const COMMON =
  '[-Verbose] [-Debug] [-ErrorAction <ActionPreference>] [-WarningAction <ActionPreference>] [-InformationAction <ActionPreference>] [-ProgressAction <ActionPreference>] [-ErrorVariable <string>] [-WarningVariable <string>] [-InformationVariable <string>] [-OutVariable <string>] [-OutBuffer <int>] [-PipelineVariable <string>]';

function validationOf(cmdlet: string, name: string, type: string): Validation | undefined {
  if (cmdlet === 'New-PSSession' && name === 'Name') return 'any';
  if (cmdlet === 'New-PSSession' && name === 'SessionOption') return 'notNull';
  if (/^(?:HostName|UserName|KeyFilePath|Options|SSHConnection)$/.test(name)) return 'notNullOrEmpty';
  if (/^(?:ComputerName|ConnectionUri|ContainerId|Name|VMId|VMName|JobName)$/.test(name))
    return 'notNullOrEmpty';
  if (name === 'Session' && cmdlet !== 'Remove-PSSession') return 'notNullOrEmpty';
  if (name === 'Port') return [1, 65_535];
  if (name === 'IdleTimeoutSec') return [0, 0x7f_ff_ff_ff];
  if (/^(?:Id|InstanceId)$/.test(name) && type.endsWith('[]')) return 'notNull';
  if (name === 'InstanceId') return 'notNullOrEmpty';
  return undefined;
}

interface Item extends Place {
  readonly parameter: Parameter;
}

/**
 * Reads a syntax line as Get-Command prints it: `[-Positional] <t>`, `[[-Positional] <t>]`, `-Mandatory <t>`,
 * `[-Optional <t>]`, `[-Switch]`.
 */
function readSyntax(cmdlet: string, syntax: string, isOwn = false): Item[] {
  const items = syntax.matchAll(/(\[\[?)?-(\w+)(\])?(?: <([\w[\]]+)>)?\]?/g);
  return [...items].map(([, opens, name = '', closes, type = 'switch']) => {
    const validation = validationOf(cmdlet, name, type);
    return {
      mandatory: !opens || (type !== 'switch' && opens === '[' && closes !== undefined),
      positional: type !== 'switch' && closes !== undefined,
      parameter: {
        name,
        type: type.replace('[]', ''),
        isList: type.endsWith('[]'),
        aliases: ALIASES[name] ?? [],
        isOwn,
        isCommon: COMMON.includes(`-${name}`) || name === 'WhatIf' || name === 'Confirm',
        ...(validation ? { validation } : {}),
      },
    };
  });
}

/** A cmdlet from its syntax lines, which are its help, too. */
export function defineCmdlet(source: CmdletSource): Cmdlet {
  const found = new Map<string, Parameter>();
  const everywhere = [...readSyntax(source.name, COMMON), ...readSyntax(source.name, source.own ?? '', true)];
  const sets = Object.entries(source.sets).map(([name, syntax]) => {
    const items = [...readSyntax(source.name, syntax), ...everywhere];
    for (const { parameter } of items) if (!found.has(parameter.name)) found.set(parameter.name, parameter);
    const places = new Map(items.map(({ parameter, ...place }) => [parameter.name, place]));
    return { name, syntax: `${source.name} ${syntax}`, places };
  });
  const order = source.order.split(' ');
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const parameters = [...found.values()].sort((a, b) => rank(a.name) - rank(b.name));
  const { name, alias, className, defaultSet } = source;
  return { name, alias, className, defaultSet, parameters, sets };
}
