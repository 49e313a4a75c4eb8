import type { SessionOption } from '../../shared/computer.ts';
import { BindingError } from './binding/binding-error.ts';
import type { PSSessionOption } from './binding/session-option.ts';

/** Fields without a meaning in what this version does, and what is said of them. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  NoCompression: 'nothing is compressed here',
  NoMachineProfile: 'it counts when a session is created',
  SkipRevocationCheck: 'revocation lists are not asked here',
  MaxConnectionRetryCount: 'a query is never asked twice, as in PowerShell',
  MaximumConnectionRedirectionCount: 'a query follows no redirection, as in PowerShell',
  MaximumReceivedDataSizePerCommand: 'output is passed on as it comes',
  MaximumReceivedObjectSize: 'output is passed on as it comes',
  Culture: 'it counts when a session is created',
  UICulture: 'it counts when a session is created',
  ApplicationArguments: 'they count when a session is created',
};

/**
 * Of a -SessionOption, what this version obeys.
 *
 * @param warn is told of each field that has no effect
 * @throws BindingError for what would change how the computer is reached and cannot be done yet
 */
export function sessionOptionOf(fields: PSSessionOption, warn: (sentence: string) => void): SessionOption {
  const option: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (isDefault(name, value)) continue;
    const reason = WITHOUT_EFFECT[name];
    if (reason !== undefined) warn(`-SessionOption ${name} has no effect: ${reason}.`);
    else if (/^(?:Proxy|UseUTF16)/.test(name)) throw notYet(name);
    else option[obeyed(name)] = value;
  }
  for (const name of ['openTimeout', 'operationTimeout', 'cancelTimeout']) {
    if (typeof option[name] === 'number' && option[name] < 0)
      throw new BindingError(
        'ParameterArgumentValidationError',
        `-SessionOption ${name} cannot be negative.`,
      );
  }
  return option as SessionOption; // every name that comes here is one of its fields, converted by its type
}

const obeyed = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

const isDefault = (name: string, value: unknown) =>
  value === null ||
  (name === 'ProxyAccessType' && value === 'None') ||
  (name === 'UseUTF16' && value === false);

const notYet = (name: string) =>
  new BindingError('NotSupported', `-SessionOption ${name} is not supported yet: nothing was sent.`);
