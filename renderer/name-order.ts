/**
 * What names are ordered by, so that web9 comes before web10 and case does not part them. Not by Intl.Collator, whose
 * first use reads tables for longer than a whole list takes to draw.
 */
const keyOf = (name: string): string =>
  name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(MOST_DIGITS, '0'));

const MOST_DIGITS = 12;

/** In the order of their names; those of one name keep theirs. */
export function byName<T>(all: readonly T[], nameOf: (one: T) => string): T[] {
  return all
    .map((one) => ({ one, key: keyOf(nameOf(one)) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ one }) => one);
}
