const DAY_S = 86_400;

/**
 * An xs:duration in milliseconds; years count 365 and months 30 days, as .NET reads them. Servers write both
 * `PT7200.000S` and `P0DT2H0M0S`.
 *
 * @returns undefined for what is no duration, or is beyond what a number holds exactly
 */
export function durationMs(text: string): number | undefined {
  const match =
    /^\s*(-)?P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?\s*$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, sign, years = 0, months = 0, days = 0, h = 0, m = 0, s = 0] = match;
  const wholeDays = Number(years) * 365 + Number(months) * 30 + Number(days);
  const ms = Math.round((wholeDays * DAY_S + Number(h) * 3600 + Number(m) * 60 + Number(s)) * 1000);
  return Number.isSafeInteger(ms) ? (sign ? -ms : ms) : undefined;
}

/**
 * IdleTimeOut as PowerShell reads it: `PT` and `S` are cut out and the rest is seconds, so that `PT2H` counts as absent.
 *
 * @returns milliseconds, or undefined where PowerShell keeps nothing
 */
export function idleTimeoutAsPowerShell(text: string | undefined): number | undefined {
  const match = /^\s*PT(\d+(?:\.\d+)?)S\s*$/i.exec(text ?? '');
  const ms = match ? Math.round(Number(match[1]) * 1000) : 0;
  return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined;
}
