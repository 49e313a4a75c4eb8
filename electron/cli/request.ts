import type { SessionOption } from '../../shared/computer.ts';
import type { SessionFilter, SessionQuery } from '../../shared/query.ts';
import { whyNoSessionName } from '../winrm/index.ts';
import type { DisconnectOptions, PSObject } from '../winrm/index.ts';
import { applicationArguments } from './application-arguments.ts';
import type { Binding } from './binding/bind.ts';
import { BindingError } from './binding/binding-error.ts';
import { isOn, number, text, texts, textsInPlace } from './bound-values.ts';
import type { BoundMap } from './bound-values.ts';
import { isFields, toSessionQuery } from './session-query.ts';
import { targetsOf } from './target.ts';
import type { Target } from './target.ts';

/** What New-PSSession asks for beside where. */
export interface Creation {
  /** By place in the list of targets; where it says nothing PowerShell finds a name. */
  readonly names: readonly string[];
  readonly configurationName?: string;
  readonly applicationArguments?: PSObject;
}

/** What a bound command line asks for, in the engine's terms. */
export interface Request {
  /** Empty with `sample`: then all of the sample fleet is meant. */
  readonly targets: readonly Target[];
  readonly filter: SessionFilter;
  /** Saved groups whose computers are meant. */
  readonly profile?: readonly string[];
  readonly userName?: string;
  readonly certificateThumbprint?: string;
  /** A PFX or PEM file with a certificate and its key. */
  readonly certificateFile?: string;
  readonly throttleLimit: number;
  readonly disconnect: DisconnectOptions;
  /** New-PSSession: what is made, one on each target. */
  readonly create?: Creation;
  readonly strict: boolean;
  readonly json: boolean;
  readonly sample: boolean;
  readonly keep: boolean;
  readonly force: boolean;
  readonly whatIf: boolean;
  /** -Confirm:$false: nobody need be asked. */
  readonly unasked: boolean;
  /** Test-WSMan: step by step, with a verdict for each. */
  readonly diagnose: boolean;
  /** The file to write a trace of what travelled to. */
  readonly trace?: string;
  readonly passwordStdin: boolean;
  /** Says by which mechanism each computer was signed in to. */
  readonly verbose: boolean;
  /** -ErrorAction SilentlyContinue or Ignore: the exit code alone tells. */
  readonly silent: boolean;
  /** What was asked for and has no effect. */
  readonly warnings: readonly string[];
}

const DEFAULT_THROTTLE = 32;
/** Common parameters whose effect is PowerShell's own, inside its process. */
const MEANINGLESS = [
  'WarningAction',
  'InformationAction',
  'ProgressAction',
  'ErrorVariable',
  'WarningVariable',
  'InformationVariable',
  'OutVariable',
  'OutBuffer',
  'PipelineVariable',
  'JobName',
];

/**
 * @param creates whether it is New-PSSession
 * @throws BindingError for what cannot be meant at a prompt of its own, or is not there yet
 */
export function toRequest({ parameterSet, bound }: Binding, creates = false): Request {
  const warnings: string[] = [];
  const warn = (sentence: string) => warnings.push(sentence);
  refuseUnsupported(bound);
  const query = toSessionQuery(creates ? withComputer(parameterSet, bound) : bound, creates, warn);
  const redirectTo = texts(bound, 'RedirectTo');
  if (redirectTo && !query.allowRedirection)
    throw new BindingError('NotSupported', '-RedirectTo has a meaning only with -AllowRedirection.');
  const targets = creates ? namedTargets(query, redirectTo) : targetsOf(query, redirectTo);
  if (isOn(bound, 'Debug')) warn('-Debug has no effect.');
  const profile = texts(bound, 'Profile');
  const certificateFile = text(bound, 'CertificateFile');
  const trace = text(bound, 'Trace');
  if (targets.length === 0 && !profile && (creates || !isOn(bound, 'Sample')))
    throw creates ? cannotMake(parameterSet) : notHere(parameterSet);
  const {
    name,
    instanceId,
    state,
    configurationName,
    credential,
    throttleLimit = 0,
    certificateThumbprint,
  } = query;
  return {
    targets,
    filter: {
      ...(name && { name }),
      ...(instanceId && { instanceId }),
      ...(state && { state }),
      ...(configurationName && { configurationName }),
    },
    ...(profile ? { profile } : {}),
    ...(credential ? { userName: credential } : {}),
    ...(certificateThumbprint ? { certificateThumbprint } : {}),
    ...(certificateFile ? { certificateFile } : {}),
    throttleLimit: throttleLimit > 0 ? throttleLimit : DEFAULT_THROTTLE,
    disconnect: disconnectOptionsOf(bound, query.sessionOption),
    ...(creates ? { create: creationOf(bound) } : {}),
    strict: isOn(bound, 'Strict'),
    json: isOn(bound, 'Json'),
    sample: isOn(bound, 'Sample'),
    keep: isOn(bound, 'Keep'),
    force: isOn(bound, 'Force'),
    whatIf: isOn(bound, 'WhatIf'),
    unasked: bound.get('Confirm') === false,
    diagnose: isOn(bound, 'Diagnose'),
    ...(trace === undefined ? {} : { trace }),
    passwordStdin: isOn(bound, 'PasswordStdin'),
    verbose: isOn(bound, 'Verbose'),
    silent: /^(?:SilentlyContinue|Ignore)$/.test(text(bound, 'ErrorAction') ?? ''),
    warnings,
  };
}

