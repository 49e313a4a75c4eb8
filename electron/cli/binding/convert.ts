import { BindingError } from './binding-error.ts';
import type { Parameter } from './cmdlet.ts';
import { toEnum, ENUMS } from './enums.ts';
import { ConversionError } from './conversion-error.ts';
import { toGuid } from './guid.ts';
import { toInt32 } from './int32.ts';
import { withoutPasswordsOf } from './repeatable.ts';
import { toSessionOption } from './session-option.ts';
import type { PSSessionOption } from './session-option.ts';
import { isHashTable, isList, isNumber, isScriptBlock, textOf, typeNameOf } from './value.ts';
import type { Value } from './value.ts';

/** A value in its parameter's type. A credential is a user name. */
export type Bound = string | number | boolean | null | PSSessionOption | readonly (string | number | null)[];

/** .NET names of the types that syntax lines shorten. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'System.String',
  int: 'System.Int32',
  guid: 'System.Guid',
  uri: 'System.Uri',
  switch: 'System.Management.Automation.SwitchParameter',
  pscredential: 'System.Management.Automation.PSCredential',
  hashtable: 'System.Collections.Hashtable',
  PSSession: 'System.Management.Automation.Runspaces.PSSession',
  PSSessionOption: 'System.Management.Automation.Remoting.PSSessionOption',
};

/** Types that take a number by itself as it was written: `-Name 007` is no `7`, `-Name 007,8` is. */
const AS_WRITTEN = ['string', 'guid', 'uri'];

export function typeNameOfParameter({ type, isList: list }: Parameter): string {
  return `${TYPE_NAMES[type] ?? ENUMS[type]?.typeName ?? type}${list ? '[]' : ''}`;
}

/** @throws BindingError in PowerShell's words */
export function convert(parameter: Parameter, value: Value): Bound {
  const { name } = parameter;
  if (isScriptBlock(value)) {
    throw new BindingError(
      'ScriptBlockArgumentNoInput',
      `Cannot evaluate parameter '${name}' because its argument is specified as a script block and there is no input. A script block cannot be evaluated without input.`,
    );
  }
  const given = isNumber(value) && AS_WRITTEN.includes(parameter.type) ? (value.source ?? value) : value;
  try {
    return parameter.isList ? toList(parameter, given) : toScalar(parameter, given);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new BindingError(
      'CannotConvertArgumentNoMessage',
      `Cannot bind parameter '${name}'. ${withoutPasswordsOf(value, error.message)}`,
    );
  }
}

function toList(parameter: Parameter, value: Value): readonly (string | number | null)[] | null {
  if (value === null) return null;
  const items = isList(value) ? value : [value];
  return items.map((item) => {
    // An array's element has no null of its own type: a string becomes empty, a number 0.
    if (item === null) return parameter.type === 'int' ? 0 : null;
    return toScalar(parameter, item) as string | number;
  });
}

function toScalar(parameter: Parameter, value: Value): Bound {
  const { name, type } = parameter;
  const isEnum = type in ENUMS;
  if (value === null) return type === 'switch' ? true : nullFor(parameter);
  const isScalarType = ['string', 'int', 'switch'].includes(type);
  const isOneOfTexts = ['guid', 'uri'].includes(type) && !parameter.isList;
  if (isList(value) && (isScalarType || isOneOfTexts)) throw cannotConvert(name, type, value);
  if (isEnum) return toEnum(type, value);
  switch (type) {
    case 'switch':
      return toSwitch(name, value);
    case 'int':
      return toInt32(value);
    case 'guid':
      return toGuid(textOf(value));
    case 'uri':
      if (isHashTable(value)) throw cannotCast(value, TYPE_NAMES['uri'] ?? '');
      return toUri(textOf(value));
    case 'PSSessionOption':
      return toSessionOption(value);
    case 'pscredential':
      return toUserName(name, value);
    case 'PSSession':
      throw cannotCast(value, TYPE_NAMES['PSSession'] ?? '');
    default:
      return textOf(value);
  }
}

function toSwitch(name: string, value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (isNumber(value)) return value.value !== 0;
  throw cannotConvert(name, 'switch', value);
}

function toUserName(name: string, value: Value): string {
  // PowerShell asks for one, which a prompt of its own has nobody to do; without a name the logged-on account would be meant.
  if (value === '') {
    throw new BindingError(
      'ParameterArgumentTransformationError',
      `Cannot process argument transformation on parameter '${name}'. The user name is empty.`,
    );
  }
  if (typeof value === 'string') return value;
  if (isNumber(value)) {
    throw new BindingError(
      'ParameterArgumentTransformationError',
      `Cannot process argument transformation on parameter '${name}'. userName`,
    );
  }
  throw cannotCast(value, TYPE_NAMES['pscredential'] ?? '');
}

function cannotConvert(name: string, type: string, value: Value): BindingError {
  const reason = type === 'switch' ? '' : 'Specified method is not supported.';
  return new BindingError(
    'CannotConvertArgument',
    `Cannot convert '${typeNameOf(value)}' to the type '${TYPE_NAMES[type]}' required by parameter '${name}'. ${reason}`,
  );
}

/** A conversion that .NET does not know at all. */
export function cannotCast(value: Value, typeName: string): ConversionError {
  const shown = isHashTable(value) ? typeNameOf(value) : textOf(value);
  return new ConversionError(
    `Cannot convert the "${shown}" value of type "${typeNameOf(value)}" to type "${typeName}".`,
  );
}

/** What has no null, and no validation that says so first, fails in the property's setter. */
function nullFor(parameter: Parameter): null {
  const { name, type, validation } = parameter;
  const { [type]: values } = ENUMS;
  if ((type !== 'int' && !values) || validation) return null;
  const reason = values
    ? `Cannot convert null to type "${values.typeName}" due to enumeration values that are not valid. Specify one of the following enumeration values and try again. The possible enumeration values are "${Object.keys(values.values).join(',')}".`
    : 'Cannot convert null to type "System.Int32".';
  throw setterFailed(name, reason);
}

/** A property of the cmdlet refused the value it was given. */
export function setterFailed(name: string, reason: string): BindingError {
  return new BindingError(
    'ParameterBindingFailed',
    `Cannot bind parameter '${name}' to the target. Exception setting "${name}": "${reason}"`,
  );
}

/** .NET's Uri takes nearly everything; only a host that cannot be one is refused. */
function toUri(text: string): string {
  if (/^(?:https?|ftp):\/\//i.test(text) && !URL.canParse(text)) {
    throw new ConversionError(
      `Cannot convert value "${text}" to type "System.Uri". Error: "Invalid URI: The hostname could not be parsed."`,
    );
  }
  return text;
}
