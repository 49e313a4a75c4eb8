import { fieldLike, parseFilter, piecesOf, printTerm } from '../shared/filter.ts';
import type { FilterProblem } from '../shared/filter.ts';

/** The filter box: what is finished stands as chips, what is typed as text behind them. */
export interface Editing {
  /** As they are written; each one term of its own with a field. */
  readonly chips: readonly string[];
  readonly text: string;
}

const isTerm = (piece: string) => parseFilter(piece).terms.some(({ kind }) => kind !== 'word');

/** A term with a field becomes a chip as soon as a space follows it; words stay text. */
export function toEditing(filter: string): Editing {
  const chips: string[] = [];
  let text = '';
  let at = 0;
  for (const piece of piecesOf(filter)) {
    const isFinished = piece.end < filter.length;
    if (isFinished && isTerm(piece.text)) {
      chips.push(piece.text);
      text += filter.slice(Math.min(at, piece.start), piece.start);
      // The white space behind it goes with it.
      at = piece.end + 1;
    } else {
      text += filter.slice(Math.min(at, piece.start), piece.end);
      at = piece.end;
    }
  }
  return { chips, text: (text + filter.slice(at)).trimStart() };
}

export const fromEditing = ({ chips, text }: Editing): string =>
  [...chips.map((chip) => `${chip} `), text].join('');

/** The last chip is text again, to be changed. */
export const reopened = ({ chips, text }: Editing): Editing => ({
  chips: chips.slice(0, -1),
  text: [...chips.slice(-1), text].filter(Boolean).join(' '),
});

/** A chip's parts, for reading: the field with its sign, and its values. */
export function partsOf(chip: string): { field: string; values: string; not: boolean } {
  const [, field = '', values = ''] = /^([^:]*:)(.*)$/s.exec(chip) ?? [];
  return { field, values, not: chip.startsWith('-') };
}

/** A chip as it is printed, so that all are written alike. */
export const tidy = (piece: string): string => parseFilter(piece).terms.map(printTerm).join(' ') || piece;

/** The whole text with its terms written alike. What could not be taken stays as it is, so that it can be mended. */
export const tidied = (filter: string): string =>
  piecesOf(filter)
    .map(({ text }) => (fieldLike(text) ? text : tidy(text)))
    .join(' ');

/** It cannot be taken, and not even as a word. */
export const isFault = ({ as }: FilterProblem): boolean => as === undefined;

/** The first term that is wrong as text, a chip again moved behind the rest, with the caret behind it; undefined where none is. */
export function toMend(filter: string): { readonly filter: string; readonly caret: number } | undefined {
  const fault = parseFilter(filter).problems.find(isFault)?.text;
  if (fault === undefined) return undefined;
  const { chips, text } = toEditing(filter);
  const piece = piecesOf(text).find((one) => one.text === fault);
  if (piece) return { filter, caret: piece.end };
  const rest = chips.toSpliced(chips.indexOf(fault), 1);
  const now = fromEditing({ chips: rest, text: [text.trim(), fault].filter(Boolean).join(' ') });
  return { filter: now, caret: toEditing(now).text.length };
}

/**
 * What cannot be taken, and what was perhaps meant otherwise.
 *
 * @param typing the last term is still being typed: it is not complained about yet
 * @param fits whether any row fits: then a word with a colon that is like no field was meant as a word
 */
export function problemsOf(filter: string, typing: boolean, fits: boolean): readonly FilterProblem[] {
  const last = piecesOf(filter).at(-1);
  const isOpen = typing && last !== undefined && last.end === filter.length;
  return parseFilter(filter).problems.filter(
    ({ text, as }) => !(isOpen && text === last.text) && !(fits && as === 'fieldless'),
  );
}
