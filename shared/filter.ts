import { isMeasure, nearestField, printAmount, toAmount, toField } from './filter-fields.ts';
import type { Measure, TextField } from './filter-fields.ts';
import { statePattern } from './filter-match.ts';
import { BADGE_WORDS, RUNSPACE_AVAILABILITIES, RUNSPACE_STATES } from './session.ts';
import { wildcard, WildcardError } from './wildcard.ts';

/** `name:Night*,"Index Rebuild"`: any of the values, each with PowerShell's wildcards. */
export interface TextTerm {
  readonly kind: 'text';
  readonly field: TextField;
  readonly not: boolean;
  readonly values: readonly string[];
}

/** `idle:>2h`. */
export interface MeasureTerm {
  readonly kind: 'measure';
  readonly field: Measure;
  readonly not: boolean;
  readonly operator: '<' | '>' | '<=' | '>=';
  /** Milliseconds, or bytes. */
  readonly amount: number;
}

/** A word of its own: it may stand in any cell; with a wildcard it is a name's or a computer's pattern. */
export interface WordTerm {
  readonly kind: 'word';
  readonly not: boolean;
  readonly text: string;
}

export type Term = TextTerm | MeasureTerm | WordTerm;

/** Something in the text that could not be taken; the rest counts all the same. */
export interface FilterProblem {
  readonly text: string;
  readonly message: string;
  /** It is looked for as a word, and may be meant so: nothing to refuse, `fieldless` where no field is like it. */
  readonly as?: 'word' | 'fieldless';
}

/** What the filter box says, as a value: rows must fit every term. */
export interface Filter {
  readonly terms: readonly Term[];
  readonly problems: readonly FilterProblem[];
}

/** One term as it was typed, with where it begins and ends in the text. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The terms as they stand in the text: parted by white space outside quotes. */
export const piecesOf = (text: string): Piece[] => split(text, /\s/);

/**
 * A double quote opens anywhere, a single one only where a value may begin: `it's` is a word. One that is not closed
 * reaches to the end.
 */
function split(text: string, separator: RegExp): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  let quote = '';
  const take = (end: number) => {
    if (end > start) pieces.push({ text: text.slice(start, end), start, end });
  };
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charAt(at);
    if (quote) quote = unit === quote ? '' : quote;
    else if (unit === '"' || (unit === "'" && (at === start || /[:,-]/.test(text.charAt(at - 1)))))
      quote = unit;
    else if (separator.test(unit)) {
      take(at);
      start = at + 1;
    }
  }
  take(text.length);
  return pieces;
}

/** Never throws: while it is typed a filter is mostly unfinished. */
export function parseFilter(text: string): Filter {
  const terms: Term[] = [];
  const problems: FilterProblem[] = [];
  for (const piece of piecesOf(text)) {
    const made = toTerm(piece.text);
    if (typeof made === 'string') problems.push({ text: piece.text, message: made });
    else if (made) {
      terms.push(made);
      const unknown = unknownWord(made);
      // It counts all the same, and fits nothing: without it more would be shown, and acted on, than was meant.
      if (unknown !== undefined) problems.push({ text: piece.text, message: unknown });
      if (made.kind === 'word') problems.push(...strangeField(piece.text));
    }
  }
  return { terms, problems };
}

/** What the few that have words of their own can be. */
const WORDS: Readonly<
  Partial<Record<TextField, { readonly words: readonly string[]; readonly say: string }>>
> = {
  state: {
    words: [...Object.values(BADGE_WORDS), ...RUNSPACE_STATES],
    say: 'ready, in use, disconnected, opened, broken and closed',
  },
  availability: { words: RUNSPACE_AVAILABILITIES, say: 'none, busy and available' },
};

/** @returns a sentence where a value can fit nothing at all */
function unknownWord(term: Term): string | undefined {
  const known = term.kind === 'text' ? WORDS[term.field] : undefined;
  if (term.kind !== 'text' || !known) return undefined;
  const strange = term.values.find((value) => !known.words.some(statePattern(value)));
  return strange === undefined ? undefined : `There is no ${term.field} “${strange}”, but ${known.say}.`;
}

