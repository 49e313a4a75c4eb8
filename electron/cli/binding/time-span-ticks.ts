import { ConversionError } from './conversion-error.ts';

const TICKS_PER_SECOND = 10_000_000n;
const LAST_TICK = 9_223_372_036_854_775_807n;
/** .NET reads a number of no more than 28 bits. */
const MOST = 268_435_455n;
const FRACTION_DIGITS = 7;

const DAYS = /^(?<days>\d+)$/;
const TIME = /^(?<hours>\d+):(?<minutes>\d+)(?::(?<seconds>\d+)(?:\.(?<fraction>\d+))?|:\.(?<part>\d+))?$/;
/** Days stand before a point, or before a colon as everything else. */
const WITH_DAYS =
  /^(?<days>\d+)[.:](?<hours>\d+):(?<minutes>\d+)(?::(?<seconds>\d+)(?:\.(?<fraction>\d+))?|:\.(?<part>\d+))?$/;

/**
 * Ticks (100 ns) of a text as `[timespan]` reads it, which is TimeSpan.Parse with the invariant culture: `1` is a day, and
 * `24:0:0` are 24 days, since no day has so many hours.
 *
 * @throws ConversionError in PowerShell's words
 */
export function timeSpanTicks(text: string): bigint {
  const [, sign = '', bare = ''] = /^(-?)(.*)$/s.exec(text.trim()) ?? [];
  const forms = [DAYS, TIME, WITH_DAYS].flatMap((form): Parts[] => {
    const groups = form.exec(bare)?.groups;
    return groups ? [groups] : [];
  });
  if (forms.length === 0) throw refused(text, `String '${text}' was not recognized as a valid TimeSpan.`);
  for (const form of forms) {
    const ticks = ticksOf(form);
    if (ticks !== undefined && ticks <= (sign ? LAST_TICK + 1n : LAST_TICK)) return sign ? -ticks : ticks;
  }
  throw refused(
    text,
    `The TimeSpan string '${text}' could not be parsed because at least one of the numeric components is out of range or contains too many digits.`,
  );
}

type Parts = Readonly<Record<string, string | undefined>>;

/** Without a sign; undefined where a part is out of its range. */
function ticksOf(form: Parts): bigint | undefined {
  const [days = 0n, hours = 0n, minutes = 0n, seconds = 0n] = ['days', 'hours', 'minutes', 'seconds'].map(
    (name) => BigInt(form[name] ?? 0),
  );
  const part = fractionTicks(form['fraction'] ?? form['part'] ?? '0');
  if (days > MOST || hours > 23n || minutes > 59n || seconds > 59n || part === undefined) return undefined;
  return (((days * 24n + hours) * 60n + minutes) * 60n + seconds) * TICKS_PER_SECOND + part;
}

/** An eighth digit and what follows round, but only behind a zero: else there are too many for .NET. */
function fractionTicks(digits: string): bigint | undefined {
  const value = BigInt(digits);
  if (value > MOST || (!digits.startsWith('0') && digits.length > FRACTION_DIGITS)) return undefined;
  if (digits.length <= FRACTION_DIGITS) return BigInt(digits.padEnd(FRACTION_DIGITS, '0'));
  const unit = 10n ** BigInt(digits.length - FRACTION_DIGITS);
  return (value + unit / 2n) / unit;
}

const refused = (text: string, reason: string) =>
  new ConversionError(`Cannot convert value "${text}" to type "System.TimeSpan". Error: "${reason}"`);
