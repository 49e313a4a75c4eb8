/** `P0DT0H0M9S`: how Windows spells run times and inactivity, unlike its time-outs. */
export function daysToSeconds(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const [days, hours, minutes] = [86_400, 3_600, 60].map((unit) => Math.floor(seconds / unit));
  return `P${days}DT${(hours ?? 0) % 24}H${(minutes ?? 0) % 60}M${seconds % 60}S`;
}

const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000];

/** Milliseconds of an xs:duration without years and months; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const parts =
    /^P(?=.)(?:(\d{1,9})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?$/.exec(
      text,
    );
  return parts?.slice(1).reduce((sum, part, i) => sum + Number(part ?? 0) * (UNITS_MS[i] ?? 0), 0);
}
