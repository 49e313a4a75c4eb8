import { DRIVING_CHARACTERS } from '../../shared/plain-text.ts';

export { plainText } from '../../shared/plain-text.ts';

/** JSON in which what plainText replaces is written as escapes. */
export function plainJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  return json
    .split('\n')
    .map((line) => line.replace(DRIVING_CHARACTERS, escaped))
    .join('\n');
}

const escaped = (char: string) =>
  char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
