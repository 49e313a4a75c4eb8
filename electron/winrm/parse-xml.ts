import { WinRMError } from './error.ts';
import { UNSPEAKABLE } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** SOAP nests about a dozen deep; a fault in a fault a few more. */
const MAX_DEPTH = 100;
/** Attributes count, too. */
const MAX_ELEMENTS = 1_000_000;
const MAX_ATTRIBUTES = 64;

const XML_URI = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_URI = 'http://www.w3.org/2000/xmlns/';

// XML 1.0, productions 4 and 4a, without the colon (Namespaces in XML, NCName).
const NAME_START =
  'A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const NAME = `[${NAME_START}][-.0-9\\xb7\\u0300-\\u036f\\u203f\\u2040${NAME_START}]*`;
const S = '[ \\t\\n\\r]';

const QNAME = `(?:(${NAME}):)?(${NAME})`;
const START = new RegExp(`<${QNAME}`, 'uy');
const ATTRIBUTE = new RegExp(`${S}+${QNAME}${S}*=${S}*(?:"([^"<]*)"|'([^'<]*)')`, 'uy');
const START_END = new RegExp(`${S}*(/?)>`, 'y');
const END_END = new RegExp(`${S}*>`, 'y');
const DECLARATION = new RegExp(
  `<\\?xml${S}+version${S}*=${S}*(?:"1\\.\\d+"|'1\\.\\d+')` +
    `(?:${S}+encoding${S}*=${S}*(?:"[A-Za-z][\\w.-]*"|'[A-Za-z][\\w.-]*'))?` +
    `(?:${S}+standalone${S}*=${S}*(?:"(?:yes|no)"|'(?:yes|no)'))?${S}*\\?>`,
  'y',
);

const broken = (what: string) =>
  new WinRMError('protocol', `The computer sent ${what}.`, {
    causes: ['Something other than WinRM answers on this port.', 'A proxy changed the answer on its way.'],
  });
const malformed = () => broken('malformed XML');

/** An element that has not ended, and the prefixes that it declares. */
interface Open {
  readonly element: XmlElement;
  /** Where its name stands, with its prefix. */
  readonly from: number;
  readonly to: number;
  readonly declared: ReadonlyMap<string, string> | undefined;
}

interface Attributes {
  readonly attributes: ReadonlyMap<string, string>;
  /** Those that have a prefix. */
  readonly prefixed: readonly (readonly [prefix: string, name: string])[];
  readonly declared: ReadonlyMap<string, string> | undefined;
}

/** What most elements have: made once, for a sweep reads hundreds of thousands. */
const NO_ATTRIBUTES: Attributes = { attributes: new Map(), prefixed: [], declared: undefined };

const [COLON, GREATER, SLASH] = [0x3a, 0x3e, 0x2f];
const isLetter = (code: number) => (code | 0x20) - 0x61 >= 0 && (code | 0x20) <= 0x7a;
const isPlainStart = (code: number) => isLetter(code) || code === 0x5f;
/** Of ASCII's characters those that may stand in a name, but for the colon. */
const isPlain = (code: number) =>
  isPlainStart(code) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e;

/**
 * Parses a whole document in one pass: what a sweep spends most of its time on.
 *
 * @throws WinRMError 'protocol' for what is not well-formed, every DTD, and nesting or counts beyond SOAP's needs.
 */
export function parseXml(source: string): XmlElement {
  if (UNSPEAKABLE.test(source)) throw malformed();
  return new Reader(source).document();
}

