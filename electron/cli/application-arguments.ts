import { clockHere, objectArray, primitiveDictionary, WinRMError } from '../winrm/index.ts';
import type { PSObject, PSValue } from '../winrm/index.ts';
import { BindingError } from './binding/binding-error.ts';
import { toGuid } from './binding/guid.ts';
import { ConversionError } from './binding/conversion-error.ts';
import { timeSpanTicks } from './binding/time-span-ticks.ts';
import type { TypedText } from './binding/typed-text.ts';
import { isHashTable, isList, isNumber, isTypedText } from './binding/value.ts';
import type { HashTable, NumberValue, Value } from './binding/value.ts';
import { localDateTime } from './local-date-time.ts';

const MOST_INT32 = 2_147_483_647;
/** Tables and arrays within one another; PSRP has some of its own around them. */
const DEEPEST = 40;

/**
 * ApplicationArguments as they travel, each in the type that PowerShell's language gives what was written.
 *
 * @throws BindingError for a number that is not kept exactly, and for a text that is not of the type before it
 */
export function applicationArguments({ entries }: HashTable, depth = 1): PSObject {
  return primitiveDictionary(entries.map(([key, value]) => [key, toPSValue(key, value, depth)]));
}

function toPSValue(key: string, value: Value, depth: number): PSValue {
  if (depth > DEEPEST) throw refused(key, `what is within one another ${DEEPEST} times is not sent deeper`);
  if (isHashTable(value)) return applicationArguments(value, depth + 1);
  if (isList(value)) return objectArray(value.map((item) => toPSValue(key, item, depth + 1)));
  if (isNumber(value)) return toPSNumber(key, value);
  if (isTypedText(value)) return toTyped(key, value);
  if (typeof value === 'object' && value !== null) throw refused(key, 'it is no primitive');
  return value;
}

function toPSNumber(key: string, { type, value, exact }: NumberValue): PSValue {
  if (type === 'Int32') return value;
  if (type === 'Double') return { type, value };
  if (exact === undefined) throw refused(key, 'a number of so many digits is not kept exactly here');
  return type === 'Int64' ? BigInt(exact) : { type, value: exact };
}

function toTyped(key: string, { type, text }: TypedText): PSValue {
  try {
    switch (type) {
      case 'DateTime':
        return localDateTime(text, clockHere);
      case 'TimeSpan':
        return { type, ticks: timeSpanTicks(text) };
      case 'Guid':
        return { type, value: toGuid(text) };
      case 'Version':
        return { type, value: toVersion(text) };
      case 'Char':
        if (text.length !== 1) break;
        return { type, value: text };
      case 'Uri': {
        const value = text.trim();
        if (/^[a-z][a-z\d+.-]*:\/\//i.test(value) && !URL.canParse(value)) break;
        return { type, value };
      }
    }
  } catch (error) {
    if (!(error instanceof WinRMError) && !(error instanceof ConversionError)) throw error;
  }
  const form = type === 'DateTime' ? ', in the form 2026-01-31T18:00:00' : '';
  throw refused(key, `'${text}' is no ${type}${form}`);
}

/** Two to four numbers, as .NET's Version.Parse reads them. */
function toVersion(text: string): string {
  const parts = text.split('.').map((part) => /^\s*\+?(\d+)\s*$/.exec(part)?.[1]);
  const numbers = parts.map((digits) => Number(digits ?? NaN));
  if (parts.length < 2 || parts.length > 4 || !numbers.every((one) => one <= MOST_INT32))
    throw new ConversionError(`Cannot convert value "${text}" to type "System.Version".`);
  return numbers.join('.');
}

const refused = (key: string, why: string) =>
  new BindingError('CannotConvertArgumentNoMessage', `-SessionOption ApplicationArguments '${key}': ${why}.`);
