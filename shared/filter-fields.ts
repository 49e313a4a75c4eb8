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
