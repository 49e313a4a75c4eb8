/** Controls and format characters (those that turn, join or hide the text around them), odd line ends, half pairs. */
export const DRIVING_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** As nearly all text is. */
const PLAIN = /^[ -~]*$/;

/**
 * Text of a computer on one line of a terminal or window: what could move a cursor, or deceive the eye, becomes a
 * replacement character.
 */
export function plainText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(/\r?\n/g, ' ').replace(DRIVING_CHARACTERS, '\uFFFD');
}
