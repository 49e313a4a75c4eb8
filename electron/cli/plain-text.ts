// Control characters, and those that turn or hide the text around them, in a regular expression on purpose.
const DRIVING = /[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

/** Text of a computer on one line of a terminal: what could move the cursor, or deceive the eye, becomes a replacement character. */
export function plainText(text: string): string {
  return text.replace(/\r?\n/g, ' ').replace(DRIVING, '\uFFFD');
}

/** JSON in which the same characters are written as escapes. */
export function plainJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  return json
    .split('\n')
    .map((line) => line.replace(DRIVING, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`))
    .join('\n');
}
