/** Controls and format characters (those that turn, join or hide the text around them), odd line ends, half pairs. */
const DRIVING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text of a computer on one line of a terminal: what could move the cursor, or deceive the eye, becomes a replacement character. */
export function plainText(text: string): string {
  return text.replace(/\r?\n/g, ' ').replace(DRIVING, '\uFFFD');
}

/** JSON in which the same characters are written as escapes. */
export function plainJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  return json
    .split('\n')
    .map((line) => line.replace(DRIVING, escaped))
    .join('\n');
}

const escaped = (char: string) =>
  char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
