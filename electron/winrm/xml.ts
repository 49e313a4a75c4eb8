import { WinRMError } from './error.ts';

/** Markup that is already escaped. Made only by the `xml` tag and `raw`. */
export interface Xml {
  readonly markup: string;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** What XML 1.0 cannot carry, not even as a reference: control characters and lone surrogates. */
export const UNSPEAKABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

type Part = string | number | Xml | readonly Xml[] | undefined;

/** Writes XML as it looks on the wire; text put into it is escaped, Xml is kept, undefined is dropped. */
export function xml(parts: TemplateStringsArray, ...values: Part[]): Xml {
  return { markup: parts.reduce((out, part, i) => out + write(values[i - 1]) + part) };
}

function write(value: Part): string {
  if (value === undefined) return '';
  if (typeof value === 'object')
    return 'markup' in value ? value.markup : value.map((one) => one.markup).join('');
  const text = String(value);
  if (UNSPEAKABLE.test(text))
    throw new WinRMError('invalid', 'A name or value holds a character that XML cannot carry.');
  return text.replace(/[&<>"]/g, (c) => ESCAPES[c] ?? c);
}

export interface XmlElement {
  /** Local name: servers differ in prefixes, so we match names, not prefixes. */
  readonly name: string;
  readonly prefix: string;
  readonly uri: string;
  /** By local name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** The element's own text, CDATA included, that of its children not. */
  text: string;
}

/** First descendant of that local name, in document order. */
export function find(element: XmlElement, name: string): XmlElement | undefined {
  for (const child of element.children) {
    const hit = child.name === name ? child : find(child, name);
    if (hit) return hit;
  }
  return undefined;
}

/** First child of that local name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((one) => one.name === name);
}