/** Where sessions are made PowerShell has a sentence of its own for a name that cannot be one. */
function namedTargets(query: SessionQuery, redirectTo: readonly string[] | undefined): Target[] {
  try {
    return targetsOf(query, redirectTo);
  } catch (error) {
    if (!(error instanceof BindingError) || error.errorId !== 'System.UriFormatException') throw error;
    throw new BindingError(
      'PSSessionInvalidComputerName',
      'One or more computer names are not valid. If you are trying to pass a URI, use the -ConnectionUri parameter, or pass URI objects instead of strings.',
    );
  }
}

/** Without one PowerShell makes the session on the computer that it runs on. */
function withComputer(parameterSet: string, bound: BoundMap): BoundMap {
  if (parameterSet !== 'ComputerName' || bound.has('ComputerName') || isOn(bound, 'Sample')) return bound;
  return new Map([...bound, ['ComputerName', ['localhost']]]);
}

function creationOf(bound: BoundMap): Creation {
  const configurationName = text(bound, 'ConfigurationName');
  const fields = bound.get('SessionOption');
  const given = fields !== undefined && isFields(fields) ? (fields['ApplicationArguments'] ?? null) : null;
  const names = textsInPlace(bound, 'Name') ?? [];
  const unnamed = names.map(whyNoSessionName).find((why) => why !== undefined);
  if (unnamed !== undefined) throw new BindingError('ParameterArgumentValidationError', unnamed);
  return {
    names,
    ...(configurationName ? { configurationName } : {}),
    ...(typeof given === 'object' && given !== null
      ? { applicationArguments: applicationArguments(given) }
      : {}),
  };
}

function disconnectOptionsOf(bound: BoundMap, sessionOption: SessionOption | undefined): DisconnectOptions {
  const seconds = number(bound, 'IdleTimeoutSec');
  const idleTimeoutMs = seconds === undefined ? sessionOption?.idleTimeout : seconds * 1000;
  const mode = text(bound, 'OutputBufferingMode') ?? sessionOption?.outputBufferingMode;
  return {
    // -1 is the session's own.
    ...(idleTimeoutMs !== undefined && idleTimeoutMs >= 0 ? { idleTimeoutMs } : {}),
    ...(mode === 'Block' || mode === 'Drop' ? { bufferMode: mode } : {}),
  };
}

function refuseUnsupported(bound: BoundMap): void {
  const refuse = (sentence: string) => {
    throw new BindingError('NotSupported', sentence);
  };
  if (isOn(bound, 'EnableNetworkAccess'))
    refuse(
      '-EnableNetworkAccess counts for sessions on this computer alone, which Windows would have to make for this process; over the network it says nothing.',
    );
  const certificate = ['CertificateThumbprint', 'CertificateFile'].find((name) => text(bound, name));
  if (certificate && isOn(bound, 'Sample')) refuse('The sample fleet asks for no certificate.');
  const authentication = text(bound, 'Authentication') ?? 'Default';
  const others = ['Credential', 'CertificateThumbprint'].filter((name) => text(bound, name));
  if (authentication !== 'Default') others.push('Authentication');
  if (text(bound, 'CertificateFile') && others[0] !== undefined)
    refuse(`-CertificateFile cannot be given with -${others[0]}: a certificate signs in by itself.`);
  const action = text(bound, 'ErrorAction');
  if (action && !/^(?:Continue|SilentlyContinue|Ignore)$/.test(action)) {
    refuse(
      `-ErrorAction ${action} has a meaning only inside PowerShell's own process; the exit code tells of errors.`,
    );
  }
  const meaningless = MEANINGLESS.find((name) => bound.has(name));
  if (meaningless) refuse(`-${meaningless} has a meaning only inside PowerShell's own process.`);
  if (isOn(bound, 'Confirm')) refuse('-Confirm is not supported: -WhatIf shows what would be done.');
  if (text(bound, 'OutTarget') === 'Job')
    refuse('-OutTarget Job has a meaning only inside PowerShell’s own process.');
}

function cannotMake(parameterSet: string): BindingError {
  const message =
    parameterSet === 'ComputerName'
      ? 'Say on which computers of the sample fleet with -ComputerName.'
      : `The parameter set ${parameterSet} makes sessions by other ways than WS-Management, or in the running PowerShell process. Here they are made with -ComputerName, -ConnectionUri or -Profile.`;
  return new BindingError('NotSupported', message);
}

function notHere(parameterSet: string): BindingError {
  return new BindingError(
    'NoComputerName',
    `The parameter set ${parameterSet} means sessions of the running PowerShell process, and each run of pssm is a process of its own. Say which computers to ask with -ComputerName, -ConnectionUri or -Profile.`,
  );
}
