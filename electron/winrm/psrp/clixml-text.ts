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

/** Undoes `_xHHHH_`; what only looks like it stays as it is. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x') && !text.includes('_X')) return text;
  return text.replace(/_[xX]([0-9a-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Resolves XML's own references and line ends. There are no others: CLIXML has no DTD.
 *
 * @throws WinRMError 'protocol' at an unknown or unfinished reference
 */
export function decodeReferences(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  if (!lines.includes('&')) return lines;
  return lines.replace(
    /&(?:#(\d{1,8})|#x([0-9a-fA-F]{1,7})|([a-z]{2,4}));|&/g,
    (all, decimal?: string, hex?: string, name?: string) => {
      const named = name && Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
      if (named) return named;
      const code = decimal ? Number(decimal) : hex ? parseInt(hex, 16) : Infinity;
      if (code > 0x10ffff || all === '&') throw broken('text with an unknown entity');
      return String.fromCodePoint(code);
    },
  );
}
