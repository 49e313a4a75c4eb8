import { BindingError } from './binding-error.ts';
import type { Parameter } from './cmdlet.ts';
import type { Bound } from './convert.ts';

const COLLECTION =
  'The argument is null, empty, or an element of the argument collection contains a null value. Supply a collection that does not contain any null values and then try the command again.';
const NULL_OR_EMPTY =
  'The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.';
const NULL =
  'The argument is null. Provide a valid value for the argument, and then try running the command again.';

/** Refuses what the parameter's attributes refuse. @throws BindingError in PowerShell's words */
export function validate({ name, validation, type, isList, isOwn }: Parameter, value: Bound): void {
  const reason = reasonAgainst(validation, type, value);
  if (reason) {
    throw new BindingError(
      'ParameterArgumentValidationError',
      `Cannot validate argument on parameter '${name}'. ${reason}`,
    );
  }
  if (isOwn || !isList || validation === 'any') return;
  if (value === null) {
    throw new BindingError(
      'ParameterArgumentValidationErrorNullNotAllowed',
      `Cannot bind argument to parameter '${name}' because it is null.`,
    );
  }
  if (Array.isArray(value) && value.length === 0) {
    throw new BindingError(
      'ParameterArgumentValidationErrorEmptyArrayNotAllowed',
      `Cannot bind argument to parameter '${name}' because it is an empty array.`,
    );
  }
}

function reasonAgainst(validation: Parameter['validation'], type: string, value: Bound): string | undefined {
  if (validation === undefined || validation === 'any') return undefined;
  if (typeof validation !== 'string') return outOfRange(validation, value);
  if (validation === 'notNull') return value === null ? NULL : undefined;
  if (value === null || value === '') return NULL_OR_EMPTY;
  if (!Array.isArray(value)) return undefined;
  const isEmpty = (item: unknown) => item === null || (item === '' && type === 'string');
  return value.length === 0 || value.some(isEmpty) ? COLLECTION : undefined;
}

function outOfRange([min, max]: readonly [number, number], value: Bound): string | undefined {
  if (value === null) return COLLECTION;
  if (typeof value !== 'number') return undefined;
  if (value > max) {
    return `The ${value} argument is greater than the maximum allowed range of ${max}. Supply an argument that is less than or equal to ${max} and then try the command again.`;
  }
  if (value < min) {
    return `The ${value} argument is less than the minimum allowed range of ${min}. Supply an argument that is greater than or equal to ${min} and then try the command again.`;
  }
  return undefined;
}
