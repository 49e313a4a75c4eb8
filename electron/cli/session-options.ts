import { sessionOptionSchema } from '../../shared/computer.ts';
import type { SessionOption } from '../../shared/computer.ts';
import { PROXY_ACCESS_TYPES, PROXY_AUTHENTICATIONS } from '../../shared/proxy-access.ts';
import { isIdleTimeout, MIN_IDLE_TIMEOUT_MS, OWN_IDLE_TIMEOUT } from '../../shared/idle-timeout.ts';
import { BindingError } from './binding/binding-error.ts';
import type { PSSessionOption } from './binding/session-option.ts';

/** Fields without a meaning where no session is created, and what is said of them. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  NoCompression: 'no session that is created here is asked to compress',
  NoMachineProfile: 'it counts when a session is created',
  MaxConnectionRetryCount:
    'it counts when a session is created; a query is never asked twice, as in PowerShell',
  ApplicationArguments: 'they count when a session is created',
};

/** .NET's $null, where it has a meaning of its own. */
const NULL_MEANS: Readonly<Record<string, number>> = {
  MaximumReceivedObjectSize: 0,
  MaximumReceivedDataSizePerCommand: 0,
};

/**
 * Of a -SessionOption, what this version obeys. ApplicationArguments are no part of it: they are for one session.
 *
 * @param creates whether sessions are created with it
 * @param warn is told of each field that has no effect
 * @throws BindingError for what is out of range, and for a proxy's account without a proxy
 */
export function sessionOptionOf(
  fields: PSSessionOption,
  creates: boolean,
  warn: (sentence: string) => void,
): SessionOption {
  const option: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(fields)) {
    const value = given ?? NULL_MEANS[name] ?? null;
    if (value === null) continue;
    const reason = creates && name !== 'NoCompression' ? undefined : WITHOUT_EFFECT[name];
    if (creates && name === 'ApplicationArguments') continue;
    if (reason !== undefined) warn(`-SessionOption ${name} has no effect: ${reason}.`);
    else option[obeyed(name)] = value;
  }
  const checked = sessionOptionSchema.safeParse(option);
  const idle = option['idleTimeout'];
  if (creates && typeof idle === 'number' && !isIdleTimeout(idle)) throw tooSoonIdle(idle);
  if (!checked.success) throw outOfRange(String(checked.error.issues[0]?.path[0]), Object.keys(fields));
  const { proxyCredential, proxyAccessType = 'None', idleTimeout = OWN_IDLE_TIMEOUT } = checked.data;
  if (!isIdleTimeout(idleTimeout))
    throw new BindingError('ParameterArgumentValidationError', BAD_IDLE_TIMEOUT);
  if (proxyCredential !== undefined && proxyAccessType === 'None') {
    throw new BindingError(
      'System.ArgumentException',
      'A ProxyCredential cannot be given with ProxyAccessType None: there is no proxy to show it to.',
    );
  }
  return checked.data;
}

const obeyed = (name: string) =>
  name === 'UICulture' ? 'uiCulture' : `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

const BAD_IDLE_TIMEOUT = `-SessionOption IdleTimeout must be ${MIN_IDLE_TIMEOUT_MS} milliseconds or more, or ${OWN_IDLE_TIMEOUT} for the computer's own: no computer takes less.`;

/** PowerShell's words, which it has where a session is made alone. */
const tooSoonIdle = (ms: number) =>
  new BindingError(
    'Argument',
    `The specified IdleTimeout session option ${Math.trunc(ms / 1000)} (seconds) is not a valid period.  Specify an IdleTimeout value that is greater than or equal to the minimum allowed ${MIN_IDLE_TIMEOUT_MS / 1000} (seconds).`,
  );

/** What a field takes, where it is not milliseconds. */
const RANGES: Readonly<Record<string, string>> = {
  MaximumConnectionRedirectionCount: 'is a count from -1 (as many as there are) to 2147483647',
  MaxConnectionRetryCount: 'is a count from 0 to 2147483647',
  MaximumReceivedObjectSize: 'is a number of bytes, and none below 0 (no limit)',
  MaximumReceivedDataSizePerCommand: 'is a number of bytes, and none below 0 (no limit)',
  Culture: 'is the name of a culture, such as en-US',
  UICulture: 'is the name of a culture, such as en-US',
  ProxyAccessType: `is one of ${PROXY_ACCESS_TYPES.join(', ')}`,
  ProxyAuthentication: `is one of ${PROXY_AUTHENTICATIONS.join(', ')}`,
  ProxyCredential: 'is a name of 1 to 255 characters',
};

/** Times, counts and sizes are none below zero, and a culture is a name. */
function outOfRange(field: string, given: readonly string[]): BindingError {
  const name = given.find((one) => obeyed(one) === field) ?? field;
  if (name === 'IdleTimeout') return new BindingError('ParameterArgumentValidationError', BAD_IDLE_TIMEOUT);
  const range = RANGES[name] ?? 'is milliseconds or a time, and none below 0';
  return new BindingError(
    'ParameterArgumentValidationError',
    `-SessionOption ${name} is out of its range: it ${range}.`,
  );
}
