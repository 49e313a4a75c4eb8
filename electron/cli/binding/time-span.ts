import { ConversionError } from './conversion-error.ts';
import { isNumber, textOf } from './value.ts';
import type { Value } from './value.ts';

/**
 * Milliseconds of a time-out. A bare number is milliseconds, as the reference's examples mean it; real PowerShell would
 * take it for ticks of 100 ns. A text is a TimeSpan (`0:4:0`, `1.02:00:00`).
 *
 * @throws ConversionError in PowerShell's words
 */
export function toTimeSpanMs(value: Value): number {
  const text = textOf(value);
  if (isNumber(value)) return Math.round(value.value);
  if (/^-?\d+$/.test(text)) return Number(text);
  const match = /^\s*(-?)(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?\s*$/.exec(text);
  const [, sign = '', days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match ?? [];
  if (!match || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    throw new ConversionError(
      `Cannot convert value "${text}" to type "System.TimeSpan". Error: "String '${text}' was not recognized as a valid TimeSpan."`,
    );
  }
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  const ms = whole * 1000 + Math.round(Number(`0.${fraction}`) * 1000);
  return sign ? -ms : ms;
}
