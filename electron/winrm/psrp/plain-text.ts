/** ECMA-48 control sequences (colours, cursor, …) and control strings (window titles, clipboard, links, …). */
const SEQUENCES =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f]/g;
/** Embeddings, overrides, isolates, annotations and tags can make a line read as something that it is not. */
const DECEIVING = /[\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const SURROGATE = /\p{Surrogate}/gu;
const LINE_BREAK = /\r\n|[\r\n\u0085]/;

/**
 * Text of a computer as lines that can be shown in any terminal or window: what would drive a terminal is taken out,
 * colours too; a tab stays; bidirectional overrides become readable (`<U+202E>`); half surrogate pairs become U+FFFD.
 */
export function plainLines(text: string): string[] {
  return text.split(LINE_BREAK).map(plain);
}

function plain(line: string): string {
  return line
    .replace(SEQUENCES, '')
    .replace(CONTROLS, '')
    .replace(DECEIVING, (c) => `<U+${c.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}>`)
    .replace(SURROGATE, '\ufffd');
}

/** As plainLines, on one line. */
export function plainLine(text: string): string {
  return plainLines(text).join(' ');
}
