import { broken } from './broken.ts';
import { decodeReferences } from './clixml-text.ts';

export interface Attributes {
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Whether the tag is `<tag/>`. */
  readonly empty: boolean;
  /** Behind the tag. */
  readonly end: number;
}

/** White space in an attribute is a space to XML. */
const ODD = /[&\t\n\r]/;
const SPACES = ' \t\n\r';

/**
 * The attributes of a tag whose name ends there, spelled in any way that XML has, with their references resolved.
 * Which names there are, and may be, is for the caller to say.
 *
 * @throws WinRMError 'protocol' for all that is no attribute
 */
export function readAttributes(text: string, from: number): Attributes {
  const attributes: (readonly [string, string])[] = [];
  let at = from;
  for (;;) {
    const next = pastSpace(text, at);
    if (text[next] === '>') return { attributes, empty: false, end: next + 1 };
    if (text.startsWith('/>', next)) return { attributes, empty: true, end: next + 2 };
    let nameEnd = next;
    while (text.charCodeAt(nameEnd) > 0x20 && text[nameEnd] !== '=') nameEnd++;
    const equals = pastSpace(text, nameEnd);
    if (text[equals] !== '=' || nameEnd === next || next === at) throw malformed();
    const start = pastSpace(text, equals + 1);
    const quote = text[start];
    const end = quote === '"' || quote === "'" ? text.indexOf(quote, start + 1) : -1;
    if (end < 0) throw malformed();
    attributes.push([text.slice(next, nameEnd), valueOf(text.slice(start + 1, end))]);
    at = end + 1;
  }
}

function valueOf(raw: string): string {
  if (raw.includes('<')) throw malformed();
  return ODD.test(raw) ? decodeReferences(raw.replace(/\r\n|[\t\n\r]/g, ' ')) : raw;
}

function pastSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACES.includes(text.charAt(at))) at++;
  return at;
}

const malformed = () => broken('CLIXML with a malformed attribute');
