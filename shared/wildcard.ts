/** A pattern that PowerShell refuses: a bracket that is not closed, is empty, or a range that runs backwards. */
export class WildcardError extends Error {
  override readonly name = 'WildcardError';
  /** PowerShell's own word, the first part of its FullyQualifiedErrorId. */
  readonly errorId = 'RuntimeException';
  readonly pattern: string;

  constructor(pattern: string) {
    super(`The specified wildcard character pattern is not valid: ${pattern}`);
    this.pattern = pattern;
  }
}

/** One UTF-16 unit of a text fits or not; `*` is the element that takes any number. */
type Element = '*' | ((unit: string) => boolean);

let collator: Intl.Collator | undefined;

/** Case ignored, accents not: what .NET's culture comparison with IgnoreCase does. */
function compare(a: string, b: string): number {
  // Made when the first name needs it: reading its tables takes longer than most modules.
  collator ??= new Intl.Collator('en', { sensitivity: 'accent', usage: 'search' });
  return collator.compare(a, b);
}

/**
 * PowerShell's WildcardPattern with IgnoreCase: `*`, `?`, `[a-c]`, and the backtick that takes away their meaning.
 * Compile once, ask often; the time is bounded by pattern × text.
 *
 * A pattern without special characters, or with a `*` at its end alone, is compared as .NET compares texts in a culture
 * (a decomposed é equals a composed one); any other pattern goes unit by unit. PowerShell has the same two ways.
 *
 * @throws WildcardError
 */
export function wildcard(pattern: string): (text: string) => boolean {
  const special = pattern.search(/[*?[\]`]/);
  if (special < 0) return (text) => equals(text, pattern);
  if (pattern === '*') return () => true;
  if (special === pattern.length - 1 && pattern.endsWith('*')) {
    const prefix = pattern.slice(0, -1);
    return (text) => startsWith(text, prefix);
  }
  const elements = parse(pattern);
  return (text) => fits(elements, text);
}

const isPlain = (text: string) => /^[ -~]*$/.test(text);

function equals(text: string, pattern: string): boolean {
  if (isPlain(text) && isPlain(pattern)) return text.toLowerCase() === pattern.toLowerCase();
  return compare(text, pattern) === 0;
}

function startsWith(text: string, prefix: string): boolean {
  if (isPlain(prefix) && isPlain(text)) return text.toLowerCase().startsWith(prefix.toLowerCase());
  // One character may equal several (a composed and a decomposed é, a ligature): any cut near the prefix's length may be it.
  const longest = Math.min(text.length, prefix.length * 3);
  for (let end = Math.floor(prefix.length / 3); end <= longest; end += 1) {
    if (!/^\p{M}/u.test(text.slice(end, end + 2)) && equals(text.slice(0, end), prefix)) return true;
  }
  return false;
}

/** Two marks suffice: only the last `*` is ever worth going back to. */
function fits(elements: readonly Element[], text: string): boolean {
  let at = 0;
  let element = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const expected = elements[element];
    if (expected === '*') {
      star = element;
      starAt = at;
      element += 1;
    } else if (expected?.(text.charAt(at))) {
      at += 1;
      element += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      element = star + 1;
    } else return false;
  }
  return elements.slice(element).every((rest) => rest === '*');
}

function parse(pattern: string): Element[] {
  const elements: Element[] = [];
  /** The units of an open bracket; an escaped one is never an operator. */
  let bracket: { unit: string; escaped: boolean }[] | undefined;
  let opensAt = 0;
  let escaped = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const unit = pattern.charAt(at);
    const isEscape: boolean = unit === '`' && !escaped;
    if (bracket) {
      // A `]` right after the bracket opens is one of its units.
      if (unit === ']' && !escaped && at > opensAt + 1) {
        elements.push(toSet(bracket, pattern));
        bracket = undefined;
      } else if (!isEscape) bracket.push({ unit, escaped });
    } else if (unit === '*' && !escaped) {
      if (elements.at(-1) !== '*') elements.push('*');
    } else if (unit === '?' && !escaped) elements.push(() => true);
    else if (unit === '[' && !escaped) {
      bracket = [];
      opensAt = at;
    } else if (!isEscape) elements.push(literal(unit));
    escaped = isEscape;
  }
  if (bracket) throw new WildcardError(pattern);
  // A backtick at the end stands for itself, save when it is all there is.
  if (escaped && pattern !== '`') elements.push(literal('`'));
  return elements;
}

/** One unit in, one unit out: İ, whose lower case has two, stays as it is. */
function lower(unit: string): string {
  const small = unit.toLowerCase();
  return small.length === 1 ? small : unit;
}

function literal(expected: string): Element {
  const small = lower(expected);
  return (unit) => lower(unit) === small;
}

function toSet(bracket: readonly { unit: string; escaped: boolean }[], pattern: string): Element {
  const ranges: [from: string, to: string][] = [];
  for (let at = 0; at < bracket.length;) {
    const [first, operator, last] = bracket.slice(at, at + 3);
    if (!first) break;
    const isRange = operator?.unit === '-' && !operator.escaped && last !== undefined;
    if (isRange && first.unit > last.unit) throw new WildcardError(pattern);
    ranges.push([first.unit, isRange ? last.unit : first.unit]);
    at += isRange ? 3 : 1;
  }
  return (unit) =>
    caseVariants(unit).some((variant) => ranges.some(([from, to]) => from <= variant && variant <= to));
}

/** The unit in both cases; an upper case that does not lead back (ı → I → i) is another letter. */
function caseVariants(unit: string): string[] {
  const upper = unit.toUpperCase();
  const isPair = upper.length === 1 && lower(upper) === lower(unit);
  return [unit, lower(unit), ...(isPair ? [upper] : [])];
}
