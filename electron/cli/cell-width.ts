import { eastAsianWidth } from 'get-east-asian-width';

/** One column each. */
const ASCII = /^[ -~]*$/;
/** Marks over, under or around what stands before them; vowels and finals of Hangul, which join the letter before. */
const ZERO = /[\p{Mn}\p{Me}\u1160-\u11FF\uD7B0-\uD7FF]/u;
/** The colour of skin, which is drawn into what stands before it. */
const TONED = /(?<=\p{Extended_Pictographic})[\u{1F3FB}-\u{1F3FF}]/gu;
/**
 * They ask for a character as a picture or as text. Some terminals then give it two columns and some one, so that no
 * count is right in all of them; without them it has its own width.
 */
const SELECTORS = /[\uFE0E\uFE0F]/g;

/** Text as it stands in a column, whatever the terminal. */
export const forCell = (text: string): string => (ASCII.test(text) ? text : text.replace(SELECTORS, ''));

/**
 * Columns that a text takes in a terminal: two for what Unicode calls wide or fullwidth, none for marks, one for all else.
 * What is ambiguous has one, as everywhere but in old East Asian settings.
 *
 * @see UAX 11
 */
export function cellWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const char of text.replace(TONED, '')) {
    if (!ZERO.test(char)) width += eastAsianWidth(char.codePointAt(0) ?? 0);
  }
  return width;
}

let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for one character each: a letter with its marks. */
export function charactersOf(text: string): string[] {
  if (ASCII.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter('en');
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
