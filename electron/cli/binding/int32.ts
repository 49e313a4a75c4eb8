import { ConversionError } from './conversion-error.ts';
import { isNumber, readNumber, textOf } from './value.ts';
import type { Value } from './value.ts';

/** As PowerShell converts to Int32: rounds half to even, reads its own number literals and thousands in a string. @throws ConversionError */
export function toInt32(value: Value): number {
  if (typeof value === 'boolean') return Number(value);
  const text = textOf(value);
  const number = isNumber(value) ? value.value : fromText(text);
  const fail = (reason: string) =>
    new ConversionError(`Cannot convert value "${text}" to type "System.Int32". Error: "${reason}"`);
  if (number === undefined) throw fail(`The input string '${text}' was not in a correct format.`);
  const whole = roundHalfToEven(number);
  if (whole > 0x7f_ff_ff_ff || whole < -0x80_00_00_00)
    throw fail('Value was either too large or too small for an Int32.');
  return whole;
}

function fromText(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^\s*([+-]?)(.*?)\s*$/.exec(text) ?? [];
  if (digits === '') return sign ? undefined : 0;
  const number = readNumber(/^\d[\d,]*$/.test(digits) ? digits.replaceAll(',', '') : digits);
  return number && (sign === '-' ? -number.value : number.value);
}

function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
