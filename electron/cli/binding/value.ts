import type { TypedText } from './typed-text.ts';

/** A number as PowerShell's parser types it, which decides which parameter it may fill by position. */
export interface NumberValue {
  readonly kind: 'number';
  readonly type: 'Int32' | 'Int64' | 'Double' | 'Decimal';
  readonly value: number;
  /** As it was written, while it stands as an argument by itself: `007` is that name, not 7. */
  readonly source?: string;
}

/** In an expression or a list only what it amounts to is left of a number. */
export function withoutSource(value: Value): Value {
  if (!isNumber(value)) return value;
  const { kind, type, value: amount } = value;
  return { kind, type, value: amount };
}

export interface HashTable {
  readonly kind: 'hash';
  readonly entries: readonly (readonly [key: string, value: Value])[];
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
export function readNumber(text: string): NumberValue | undefined {
  const match = /^(0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([dl]?)([kmgtp]b)?$/i.exec(text);
  if (!match) return undefined;
  const [, digits = '', suffix = '', multiplier = ''] = match;
  const value = Number(digits) * (MULTIPLIERS[multiplier.toLowerCase()] ?? 1);
  const number = (type: NumberValue['type']): NumberValue => ({ kind: 'number', type, value, source: text });
  if (suffix.toLowerCase() === 'd') return number('Decimal');
  if (suffix.toLowerCase() === 'l') return number('Int64');
  const isReal = !/^0x/i.test(digits) && /[.e]/i.test(digits);
  if (isReal) return number('Double');
  return number(value > 0x7f_ff_ff_ff ? 'Int64' : 'Int32');
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