class Reader {
  readonly #source: string;
  readonly #open: Open[] = [];
  #at = 0;
  #count = 0;
  #root: XmlElement | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  document(): XmlElement {
    if (this.#source.startsWith('\ufeff')) this.#at = 1;
    this.#match(DECLARATION);
    while (this.#at < this.#source.length) this.#next();
    if (this.#open.length > 0) throw malformed();
    if (!this.#root) throw broken('an empty document');
    return this.#root;
  }

  #next(): void {
    const source = this.#source;
    const at = this.#at;
    if (source[at] !== '<') return this.#text();
    const next = source[at + 1];
    if (next === '/') return this.#end();
    if (next === '?') throw broken('a processing instruction, which SOAP forbids');
    if (next !== '!') return this.#start();
    if (source.startsWith('<!--', at)) return this.#comment();
    if (source.startsWith('<![CDATA[', at)) return this.#cdata();
    throw source.startsWith('<!DOCTYPE', at) ? broken('a document type, which SOAP forbids') : malformed();
  }

  #text(): void {
    const next = this.#source.indexOf('<', this.#at);
    const end = next < 0 ? this.#source.length : next;
    const raw = this.#source.slice(this.#at, end);
    const around = this.#open.at(-1);
    if (around) {
      if (raw.includes(']]>')) throw malformed();
      around.element.text += resolved(withLineFeeds(raw));
    } else if (/[^ \t\n\r]/.test(raw)) throw malformed();
    this.#at = end;
  }

  #comment(): void {
    const end = this.#source.indexOf('--', this.#at + 4);
    if (end < 0 || this.#source[end + 2] !== '>') throw malformed();
    this.#at = end + 3;
  }

  #cdata(): void {
    const around = this.#open.at(-1);
    const end = this.#source.indexOf(']]>', this.#at);
    if (!around || end < 0) throw malformed();
    around.element.text += withLineFeeds(this.#source.slice(this.#at + 9, end));
    this.#at = end + 3;
  }

  #end(): void {
    const open = this.#open.pop();
    if (!open) throw malformed();
    const length = open.to - open.from;
    const from = this.#at + 2;
    for (let i = 0; i < length; i++)
      if (this.#source.charCodeAt(from + i) !== this.#source.charCodeAt(open.from + i)) throw malformed();
    this.#at = from + length;
    if (this.#source.charCodeAt(this.#at) === GREATER) this.#at += 1;
    else if (!this.#match(END_END)) throw malformed();
  }

  #start(): void {
    if (this.#open.length === 0 && this.#root) throw malformed();
    if (this.#open.length >= MAX_DEPTH) throw broken(`XML nested deeper than ${MAX_DEPTH} elements`);
    if (++this.#count > MAX_ELEMENTS) throw broken('an answer with too many elements');
    const from = this.#at + 1;
    const [prefix, name] = this.#name();
    const to = this.#at;
    const next = this.#source.charCodeAt(to);
    const isPlainEnd = next === GREATER;
    const { attributes, prefixed, declared } =
      isPlainEnd || next === SLASH ? NO_ATTRIBUTES : this.#attributes();
    let isEmpty = false;
    if (isPlainEnd) this.#at += 1;
    else isEmpty = this.#startEnd();

    const uri = this.#uriOf(prefix, declared);
    if (prefixed.length > 0) {
      // Two prefixes may mean the same namespace, and then the same attribute.
      const names = prefixed.map(([of, local]) => `${this.#uriOf(of, declared)} ${local}`);
      if (new Set(names).size < names.length) throw malformed();
    }
    const element: XmlElement = { name, prefix, uri, attributes, children: [], text: '' };
    const around = this.#open.at(-1);
    if (around) around.element.children.push(element);
    else this.#root = element;
    if (!isEmpty) this.#open.push({ element, from, to, declared });
  }

  /** Passes the name of an element that begins here. Nearly all are plain ASCII, and read without a search. */
  #name(): readonly [prefix: string, name: string] {
    const source = this.#source;
    const from = this.#at + 1;
    let start = from;
    let at = from;
    if (isPlainStart(source.charCodeAt(at))) while (isPlain(source.charCodeAt(at))) at++;
    if (at > from && source.charCodeAt(at) === COLON && isPlainStart(source.charCodeAt(at + 1))) {
      start = ++at;
      while (isPlain(source.charCodeAt(at))) at++;
    }
    const next = source.charCodeAt(at);
    if (at > from && next < 0x80 && next !== COLON) {
      this.#at = at;
      return [start > from ? source.slice(from, start - 1) : '', source.slice(start, at)];
    }
    const [, prefix = '', name] = this.#match(START) ?? [];
    if (name === undefined) throw malformed();
    return [prefix, name];
  }

  /** @returns whether the element ends with its start */
  #startEnd(): boolean {
    const end = this.#match(START_END);
    if (!end) throw malformed();
    return end[1] !== '';
  }

  #attributes(): Attributes {
    let match = this.#match(ATTRIBUTE);
    if (!match) return NO_ATTRIBUTES;
    const attributes = new Map<string, string>();
    const prefixed: (readonly [string, string])[] = [];
    const seen = new Set<string>();
    let declared: Map<string, string> | undefined;
    for (; match; match = this.#match(ATTRIBUTE)) {
      const [, prefix = '', name = '', double, single] = match;
      const key = `${prefix}:${name}`;
      if (seen.has(key)) throw malformed();
      if (seen.add(key).size > MAX_ATTRIBUTES) throw broken('an element with too many attributes');
      if (++this.#count > MAX_ELEMENTS) throw broken('an answer with too many attributes');
      const value = valueOf(double ?? single ?? '');
      attributes.set(name, value);
      if (prefix === 'xmlns') declare((declared ??= new Map()), name, value.trim());
      else if (key === ':xmlns') declare((declared ??= new Map()), '', value.trim());
      else if (prefix !== '') prefixed.push([prefix, name]);
    }
    return { attributes, prefixed, declared };
  }

  #uriOf(prefix: string, declared: ReadonlyMap<string, string> | undefined): string {
    const own = declared?.get(prefix);
    if (own !== undefined) return own;
    for (let i = this.#open.length - 1; i >= 0; i--) {
      const uri = this.#open[i]?.declared?.get(prefix);
      if (uri !== undefined) return uri;
    }
    if (prefix === 'xml') return XML_URI;
    if (prefix !== '') throw malformed();
    return '';
  }

  /** What stands here, if it is that; then it is passed. */
  #match(what: RegExp): RegExpExecArray | undefined {
    what.lastIndex = this.#at;
    const match = what.exec(this.#source);
    if (!match) return undefined;
    this.#at = what.lastIndex;
    return match;
  }
}

/** Namespaces in XML 1.0, 3: a prefix is not taken back, and the two reserved names stay with each other. */
function declare(declared: Map<string, string>, prefix: string, uri: string): void {
  const isReserved = prefix === 'xmlns' || uri === XMLNS_URI || (prefix === 'xml') !== (uri === XML_URI);
  if (isReserved || (prefix !== '' && uri === '')) throw malformed();
  declared.set(prefix, uri);
}

const withLineFeeds = (text: string) => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

/** White space in an attribute is a space to XML. */
const valueOf = (raw: string) => resolved(/[\t\n\r]/.test(raw) ? raw.replace(/\r\n|[\t\n\r]/g, ' ') : raw);

const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#([0-9]+)|#x([0-9a-fA-F]+));|&/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** There are no others than XML's own: SOAP has no DTD. */
function resolved(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (_, name?: string, decimal?: string, hex?: string) => {
    if (name) return NAMED[name] ?? '';
    const code = decimal ? Number(decimal) : parseInt(hex ?? '', 16);
    if (!(code <= 0x10ffff)) throw malformed();
    const character = String.fromCodePoint(code);
    if (UNSPEAKABLE.test(character)) throw malformed();
    return character;
  });
}
