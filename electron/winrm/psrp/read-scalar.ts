import { broken } from './broken.ts';
import { parseDateTime } from './date-time.ts';
import { parseTimeSpan } from './time-span.ts';
import { isWellFormedXml } from './well-formed-xml.ts';
import type { PSValue } from './value.ts';

type Scalar = Exclude<PSValue, null>;

const INTEGER = /^[ \t\n\r]*([+-]?\d{1,40})[ \t\n\r]*$/;
const FLOATING = /^[ \t\n\r]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\r]*$/;
const DECIMAL = /^[ \t\n\r]*([+-]?)(\d*)(?:\.(\d*))?[ \t\n\r]*$/;
const LAST_DECIMAL = 79_228_162_514_264_337_593_543_950_335n;
const GUID =
  /^[ \t\n\r]*(?:([{(]?)([0-9a-fA-F]{8})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{12})([)}]?)|([0-9a-fA-F]{32}))[ \t\n\r]*$/;
const DASH = 0x2d;
const ZERO = 0x30;
const DASHES = [8, 13, 18, 23];
const VERSION = /^[ \t\n\r]*\d{1,10}(?:\.\d{1,10}){1,3}[ \t\n\r]*$/;
/** Of a length that is a multiple of four; a group that repeats would cost a stack frame a turn. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const invalid = (what: string) => broken(`a ${what} that is none`);

function integer(text: string, type: string, min: number, max: number): number {
  const value = plainInteger(text) ?? (INTEGER.test(text) ? Number(text) : NaN);
  if (!(value >= min && value <= max)) throw invalid(type);
  return value + 0 || 0;
}

function long(text: string, type: string, min: bigint, max: bigint): bigint {
  const plain = plainInteger(text);
  if (plain !== undefined && plain >= 0) return BigInt(plain);
  const match = INTEGER.exec(text);
  const value = match ? BigInt((match[1] ?? '').replace('+', '')) : max + 1n;
  if (value < min || value > max) throw invalid(type);
  return value;
}

/** Nearly every number is short and plain. */
function plainInteger(text: string): number | undefined {
  const { length } = text;
  if (length === 0 || length > 15) return undefined;
  const isNegative = text.charCodeAt(0) === DASH && length > 1;
  let value = 0;
  for (let at = isNegative ? 1 : 0; at < length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return isNegative ? -value : value;
}

function floating(text: string, type: string): number {
  // What this takes, Number does; it passes over the white space too.
  if (FLOATING.test(text)) return Number(text);
  const word = text.trim().toLowerCase();
  if (word === 'nan') return NaN;
  if (word === 'inf' || word === 'infinity' || word === '+infinity') return Infinity;
  if (word === '-inf' || word === '-infinity') return -Infinity;
  throw invalid(type);
}

/** Keeps the scale, at most 28 digits of it (half to even beyond); zero has no sign. */
function decimal(text: string): string {
  const [, sign, whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '' || whole.length > 64) throw invalid('Decimal');
  let scale = Math.min(fraction.length, 28);
  for (;;) {
    const digits = roundHalfEven(whole, fraction, scale);
    if (digits <= LAST_DECIMAL) {
      const padded = String(digits).padStart(scale + 1, '0');
      const point = padded.length - scale;
      const plain = scale > 0 ? `${padded.slice(0, point)}.${padded.slice(point)}` : padded;
      return sign === '-' && digits !== 0n ? `-${plain}` : plain;
    }
    if (scale === 0) throw invalid('Decimal');
    scale--;
  }
}

function roundHalfEven(whole: string, fraction: string, scale: number): bigint {
  const kept = BigInt(whole + fraction.slice(0, scale) || '0');
  const rest = fraction.slice(scale);
  if (rest === '' || rest < '5') return kept;
  const isHalf = /^50*$/.test(rest);
  return isHalf && kept % 2n === 0n ? kept : kept + 1n;
}

function boolean(text: string): boolean {
  const word = text.trim();
  if (word === 'true' || word === '1') return true;
  if (word === 'false' || word === '0') return false;
  throw invalid('Boolean');
}

function guid(text: string): string {
  if (isPlainGuid(text)) return text;
  const [, open, a, b, c, d, e, close, plain] = GUID.exec(text) ?? [];
  const braces = `${open ?? ''}${close ?? ''}`;
  if ((a === undefined && plain === undefined) || !['', '{}', '()'].includes(braces)) throw invalid('Guid');
  const hex = (plain ?? `${a}${b}${c}${d}${e}`).toLowerCase();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The spelling that PowerShell writes, which is nearly every one. */
function isPlainGuid(text: string): boolean {
  if (text.length !== 36) return false;
  let others = 0;
  for (let at = 0; at < 36; at++) {
    const c = text.charCodeAt(at);
    if (c > 0x66 || c < 0x30 || (c > 0x39 && c < 0x61)) others++;
  }
  return others === 4 && DASHES.every((at) => text.charCodeAt(at) === DASH);
}

function version(text: string): string {
  const parts = VERSION.test(text) ? text.trim().split('.').map(Number) : [];
  if (parts.length === 0 || parts.some((part) => part > 2_147_483_647)) throw invalid('Version');
  return parts.join('.');
}

function bytes(text: string): Uint8Array {
  const plain = text.replace(/[ \t\n\r]+/g, '');
  if (plain.length % 4 !== 0 || !BASE64.test(plain)) throw invalid('byte array');
  return new Uint8Array(Buffer.from(plain, 'base64'));
}

/** Nearly any text is a Uri to .NET, a relative one if need be; a literal address must be closed, though. */
function uri(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#\][]*\[[^\]]*$/i.test(text)) throw invalid('Uri');
  return text;
}

function xmlDocument(text: string): string {
  if (text !== '' && !isWellFormedXml(text)) throw invalid('XmlDocument');
  return text;
}

/** The primitives whose text may hold `_xHHHH_`. */
export const TEXT_TAGS: ReadonlySet<string> = new Set(['S', 'URI', 'XD', 'SBK']);

/** How each primitive is read, by its element (MS-PSRP 2.2.5.1), from its text. */
export const SCALAR_READERS: ReadonlyMap<string, (text: string) => Scalar> = new Map<
  string,
  (text: string) => Scalar
>([
  ['S', (text) => text],
  ['I32', (text) => integer(text, 'Int32', -2_147_483_648, 2_147_483_647)],
  ['I64', (text) => long(text, 'Int64', -9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n)],
  ['B', boolean],
  ['C', (text) => ({ type: 'Char', value: String.fromCharCode(integer(text, 'Char', 0, 65_535)) })],
  ['By', (text) => ({ type: 'Byte', value: integer(text, 'Byte', 0, 255) })],
  ['SB', (text) => ({ type: 'SByte', value: integer(text, 'SByte', -128, 127) })],
  ['I16', (text) => ({ type: 'Int16', value: integer(text, 'Int16', -32_768, 32_767) })],
  ['U16', (text) => ({ type: 'UInt16', value: integer(text, 'UInt16', 0, 65_535) })],
  ['U32', (text) => ({ type: 'UInt32', value: integer(text, 'UInt32', 0, 4_294_967_295) })],
  ['U64', (text) => ({ type: 'UInt64', value: long(text, 'UInt64', 0n, 18_446_744_073_709_551_615n) })],
  ['Sg', (text) => ({ type: 'Single', value: Math.fround(floating(text, 'Single')) })],
  ['Db', (text) => ({ type: 'Double', value: floating(text, 'Double') })],
  ['D', (text) => ({ type: 'Decimal', value: decimal(text) })],
  ['DT', parseDateTime],
  ['TS', (text) => ({ type: 'TimeSpan', ticks: parseTimeSpan(text) })],
  ['G', (text) => ({ type: 'Guid', value: guid(text) })],
  ['URI', (text) => ({ type: 'Uri', value: uri(text) })],
  ['Version', (text) => ({ type: 'Version', value: version(text) })],
  ['BA', (text) => ({ type: 'Bytes', value: bytes(text) })],
  ['XD', (text) => ({ type: 'Xml', value: xmlDocument(text) })],
  ['SBK', (text) => ({ type: 'ScriptBlock', value: text })],
  ['SS', (text) => ({ type: 'SecureString', encrypted: text })],
]);
