import { broken } from './broken.ts';
import type { PSDateTime } from './value.ts';

/** .NET's ticks: 100 ns. */
export const TICKS_PER_SECOND = 10_000_000n;
const TICKS_PER_DAY = 864_000_000_000n;
/** 0001-01-01T00:00:00 in epoch milliseconds. */
const YEAR_ONE_MS = -62_135_596_800_000;
const LAST_TICK = 3_155_378_975_999_999_999n;
const MS_PER_DAY = 86_400_000;
const TICKS_PER_MS = 10_000n;
const TICKS_PER_MINUTE = 600_000_000n;

const DASH = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const UPPER_T = 0x54;
const UPPER_Z = 0x5a;

const XSD_DATE_TIME =
  /^[ \t\n\r]*(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?)?)?(?:([zZ])|([+-])(\d\d):(\d\d))?[ \t\n\r]*$/;

/**
 * Reads an xs:dateTime, or as PowerShell does a bare date or month. `Z` is Utc, an offset Local, nothing Unspecified.
 *
 * @throws WinRMError 'protocol' for anything else
 */
export function parseDateTime(text: string): PSDateTime {
  return parseUtc(text) ?? parseAny(text);
}

/** `2037-10-18T18:11:11.673678Z`, which most are; undefined for all else. */
function parseUtc(text: string): PSDateTime | undefined {
  const fractionDigits = text.length - '2037-10-18T18:11:11.Z'.length;
  if (fractionDigits < 1 || fractionDigits > 7 || !hasPunctuation(text)) return undefined;
  const days = daysBefore(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const fraction = digits(text, 20, fractionDigits) * 10 ** (7 - fractionDigits);
  if (days === undefined || !(hour < 24 && minute < 60 && second < 60 && fraction >= 0)) return undefined;
  const seconds = days * 86_400 + hour * 3600 + minute * 60 + second;
  return { type: 'DateTime', kind: 'Utc', ticks: BigInt(seconds) * TICKS_PER_SECOND + BigInt(fraction) };
}

function hasPunctuation(text: string): boolean {
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === UPPER_T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    text.charCodeAt(19) === POINT &&
    text.charCodeAt(text.length - 1) === UPPER_Z
  );
}

/** The number of so many digits; NaN where something else is among them. */
function digits(text: string, from: number, length: number): number {
  let value = 0;
  for (let at = from; at < from + length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

function parseAny(text: string): PSDateTime {
  const match = XSD_DATE_TIME.exec(text);
  if (!match) throw broken('a date that is none');
  const [
    ,
    year,
    month,
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    z,
    sign,
    oh,
    om,
  ] = match;
  const days = daysBefore(+(year ?? 0), +(month ?? 0), +day);
  const isTime = +hour < 24 && +minute < 60 && +second < 60 && +(oh ?? 0) <= 14 && +(om ?? 0) < 60;
  if (days === undefined || !isTime) throw broken('a date that is none');
  const seconds = days * 86_400 + +hour * 3600 + +minute * 60 + +second;
  const ticks = BigInt(seconds) * TICKS_PER_SECOND + BigInt(fractionTicks(fraction));
  const bounded = ticks > LAST_TICK ? LAST_TICK : ticks;
  if (z) return { type: 'DateTime', kind: 'Utc', ticks: bounded };
  if (!sign) return { type: 'DateTime', kind: 'Unspecified', ticks: bounded };
  const offset = +(oh ?? 0) * 60 + +(om ?? 0);
  return { type: 'DateTime', kind: 'Local', ticks: bounded, offsetMinutes: sign === '-' ? -offset : offset };
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** Days from 0001-01-01 to that date; undefined where there is no such date. */
function daysBefore(year: number, month: number, day: number): number | undefined {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  const start = (DAYS_BEFORE_MONTH[month - 1] ?? NaN) + (month > 2 ? leap : 0);
  const end = (DAYS_BEFORE_MONTH[month] ?? NaN) + (month > 1 ? leap : 0);
  if (!(year >= 1 && day >= 1 && start + day <= end)) return undefined;
  const past = year - 1;
  return (
    past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) + start + day - 1
  );
}

/** Seven digits; an eighth rounds. */
function fractionTicks(digits: string): number {
  if (digits === '') return 0;
  const ticks = +digits.slice(0, 7).padEnd(7, '0');
  return digits.length > 7 && digits.charCodeAt(7) >= 0x35 ? ticks + 1 : ticks;
}

/** Whole minutes that the clocks of a place are ahead of UTC at that time. @param utcMs epoch milliseconds */
export type Zone = (utcMs: number) => number;
export const UTC: Zone = () => 0;

/** A local time as the clocks of another place show it, which is how PowerShell reads one; all else stays. */
export function inZone(date: PSDateTime, zone: Zone): PSDateTime {
  if (date.kind !== 'Local') return date;
  const utc = date.ticks - BigInt(date.offsetMinutes ?? 0) * TICKS_PER_MINUTE;
  const offsetMinutes = Math.round(zone(Number(utc / TICKS_PER_MS) + YEAR_ONE_MS));
  const ticks = utc + BigInt(offsetMinutes) * TICKS_PER_MINUTE;
  // It stops at the ends of the calendar.
  const bounded = utc < 0n || ticks < 0n ? 0n : ticks > LAST_TICK ? LAST_TICK : ticks;
  return { ...date, ticks: bounded, offsetMinutes };
}

interface Clock {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  /** Seven digits. */
  readonly fraction: string;
}

/** The fields of the clock that was written, each padded with zeros. */
export function clockOf({ ticks }: Pick<PSDateTime, 'ticks'>): Clock {
  const ms = Number(ticks / TICKS_PER_DAY) * MS_PER_DAY + YEAR_ONE_MS;
  const date = new Date(ms).toISOString();
  const [year = '', month = '', day = ''] = date.slice(0, 10).split('-');
  const inDay = ticks % TICKS_PER_DAY;
  const seconds = Number(inDay / TICKS_PER_SECOND);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return {
    year,
    month,
    day,
    hour: two(seconds / 3600),
    minute: two((seconds % 3600) / 60),
    second: two(seconds % 60),
    fraction: String(inDay % TICKS_PER_SECOND).padStart(7, '0'),
  };
}

/** As PowerShell writes it: no trailing zeros in the fraction. */
export function formatDateTime(date: PSDateTime): string {
  const { year, month, day, hour, minute, second, fraction } = clockOf(date);
  const digits = fraction.replace(/0+$/, '');
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${digits && `.${digits}`}${zoneOf(date)}`;
}

/** `Z`, `+02:00` or nothing. */
export function zoneOf({ kind, offsetMinutes = 0 }: PSDateTime): string {
  if (kind !== 'Local') return kind === 'Utc' ? 'Z' : '';
  const minutes = Math.abs(offsetMinutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
