const DAY_S = 86_400;

/**
 * An xs:duration in milliseconds; years count 365 and months 30 days, as .NET reads them. Servers write both
 * `PT7200.000S` and `P0DT2H0M0S`; .NET takes `PT9.S` and `PT.5S`, too, and a sign, but no exponent.
 *
 * @returns undefined for what is no duration, or is beyond what a number holds exactly
 */
export function durationMs(text: string): number | undefined {
  const match =
    /^\s*(-)?P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=[\d.])(?:(\d+)H)?(?:(\d+)M)?(?:(\d+\.?\d*|\.\d+)S)?)?\s*$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, sign, years = 0, months = 0, days = 0, h = 0, m = 0, s = 0] = match;
  const wholeDays = Number(years) * 365 + Number(months) * 30 + Number(days);
  const ms = Math.round((wholeDays * DAY_S + Number(h) * 3600 + Number(m) * 60 + Number(s)) * 1000);
  return Number.isSafeInteger(ms) ? (sign ? -ms : ms) : undefined;
}

/** .NET's Convert.ToDouble (NumberStyles Float and AllowThousands), invariant. */
const DOUBLE = /^\s*([+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:E[+-]?\d+)?)\s*$/i;
/** Int32.MaxValue, to which PowerShell bounds it. */
const LONGEST_IDLE_MS = 2_147_483_647;

/**
 * IdleTimeOut as PowerShell reads it: `PT` and `S` are cut out, in these letters, and the rest is a number of seconds, so
 * that `7200` and `PT1E3S` count, and `PT2H` counts as absent. What it reckons dates with are whole seconds.
 *
 * @returns milliseconds, or undefined where PowerShell keeps nothing
 */
export function idleTimeoutAsPowerShell(text: string | undefined): number | undefined {
  const [, number = ''] = DOUBLE.exec((text ?? '').replaceAll('PT', '').replaceAll('S', '')) ?? [];
  const ms = Math.min(Math.trunc(Number(number.replaceAll(',', '')) * 1000), LONGEST_IDLE_MS);
  return ms >= 1 ? ms - (ms % 1000) : undefined;
}
