import type { TypedText } from './typed-text.ts';

/** A number as PowerShell's parser types it, which decides which parameter it may fill by position. */
export interface NumberValue {
  readonly kind: 'number';
  readonly type: 'Int32' | 'Int64' | 'Double' | 'Decimal';
  readonly value: number;
  /** Every digit of an Int64 or a Decimal; a Decimal keeps its zeros behind the point. Without it they are not known. */
  readonly exact?: string;
  /** As it was written, while it stands as an argument by itself: `007` is that name, not 7. */
  readonly source?: string;
}

/** In an expression or a list only what it amounts to is left of a number. */
export function withoutSource(value: Value): Value {
  if (!isNumber(value)) return value;
  const { source: _, ...amount } = value;
  return amount;
}

export interface HashTable {
  readonly kind: 'hash';
  readonly entries: readonly (readonly [key: string, value: Value])[];
  /** The .NET type of a key that is no text, where one has such a key. */
  readonly oddKey?: string;
}

export interface ScriptBlock {
  readonly kind: 'script';
}

/** An argument before it is converted to its parameter's type. */
export type Value =
  string | boolean | null | NumberValue | HashTable | ScriptBlock | TypedText | readonly Value[];

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isNumber(value: Value): value is NumberValue {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'number';
}

export function isHashTable(value: Value): value is HashTable {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'hash';
}

export function isScriptBlock(value: Value): value is ScriptBlock {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'script';
}

export function isTypedText(value: Value): value is TypedText {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'typed';
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['$true', true],
  ['$false', false],
  ['$null', null],
]);

/** `$true`, `$false` or `$null`. @returns undefined for any other text */
export const constantOf = (text: string): boolean | null | undefined => CONSTANTS.get(text.toLowerCase());

const MULTIPLIERS: Readonly<Record<string, number>> = {
  kb: 2 ** 10,
  mb: 2 ** 20,
  gb: 2 ** 30,
  tb: 2 ** 40,
  pb: 2 ** 50,
};

/** PowerShell's number literals (`5`, `0x1761`, `1e3`, `5kb`, `7l`, `1.5d`) without a sign. */
export const readNumber = (text: string): NumberValue | undefined =>
  text.startsWith('-') ? undefined : readSignedNumber(text);

/** As an expression has them, where a minus belongs to the number, and so to what decides on its type. */
export function readSignedNumber(text: string): NumberValue | undefined {
  const match = /^(-?)(0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([dl]?)([kmgtp]b)?$/i.exec(text);
  if (!match) return undefined;
  const [, sign = '', digits = '', suffix = '', multiplier = ''] = match;
  const isHexadecimal = /^0x/i.test(digits);
  const factor = MULTIPLIERS[multiplier.toLowerCase()] ?? 1;
  const amount = isHexadecimal && suffix === '' ? ofTwosComplement(digits) : digits;
  const value = (sign ? -1 : 1) * Number(amount) * factor;
  const exact = exactly(amount, BigInt(factor) * (sign ? -1n : 1n));
  const number = (type: NumberValue['type']): NumberValue => ({
    ...{ kind: 'number', type, value, source: text },
    ...(exact !== undefined && type === 'Decimal' && { exact }),
    ...(type === 'Int64' && wholeOf(exact)),
  });
  if (suffix.toLowerCase() === 'd') return number('Decimal');
  if (suffix.toLowerCase() === 'l') return number('Int64');
  if (!isHexadecimal && /[.e]/i.test(digits)) return number('Double');
  if (value <= 0x7f_ff_ff_ff && value >= -0x80_00_00_00) return number('Int32');
  return number(
    exact !== undefined && BigInt.asIntN(64, BigInt(exact)) !== BigInt(exact) ? 'Decimal' : 'Int64',
  );
}

/** As many digits as an Int32 or an Int64 has are one, with its sign: `0xFFFFFFFF` is -1. */
function ofTwosComplement(digits: string): string {
  const bits = (digits.length - 2) * 4;
  const value = BigInt(digits);
  return String(bits === 32 || bits === 64 ? BigInt.asIntN(bits, value) : value);
}

const MOST_DECIMAL = 2n ** 96n;
const MOST_SCALE = 28;

/** The product as .NET's decimal holds it, its zeros and all; undefined where it has no room for it. */
function exactly(digits: string, factor: bigint): string | undefined {
  if (/^0x/i.test(digits)) return exactly(String(BigInt(digits)), factor);
  const [, minus = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(digits) ?? [];
  if (`${whole}${fraction}` === '') return undefined;
  const scale = Math.max(0, fraction.length - Number(exponent));
  const shift = 10n ** BigInt(Math.max(0, Number(exponent) - fraction.length));
  const value = BigInt(`${minus}${whole}${fraction}`) * shift * factor;
  if (scale > MOST_SCALE || value >= MOST_DECIMAL || value <= -MOST_DECIMAL) return undefined;
  const text = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const point = text.length - scale;
  return `${value < 0n ? '-' : ''}${text.slice(0, point)}${scale > 0 ? `.${text.slice(point)}` : ''}`;
}

/** An Int64 has no fraction, and not all digits that a decimal has. */
function wholeOf(exact: string | undefined): { exact: string } | undefined {
  if (exact === undefined || exact.includes('.')) return undefined;
  return BigInt.asIntN(64, BigInt(exact)) === BigInt(exact) ? { exact } : undefined;
}

/** As PowerShell turns a value into a string. */
export function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (isNumber(value)) return String(value.value);
  if (isTypedText(value)) return value.text;
  if (isList(value)) return value.map(textOf).join(',');
  return isHashTable(value) ? 'System.Collections.Hashtable' : '';
}

/** The .NET name that messages use. */
export function typeNameOf(value: Value): string {
  if (typeof value === 'string') return 'System.String';
  if (typeof value === 'boolean') return 'System.Boolean';
  if (value === null) return 'null';
  if (isNumber(value) || isTypedText(value)) return `System.${value.type}`;
  if (isList(value)) return 'System.Object[]';
  return isHashTable(value) ? 'System.Collections.Hashtable' : 'System.Management.Automation.ScriptBlock';
}
