import { broken } from './broken.ts';

const NEEDS_ESCAPE = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff&<>\ufffe\uffff]|_(?=[xX])/;
const ESCAPED = new RegExp(NEEDS_ESCAPE.source, 'g');
const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // XML 1.0 forbids these two even as references; PowerShell writes and reads them so all the same.
  '\ufffe': '&#xFFFE;',
  '\uffff': '&#xFFFF;',
};

/** Text as CLIXML writes it between tags: `_xHHHH_` for what XML cannot carry or would alter (MS-PSRP 2.2.5.3.2). */
export function encodeText(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return text;
  return text.replace(
    ESCAPED,
    (c) => MARKUP[c] ?? `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
  );
}

export function encodeAttribute(text: string): string {
  return encodeText(text).replaceAll('"', '&quot;');
}

const UNDERSCORE = 0x5f;
const X = 0x78;

/** Undoes `_xHHHH_`, and `_xHHHHHHHH_` as .NET does; what only looks like it stays as it is. */
export function decodeEscapes(text: string): string {
  let decoded = '';
  let done = 0;
  for (let at = text.indexOf('_'); at >= 0; at = text.indexOf('_', at)) {
    const digits = (text.charCodeAt(at + 1) | 0x20) !== X ? 0 : digitsOf(text, at + 2);
    const code = digits === 0 ? Infinity : hexOf(text, at + 2, digits);
    if (code > 0x10ffff) at += 1;
    else {
      if (done < at) decoded += text.slice(done, at);
      decoded += code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
      done = at += digits + 3;
    }
  }
  return done === 0 ? text : decoded + text.slice(done);
}

/** 4 or 8, as many digits as stand before the closing underscore; 0 for anything else. */
function digitsOf(text: string, from: number): number {
  if (text.charCodeAt(from + 4) === UNDERSCORE) return 4;
  return text.charCodeAt(from + 8) === UNDERSCORE ? 8 : 0;
}

/** Infinity where something else than hexadecimal digits is among them. */
function hexOf(text: string, from: number, digits: number): number {
  let code = 0;
  for (let at = from; at < from + digits; at++) {
    const c = text.charCodeAt(at);
    const letter = c | 0x20;
    if (c >= 0x30 && c <= 0x39) code = code * 16 + c - 0x30;
    else if (letter >= 0x61 && letter <= 0x66) code = code * 16 + letter - 0x57;
    else return Infinity;
  }
  return code;
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Resolves XML's own references and line ends. There are no others: CLIXML has no DTD.
 *
 * @throws WinRMError 'protocol' at an unknown or unfinished reference
 */
export function decodeReferences(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  let decoded = '';
  let done = 0;
  for (let at = lines.indexOf('&'); at >= 0; at = lines.indexOf('&', done)) {
    const end = lines.indexOf(';', at);
    const name = end > at && end - at < 12 ? lines.slice(at + 1, end) : '';
    decoded += lines.slice(done, at) + (NAMED.get(name) ?? numbered(name));
    done = end + 1;
  }
  return done === 0 ? lines : decoded + lines.slice(done);
}

function numbered(name: string): string {
  const [, hex, decimal] = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name) ?? [];
  const code = hex ? parseInt(hex, 16) : Number(decimal ?? Infinity);
  if (!(code <= 0x10ffff)) throw broken('text with an unknown entity');
  return String.fromCodePoint(code);
}
