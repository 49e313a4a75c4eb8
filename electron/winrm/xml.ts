import { SaxesParser } from 'saxes';
import { WinRMError } from './error.ts';

/** Markup that is already escaped. Made only by the `xml` tag and `raw`. */
export interface Xml {
  readonly markup: string;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** What XML 1.0 cannot carry, not even as a reference: control characters and lone surrogates. */
const UNSPEAKABLE =
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

/** SOAP nests about a dozen deep; a fault in a fault a few more. */
const MAX_DEPTH = 100;
const MAX_ELEMENTS = 1_000_000;
const MAX_ATTRIBUTES = 64;
/** saxes keeps what it is handed until it is read, so it is fed in pieces, and stops at the first bad one. */
const PIECE = 65_536;

const broken = (what: string, cause?: unknown) =>
  new WinRMError('protocol', `The computer sent ${what}.`, {
    causes: ['Something other than WinRM answers on this port.', 'A proxy changed the answer on its way.'],
    ...(cause ? { cause } : {}),
  });

/**
 * Parses a whole document.
 *
 * @throws WinRMError 'protocol' for what is not well-formed, every DTD, and nesting or counts beyond SOAP's needs.
 */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: '', prefix: '', uri: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  let count = 0;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw broken('malformed XML', error);
  });
  parser.on('doctype', () => {
    throw broken('a document type, which SOAP forbids');
  });
  parser.on('processinginstruction', () => {
    throw broken('a processing instruction, which SOAP forbids');
  });
  let attributeCount = 0;
  parser.on('attribute', () => {
    if (++attributeCount > MAX_ATTRIBUTES) throw broken('an element with too many attributes');
  });
  parser.on('opentagstart', () => {
    if (open.length > MAX_DEPTH) throw broken(`XML nested deeper than ${MAX_DEPTH} elements`);
    if (++count > MAX_ELEMENTS) throw broken('an answer with too many elements');
    attributeCount = 0;
  });
  parser.on('opentag', (tag) => {
    const attributes = new Map(Object.values(tag.attributes).map((a) => [a.local, a.value]));
    const element: XmlElement = {
      name: tag.local,
      prefix: tag.prefix,
      uri: tag.uri,
      attributes,
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const addText = (text: string) => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => void open.pop());
  for (let at = 0; at < source.length; at += PIECE) parser.write(source.slice(at, at + PIECE));
  parser.close();
  const document = root.children[0];
  if (!document) throw broken('an empty document');
  return document;
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
