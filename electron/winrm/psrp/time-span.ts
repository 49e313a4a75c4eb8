import { broken } from './broken.ts';
import { TICKS_PER_SECOND } from './date-time.ts';

const XSD_DURATION =
  /^[ \t\n\r]*(-?)P(?=[\dT])(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?(?:T(?=[\d.])(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(?=[\d.])(\d{0,9})(?:\.(\d{0,30}))?S)?)?[ \t\n\r]*$/;
const LAST_TICK = 9_223_372_036_854_775_807n;
const SECONDS_PER_DAY = 86_400n;

/**
 * Ticks (100 ns) of an xs:duration. As .NET does, a year counts 365 days, a month 30, and twelve months a year.
 *
 * @throws WinRMError 'protocol' for anything else, and beyond what a TimeSpan holds
 */
export function parseTimeSpan(text: string): bigint {
  const match = XSD_DURATION.exec(text);
  if (!match) throw broken('a time span that is none');
  const [, sign, years, months, days, hours, minutes, seconds, fraction = ''] = match;
  const allMonths = BigInt(years ?? 0) * 12n + BigInt(months ?? 0);
  const allDays = (allMonths / 12n) * 365n + (allMonths % 12n) * 30n + BigInt(days ?? 0);
  const allSeconds = BigInt(hours ?? 0) * 3600n + BigInt(minutes ?? 0) * 60n + BigInt(seconds ?? 0);
  const part = BigInt(fraction.slice(0, 7).padEnd(7, '0')); // an eighth digit is cut off
  const ticks = (allDays * SECONDS_PER_DAY + allSeconds) * TICKS_PER_SECOND + part;
  if (ticks > (sign ? LAST_TICK + 1n : LAST_TICK)) throw broken('a time span that is too long');
  return sign ? -ticks : ticks;
}

interface Span {
  readonly negative: boolean;
  readonly days: bigint;
  readonly hours: bigint;
  readonly minutes: bigint;
  readonly seconds: bigint;
  /** Seven digits. */
  readonly fraction: string;
}

function split(ticks: bigint): Span {
  const all = ticks < 0n ? -ticks : ticks;
  const seconds = all / TICKS_PER_SECOND;
  return {
    negative: ticks < 0n,
    days: seconds / SECONDS_PER_DAY,
    hours: (seconds / 3600n) % 24n,
    minutes: (seconds / 60n) % 60n,
    seconds: seconds % 60n,
    fraction: String(all % TICKS_PER_SECOND).padStart(7, '0'),
  };
}

/** As PowerShell writes it: it stops at days, and leaves zeros out. */
export function formatTimeSpan(ticks: bigint): string {
  const { negative, days, hours, minutes, seconds, fraction } = split(ticks);
  const digits = fraction.replace(/0+$/, '');
  const s = seconds || digits ? `${seconds}${digits && `.${digits}`}S` : '';
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${s}`;
  const date = days ? `${days}D` : '';
  return `${negative ? '-' : ''}P${date}${time || !date ? `T${time || '0S'}` : ''}`;
}

/** .NET's own form: `1.02:03:03.0001230`. */
export function timeSpanText(ticks: bigint): string {
  const { negative, days, hours, minutes, seconds, fraction } = split(ticks);
  const two = (value: bigint) => String(value).padStart(2, '0');
  const tail = fraction === '0000000' ? '' : `.${fraction}`;
  return `${negative ? '-' : ''}${days ? `${days}.` : ''}${two(hours)}:${two(minutes)}:${two(seconds)}${tail}`;
}
