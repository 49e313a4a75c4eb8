import { ConversionError } from './conversion-error.ts';
import { toEnum } from './enums.ts';
import { toInt32 } from './int32.ts';
import { toTimeSpanMs } from './time-span.ts';
import { toPrimitives } from './primitives.ts';
import { isHashTable, isList, isNumber, textOf, typeNameOf } from './value.ts';
import type { HashTable, Value } from './value.ts';

type Field = string | number | boolean | null | HashTable;
/** The fields that a hash table named, in PowerShell's spelling, converted. Times are milliseconds. */
export type PSSessionOption = Readonly<Record<string, Field>>;

const TYPE = 'System.Management.Automation.Remoting.PSSessionOption';
const NULLABLE =
  'System.Nullable`1[[System.Int32, System.Private.CoreLib, Version=10.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e]]';

/** PSSessionOption's settable properties, in its order. */
const FIELDS: readonly (readonly [name: string, type: string])[] = [
  ['MaximumConnectionRedirectionCount', 'System.Int32'],
  ['NoCompression', 'System.Boolean'],
  ['NoMachineProfile', 'System.Boolean'],
  ['ProxyAccessType', 'System.Management.Automation.Remoting.ProxyAccessType'],
  ['ProxyAuthentication', 'System.Management.Automation.Runspaces.AuthenticationMechanism'],
  ['ProxyCredential', 'System.Management.Automation.PSCredential'],
  ['SkipCACheck', 'System.Boolean'],
  ['SkipCNCheck', 'System.Boolean'],
  ['SkipRevocationCheck', 'System.Boolean'],
  ['OperationTimeout', 'System.TimeSpan'],
  ['NoEncryption', 'System.Boolean'],
  ['UseUTF16', 'System.Boolean'],
  ['IncludePortInSPN', 'System.Boolean'],
  ['OutputBufferingMode', 'System.Management.Automation.Runspaces.OutputBufferingMode'],
  ['MaxConnectionRetryCount', 'System.Int32'],
  ['Culture', 'System.Globalization.CultureInfo'],
  ['UICulture', 'System.Globalization.CultureInfo'],
  ['MaximumReceivedDataSizePerCommand', NULLABLE],
  ['MaximumReceivedObjectSize', NULLABLE],
  ['ApplicationArguments', 'System.Management.Automation.PSPrimitiveDictionary'],
  ['OpenTimeout', 'System.TimeSpan'],
  ['CancelTimeout', 'System.TimeSpan'],
  ['IdleTimeout', 'System.TimeSpan'],
];

/** @throws ConversionError in PowerShell's words */
export function toSessionOption(value: Value): PSSessionOption {
  if (!isHashTable(value)) {
    throw new ConversionError(
      `Cannot convert the "${textOf(value)}" value of type "${typeNameOf(value)}" to type "${TYPE}".`,
    );
  }
  const fields: Record<string, Field> = {};
  for (const [key, entry] of value.entries) {
    const field = FIELDS.find(([name]) => name.toLowerCase() === key.toLowerCase());
    if (!field) throw cannotCreate(unknownField(key));
    fields[field[0]] = toField(field, entry);
  }
  return fields;
}

function toField([name, type]: readonly [string, string], value: Value): Field {
  try {
    const [, kind = ''] = /([\w]+)(?:`.*)?$/.exec(type.split('[')[0] ?? '') ?? [];
    if (kind === 'Boolean') return isTrue(value);
    if (kind === 'TimeSpan') return toTimeSpanMs(value);
    if (type === NULLABLE && value === null) return null;
    if (kind === 'Int32' || type === NULLABLE) return toInt32(value);
    if (name === 'ProxyAuthentication') return toProxyAuthentication(value);
    if (kind === 'ProxyAccessType' || kind === 'OutputBufferingMode') return toEnum(kind, value);
    if (kind === 'PSPrimitiveDictionary') return toPrimitives(value);
    return value === null ? null : textOf(value);
  } catch (error) {
    if (error instanceof ConversionError) throw cannotCreate(error.message);
    throw error;
  }
}

function toProxyAuthentication(value: Value): string {
  const mechanism = toEnum('AuthenticationMechanism', value);
  if (['Basic', 'Negotiate', 'Digest'].includes(mechanism)) return mechanism;
  throw new ConversionError(
    `${mechanism} cannot be specified as a proxy authentication mechanism. Only Basic,Negotiate or Digest are supported for proxy authentication.`,
  );
}

/** PowerShell's truth: a text is true unless it is empty. */
function isTrue(value: Value): boolean {
  if (isNumber(value)) return value.value !== 0;
  return isList(value) ? value.length > 0 : Boolean(value);
}

function unknownField(key: string): string {
  const list = FIELDS.map(([name, type]) => `[${name} <${type}>]`).join(', ');
  return `The property '${key}' was not found for the '${TYPE}' object. The settable properties are: ${list}.`;
}

const cannotCreate = (reason: string) =>
  new ConversionError(`Cannot create object of type "${TYPE}". ${reason}`);
