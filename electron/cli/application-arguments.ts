import {
  objectArray,
  parseDateTime,
  parseTimeSpan,
  primitiveDictionary,
  WinRMError,
} from '../winrm/index.ts';
import type { PSObject, PSValue } from '../winrm/index.ts';
import { BindingError } from './binding/binding-error.ts';
import { toGuid } from './binding/guid.ts';
import { ConversionError } from './binding/conversion-error.ts';
import { toTimeSpanMs } from './binding/time-span.ts';
import type { TypedText } from './binding/typed-text.ts';
import { isHashTable, isList, isNumber, isTypedText } from './binding/value.ts';
import type { HashTable, NumberValue, Value } from './binding/value.ts';

const TICKS_PER_MS = 10_000;

/**
 * ApplicationArguments as they travel, each in the type that PowerShell's language gives what was written.
 *
 * @throws BindingError for a number that is not kept exactly, and for a text that is not of the type before it
 */
export function applicationArguments({ entries }: HashTable): PSObject {
  return primitiveDictionary(entries.map(([key, value]) => [key, toPSValue(key, value)]));
}

function toPSValue(key: string, value: Value): PSValue {
  if (isHashTable(value)) return applicationArguments(value);
  if (isList(value)) return objectArray(value.map((item) => toPSValue(key, item)));
  if (isNumber(value)) return toPSNumber(key, value);
  if (isTypedText(value)) return toTyped(key, value);
  if (typeof value === 'object' && value !== null) throw refused(key, 'it is no primitive');
  return value;
}

function toPSNumber(key: string, { type, value }: NumberValue): PSValue {
  switch (type) {
    case 'Int32':
      return value;
    case 'Int64':
      if (!Number.isSafeInteger(value))
        throw refused(key, 'a whole number of so many digits is not kept exactly here');
      return BigInt(value);
    case 'Double':
      return { type: 'Double', value };
    case 'Decimal': {
      const text = String(value);
      if (text.replace(/\D/g, '').length > 15 || text.includes('e'))
        throw refused(key, 'a decimal of so many digits is not kept exactly here');
      return { type: 'Decimal', value: text };
    }
  }
}

function toTyped(key: string, { type, text }: TypedText): PSValue {
  try {
    switch (type) {
      case 'DateTime':
        return parseDateTime(text.trim().replace(/^(\S+)[ ]+(?=\d)/, '$1T'));
      case 'TimeSpan':
        return text.startsWith('P')
          ? { type, ticks: parseTimeSpan(text) }
          : { type, ticks: BigInt(toTimeSpanMs(text) * TICKS_PER_MS) };
      case 'Guid':
        return { type, value: toGuid(text) };
      case 'Version':
        if (!/^\d{1,9}(?:\.\d{1,9}){1,3}$/.test(text)) break;
        return { type, value: text };
      case 'Char':
        if (text.length !== 1) break;
        return { type, value: text };
      case 'Uri':
        return { type, value: text };
    }
  } catch (error) {
    if (!(error instanceof WinRMError) && !(error instanceof ConversionError)) throw error;
  }
  const form = type === 'DateTime' ? ', in the form 2026-01-31T18:00:00' : '';
  throw refused(key, `'${text}' is no ${type}${form}`);
}

const refused = (key: string, why: string) =>
  new BindingError('CannotConvertArgumentNoMessage', `-SessionOption ApplicationArguments '${key}': ${why}.`);
