/** ECMA-48 control sequences (colours, cursor, …) and control strings (window titles, clipboard, links, …). */
const SEQUENCES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f]/g;
/** Embeddings, overrides, isolates, annotations and tags can make a line read as something that it is not. */
const DECEIVING = /[\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const SURROGATE = /\p{Surrogate}/gu;
const LINE_BREAK = /\r\n|[\r\n\u0085]/;
const LINE_BREAKS = new RegExp(LINE_BREAK, 'g');

/** As much of one text as is shown; what is beyond it is counted. */
export interface TextLimits {
  /** Characters of one line. */
  readonly line: number;
  readonly lines: number;
  /** All properties and all that is in them: not those alone that PowerShell's display shows. */
  readonly isWhole?: boolean;
}
export const UNLIMITED: TextLimits = { line: Infinity, lines: Infinity };

/**
 * Text of a computer as lines that can be shown in any terminal or window: what would drive a terminal is taken out,
 * colours too; a tab stays; bidirectional overrides become readable (`<U+202E>`); half surrogate pairs become U+FFFD.
 * Beyond `limits` a line, or the text, ends in `… 1,234 more characters`.
 */
export function plainLines(text: string, limits: TextLimits = UNLIMITED): string[] {
  if (text.length <= limits.line && text.length < limits.lines) return text.split(LINE_BREAK).map(plain);
  const lines: string[] = [];
  let start = 0;
  for (const { 0: end, index } of text.matchAll(LINE_BREAKS)) {
    if (lines.length === limits.lines) return [...lines, more(text.length - start)];
    lines.push(cut(text.slice(start, index), limits.line));
    start = index + end.length;
  }
  lines.push(cut(text.slice(start), limits.line));
  return lines;
}

/** Before it is made plain, so that what is not shown costs nothing. */
function cut(text: string, limit: number, shown = plain): string {
  if (text.length <= limit) return shown(text);
  const end = /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return `${shown(text.slice(0, end))}${more(text.length - end)}`;
}

const more = (characters: number) => `… ${characters.toLocaleString('en-US')} more characters`;

function plain(line: string): string {
  return line
    .replace(SEQUENCES, '')
    .replace(CONTROLS, '')
    .replace(DECEIVING, (c) => `<U+${c.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}>`)
    .replace(SURROGATE, '\ufffd');
}

/** As plainLines, on one line. */
export function plainLine(text: string, limits: TextLimits = UNLIMITED): string {
  return cut(text, limits.line, (all) => plainLines(all).join(' '));
}
