import type { SessionOption } from '../../shared/computer.ts';
import type { SessionFilter } from '../../shared/query.ts';
import type { DisconnectOptions } from '../winrm/index.ts';
import type { Binding } from './binding/bind.ts';
import { BindingError } from './binding/binding-error.ts';
import { isOn, number, text, texts } from './bound-values.ts';
import type { BoundMap } from './bound-values.ts';
import { toSessionQuery } from './session-query.ts';
import { targetsOf } from './target.ts';
import type { Target } from './target.ts';

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

/** @throws BindingError for what cannot be meant at a prompt of its own, or is not there yet */
export function toRequest({ parameterSet, bound }: Binding): Request {
  const warnings: string[] = [];
  const warn = (sentence: string) => warnings.push(sentence);
  refuseUnsupported(bound);
  const query = toSessionQuery(bound, warn);
  const redirectTo = texts(bound, 'RedirectTo');
  if (redirectTo && !query.allowRedirection)
    throw new BindingError('NotSupported', '-RedirectTo has a meaning only with -AllowRedirection.');
  const targets = targetsOf(query, redirectTo);
  if (isOn(bound, 'Debug')) warn('-Debug has no effect.');
  const profile = texts(bound, 'Profile');
  const certificateFile = text(bound, 'CertificateFile');
  const trace = text(bound, 'Trace');
  if (targets.length === 0 && !profile && !isOn(bound, 'Sample')) throw notHere(parameterSet);
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

function notHere(parameterSet: string): BindingError {
  return new BindingError(
    'NoComputerName',
    `The parameter set ${parameterSet} means sessions of the running PowerShell process, and each run of pssm is a process of its own. Say which computers to ask with -ComputerName, -ConnectionUri or -Profile.`,
  );
}
