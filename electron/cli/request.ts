import { SPOKEN_MECHANISMS } from '../../shared/computer.ts';
import type { AuthenticationMechanism, ConnectionOptions } from '../../shared/computer.ts';
import type { SessionFilter } from '../../shared/query.ts';
import type { DisconnectOptions } from '../winrm/index.ts';
import type { Binding } from './binding/bind.ts';
import { BindingError } from './binding/binding-error.ts';
import type { Bound } from './binding/convert.ts';
import type { PSSessionOption } from './binding/session-option.ts';
import { sessionOptionOf } from './session-options.ts';
import { targetOfName, targetOfUri } from './target.ts';
import type { Target } from './target.ts';

/** What a bound command line asks for, in the engine's terms. */
export interface Request {
  /** Empty with `sample`: then all of the sample fleet is meant. */
  readonly targets: readonly Target[];
  readonly filter: SessionFilter;
  readonly userName?: string;
  readonly throttleLimit: number;
  readonly disconnect: DisconnectOptions;
  readonly strict: boolean;
  readonly json: boolean;
  readonly sample: boolean;
  readonly keep: boolean;
  readonly force: boolean;
  readonly whatIf: boolean;
  readonly passwordStdin: boolean;
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

/** @throws BindingError for what cannot be meant at a prompt of its own, or is not spoken yet */
export function toRequest({ parameterSet, bound }: Binding): Request {
  const warnings: string[] = [];
  const warn = (sentence: string) => warnings.push(sentence);
  refuseUnsupported(bound);
  const options = connectionOptionsOf(bound, warn);
  const targets = [
    ...list(bound.get('ComputerName')).map((name) => targetOfName(name, options)),
    ...list(bound.get('ConnectionUri')).map((uri) => targetOfUri(uri, options)),
  ];
  for (const name of ['Verbose', 'Debug']) if (isOn(bound, name)) warn(`-${name} has no effect.`);
  if (targets.length === 0 && !isOn(bound, 'Sample')) throw notHere(parameterSet);
  const throttleLimit = number(bound, 'ThrottleLimit') ?? 0;
  const userName = text(bound, 'Credential');
  return {
    targets,
    filter: filterOf(bound),
    ...(userName ? { userName } : {}),
    throttleLimit: throttleLimit > 0 ? throttleLimit : DEFAULT_THROTTLE,
    disconnect: disconnectOptionsOf(bound, options),
    strict: isOn(bound, 'Strict'),
    json: isOn(bound, 'Json'),
    sample: isOn(bound, 'Sample'),
    keep: isOn(bound, 'Keep'),
    force: isOn(bound, 'Force'),
    whatIf: isOn(bound, 'WhatIf'),
    passwordStdin: isOn(bound, 'PasswordStdin'),
    silent: /^(?:SilentlyContinue|Ignore)$/.test(text(bound, 'ErrorAction') ?? ''),
    warnings,
  };
}

type BoundMap = Binding['bound'];

const isOn = (bound: BoundMap, name: string) => bound.get(name) === true;
const list = (value: Bound | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');

function text(bound: BoundMap, name: string): string | undefined {
  const value = bound.get(name);
  return typeof value === 'string' ? value : undefined;
}

function number(bound: BoundMap, name: string): number | undefined {
  const value = bound.get(name);
  return typeof value === 'number' ? value : undefined;
}

function filterOf(bound: BoundMap): SessionFilter {
  const state = text(bound, 'State') as SessionFilter['state'];
  const configurationName = text(bound, 'ConfigurationName');
  return {
    ...(bound.has('Name') ? { name: list(bound.get('Name')) } : {}),
    ...(bound.has('InstanceId') ? { instanceId: list(bound.get('InstanceId')) } : {}),
    ...(state ? { state } : {}),
    ...(configurationName ? { configurationName } : {}),
  };
}

function connectionOptionsOf(bound: BoundMap, warn: (sentence: string) => void): ConnectionOptions {
  const fields = bound.get('SessionOption');
  const sessionOption = isFields(fields) ? sessionOptionOf(fields, warn) : undefined;
  if (isOn(bound, 'AllowRedirection'))
    warn('-AllowRedirection has no effect: a query follows no redirection, as in PowerShell.');
  const port = number(bound, 'Port');
  const applicationName = text(bound, 'ApplicationName');
  const authentication = text(bound, 'Authentication') as AuthenticationMechanism | undefined;
  return {
    ...(isOn(bound, 'UseSSL') ? { useSSL: true } : {}),
    ...(port === undefined ? {} : { port }),
    ...(applicationName ? { applicationName } : {}),
    ...(authentication ? { authentication } : {}),
    ...(sessionOption?.noEncryption ? { allowBasicOverHttp: true } : {}),
    ...(sessionOption ? { sessionOption } : {}),
  };
}

const isFields = (value: Bound | undefined): value is PSSessionOption =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function disconnectOptionsOf(bound: BoundMap, { sessionOption }: ConnectionOptions): DisconnectOptions {
  const seconds = number(bound, 'IdleTimeoutSec');
  const idleTimeoutMs = seconds ? seconds * 1000 : sessionOption?.idleTimeout;
  const mode = text(bound, 'OutputBufferingMode') ?? sessionOption?.outputBufferingMode;
  return {
    ...(idleTimeoutMs !== undefined && idleTimeoutMs > 0 ? { idleTimeoutMs } : {}),
    ...(mode === 'Block' || mode === 'Drop' ? { bufferMode: mode } : {}),
  };
}

function refuseUnsupported(bound: BoundMap): void {
  const refuse = (sentence: string) => {
    throw new BindingError('NotSupported', sentence);
  };
  if (text(bound, 'CertificateThumbprint'))
    refuse('-CertificateThumbprint is not supported yet: nothing was sent.');
  const authentication = text(bound, 'Authentication') as AuthenticationMechanism | undefined;
  if (authentication && !SPOKEN_MECHANISMS.includes(authentication)) {
    refuse(`-Authentication ${authentication} is not spoken yet; ${SPOKEN_MECHANISMS.join(', ')} are.`);
  }
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
    `The parameter set ${parameterSet} means sessions of the running PowerShell process, and each run of pssm is a process of its own. Say which computers to ask with -ComputerName or -ConnectionUri.`,
  );
}