/** `staet:ready`: more likely a slip than a word with a colon. In quotes, with a drive or an address it is a word. */
export const fieldLike = (piece: string): readonly [word: string, value: string] | undefined => {
  const [, word, value] = /^-?([a-z]{2,}):(?!\/\/|\d+$)(.*)$/is.exec(piece) ?? [];
  return word === undefined || value === undefined || toField(word) !== undefined ? undefined : [word, value];
};

function strangeField(piece: string): FilterProblem[] {
  const [word, value] = fieldLike(piece) ?? [];
  if (word === undefined) return [];
  const meant = nearestField(word);
  if (meant === undefined && value === '') return []; // an address may be on its way
  if (meant === undefined)
    return [
      { text: piece, message: `There is no field ${word}: it is looked for as a word.`, as: 'fieldless' },
    ];
  return [{ text: piece, message: `There is no field ${word}; did you mean ${meant}?`, as: 'word' }];
}

/** @returns a sentence when it cannot be taken, undefined when there is nothing to take yet */
function toTerm(piece: string): Term | string | undefined {
  if (piece === '-') return undefined;
  const not = piece.startsWith('-');
  const rest = not ? piece.slice(1) : piece;
  const [, word, tail] = /^([a-z]+):(.*)$/is.exec(rest) ?? [];
  const field = word === undefined ? undefined : toField(word);
  if (field === undefined || tail === undefined) {
    const text = unquoted(rest);
    return text ? { kind: 'word', not, text } : undefined;
  }
  const values = valuesOf(tail);
  if (values.length === 0) return undefined;
  if (isMeasure(field)) return toMeasure(field, not, values);
  const bad = values.find((value) => !isPattern(value));
  if (bad !== undefined) return `${bad} is not a valid pattern: a bracket is not closed.`;
  return { kind: 'text', field, not, values };
}

function toMeasure(field: Measure, not: boolean, values: readonly string[]): Term | string {
  const example = field === 'memory' ? 'memory:>500MB' : `${field}:>2h`;
  const [, operator, figure] = /^([<>]=?)\s*(.+)$/.exec(values[0] ?? '') ?? [];
  const amount = figure === undefined ? undefined : toAmount(field, figure);
  if (values.length > 1 || operator === undefined || amount === undefined)
    return `${field}: takes < or > and a value with its unit, as in ${example}.`;
  return { kind: 'measure', field, not, operator: operator as MeasureTerm['operator'], amount };
}

const valuesOf = (text: string): string[] =>
  split(text, /,/)
    .map((piece) => unquoted(piece.text))
    .filter(Boolean);

const unquoted = (text: string): string => {
  const [quote = ''] = text;
  if (quote !== '"' && quote !== "'") return text;
  return text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text.slice(1);
};

function isPattern(value: string): boolean {
  try {
    wildcard(value);
    return true;
  } catch (error) {
    if (error instanceof WildcardError) return false;
    throw error;
  }
}

/** As it would be typed; parsing it gives the same terms. */
export const printFilter = ({ terms }: Pick<Filter, 'terms'>): string => terms.map(printTerm).join(' ');

export function printTerm(term: Term): string {
  const sign = term.not ? '-' : '';
  if (term.kind === 'word') return `${sign}${quotedIfNeeded(term.text, /^-|\s|"|(^|[:,-])'|^[a-z]+:/i)}`;
  if (term.kind === 'measure')
    return `${sign}${term.field}:${term.operator}${printAmount(term.field, term.amount)}`;
  return `${sign}${term.field}:${term.values.map((value) => quotedIfNeeded(value, /[\s,"]|(^|[:,-])'/)).join(',')}`;
}

/** In single quotes when it holds a double one; of both, a double one becomes the wildcard for any one letter. */
function quotedIfNeeded(text: string, needs: RegExp): string {
  if (!needs.test(text)) return text;
  if (!text.includes('"')) return `"${text}"`;
  return text.includes("'") ? `"${text.replaceAll('"', '?')}"` : `'${text}'`;
}

/** Whether its answer changes by waiting alone. */
export const isTimely = ({ terms }: Filter): boolean =>
  terms.some(({ kind, ...term }) => kind === 'measure' && 'field' in term && term.field !== 'memory');
