/** What a term of the filter box can ask about. Texts are compared as PowerShell compares, measures by `<` and `>`. */
export const TEXT_FIELDS = [
  'name',
  'computer',
  'owner',
  'state',
  'availability',
  'configuration',
  'running',
  'client',
  'id',
  'tag',
  'group',
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** Times in milliseconds, sizes in bytes. `stale` is the age of what a computer that failed told last. */
export const MEASURES = ['idle', 'expires', 'runtime', 'stale', 'memory'] as const;
export type Measure = (typeof MEASURES)[number];

export type FilterField = TextField | Measure;

export const isMeasure = (field: string): field is Measure => MEASURES.some((one) => one === field);
const isTextField = (field: string): field is TextField => TEXT_FIELDS.some((one) => one === field);

/** Words are typed by people: `constructor` is none of the table's. */
const own = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

/** PowerShell's and everyday names of the same things. */
const ALIASES: Readonly<Record<string, FilterField>> = {
  computername: 'computer',
  cn: 'computer',
  configurationname: 'configuration',
  instanceid: 'id',
  clientip: 'client',
  user: 'owner',
  shellruntime: 'runtime',
  shellinactivity: 'idle',
};

export function toField(word: string): FilterField | undefined {
  const small = word.toLowerCase();
  return isTextField(small) || isMeasure(small) ? small : own(ALIASES, small);
}

/** The field that was most likely meant by a word that is none: `staet`, `states`, `conf`. */
export function nearestField(word: string): FilterField | undefined {
  const small = word.toLowerCase();
  const known = [...TEXT_FIELDS, ...MEASURES, ...Object.keys(ALIASES)];
  const begun = small.length > 1 ? known.find((field) => field.startsWith(small)) : undefined;
  if (begun !== undefined) return toField(begun);
  const slips = small.length < 4 ? 0 : small.length < 5 ? 1 : 2;
  const [nearest] = known
    .map((field) => ({ field, far: slipsBetween(small, field) }))
    .filter(({ far }) => far <= slips)
    .toSorted((a, b) => a.far - b.far);
  return nearest && toField(nearest.field);
}

/** Letters left out, put in, taken for another or in the wrong order (optimal string alignment). */
function slipsBetween(one: string, other: string): number {
  let last: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isTurned = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (isSame ? 0 : 1));
      next.push(isTurned ? Math.min(least, last[j - 2]! + 1) : least);
    }
    [last, row] = [row, next];
  }
  return row[other.length]!;
}

const SECOND = 1_000;
const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND,
  m: 60 * SECOND,
  min: 60 * SECOND,
  h: 3_600 * SECOND,
  d: 86_400 * SECOND,
  w: 604_800 * SECOND,
};
const UNITS_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
  tb: 1024 ** 4,
};

/** `2h`, `1h30m`, `500MB` as milliseconds or bytes; undefined when it is neither. A figure without a unit is not guessed at. */
export function toAmount(field: Measure, text: string): number | undefined {
  const units = field === 'memory' ? UNITS_BYTES : UNITS_MS;
  if (text === '0') return 0;
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/i.test(text)) return undefined;
  let sum = 0;
  for (const [, figure, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    const factor = own(units, unit!.toLowerCase());
    if (factor === undefined) return undefined;
    sum += Number(figure) * factor;
  }
  return Math.round(sum);
}

/** The inverse of toAmount, with the largest unit that leaves no fraction: `90m`, `500MB`. */
export function printAmount(field: Measure, amount: number): string {
  if (amount === 0) return '0';
  const units = Object.entries(field === 'memory' ? UNITS_BYTES : UNITS_MS).filter(
    ([unit]) => unit !== 'min',
  );
  const [unit, factor] = units.findLast(([, one]) => amount % one === 0)!;
  return `${amount / factor}${field === 'memory' ? unit.toUpperCase() : unit}`;
}
