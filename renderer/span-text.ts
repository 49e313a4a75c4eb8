const UNITS_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
type Unit = keyof typeof UNITS_MS;

const SPAN = /^(?:\s*\d+(?:\.\d+)?\s*(?:ms|[dhms])\s*)+$/i;
const PART = /(\d+(?:\.\d+)?)\s*(ms|[dhms])/gi;

/** A span as it is typed: `3 m`, `1h30m`, `250 ms`; a bare number is seconds. @returns milliseconds, undefined if it is none */
export function parseSpan(text: string): number | undefined {
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Math.round(Number(text) * UNITS_MS.s);
  if (!SPAN.test(text)) return undefined;
  const parts = [...text.matchAll(PART)];
  return Math.round(
    parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS_MS[unit!.toLowerCase() as Unit], 0),
  );
}

/** Whole and exact, unlike an age: `1 h 30 m`. */
export function spanText(ms: number): string {
  if (ms === 0) return '0 s';
  let rest = ms;
  const parts = (Object.keys(UNITS_MS) as Unit[]).flatMap((unit) => {
    const n = Math.floor(rest / UNITS_MS[unit]);
    rest -= n * UNITS_MS[unit];
    return n > 0 ? [`${n} ${unit}`] : [];
  });
  return parts.join(' ');
}
