import { inZone, parseDateTime } from '../winrm/index.ts';
import type { PSValue } from '../winrm/index.ts';
import { ConversionError } from './binding/conversion-error.ts';

const FORM =
  /^(\d{4}-\d\d-\d\d)(?:[T ] *(\d\d:\d\d)(?::(\d\d(?:\.\d{1,7})?))?)?(?: *(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00))?$/i;

/**
 * A time as `[datetime]` reads it: with `Z` or an offset it is Local, by the clock of this machine; without, Unspecified.
 * Of the many forms that .NET takes only those that ISO 8601 has, which no culture reads otherwise.
 *
 * @param zone minutes that the clocks here are ahead of UTC at that epoch millisecond
 * @throws ConversionError for any other form; WinRMError 'protocol' for a date that does not exist
 */
export function localDateTime(text: string, zone: (utcMs: number) => number): PSValue {
  const [, day = '', minute = '00:00', second = '00', offset = ''] = FORM.exec(text.trim()) ?? [];
  // A zone away from there the calendar ends.
  if (!day || (offset && /^(?:0001|9999)/.test(day)))
    throw new ConversionError(`Cannot convert value "${text}" to type "System.DateTime".`);
  const date = parseDateTime(`${day}T${minute}:${second}${offset.toUpperCase()}`);
  return inZone(date.kind === 'Utc' ? { ...date, kind: 'Local', offsetMinutes: 0 } : date, zone);
}
