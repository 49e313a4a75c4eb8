import { broken } from './broken.ts';
import { tagOf } from './tag-of.ts';
import { decodeEscapes, decodeReferences } from './clixml-text.ts';
import { readAttributes } from './xml-attributes.ts';

export const CLIXML_NAMESPACE = 'http://schemas.microsoft.com/powershell/2004/04';

/** What a message of the usual limit, 200 MB, can reasonably hold; each may cost memory beyond its text. */
const MAX_ELEMENTS = 10_000_000;

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const BANG = 0x21;
const QUOTE = 0x22;
const AMPERSAND = 0x26;
const SLASH = 0x2f;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const UPPER_N = 0x4e;
const UNDERSCORE = 0x5f;

/** Other prefixes would have to be declared, and nobody does. */
const ATTRIBUTE_NAME = /^(?:xml:)?[\p{L}_][\p{L}\p{N}._-]*$/u;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
const ODD = /[\u0000-\u001f]/;
const INSTRUCTION = /<\?[\p{L}_][\p{L}\p{N}._-]*(?=[ \t\n\r]|\?>)/uy;

/**
 * Walks over the XML of one CLIXML text without building a tree: elements, three attributes and text, which is all
 * that MS-PSRP 2.2.5 has. References beyond XML's five, DTDs and wrong nesting are refused. It does not recurse.
 */
export class ClixmlScanner {
  /** Of the element that `open` or `root` came to last: its local name, … */
  tag = '';
  /** … N, decoded, … */
  name: string | undefined;
  /** … RefId, … */
  refId: string | undefined;
  /** … Version (of Objs), … */
  version: string | undefined;
  /** … and whether it was `<tag/>`, which has neither content nor an end tag. */
  empty = false;
  readonly #text: string;
  #at = 0;
  #elements = 0;
  /** Where the next `&` stands; most texts have none or few. */
  #ampersand = -1;
  /** Most texts hold neither line ends nor anything else that content may not hold or that XML alters. */
  readonly #isOdd: boolean;
  /** With its colon; CLIXML is normally written without one. */
  #prefix = '';
  #namespace = '';

  constructor(text: string) {
    this.#text = text;
    this.#isOdd = ODD.test(text) || text.includes(']]>');
  }

  /** Comes to the outermost element, whose namespace decides for all. */
  root(): void {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    if (!this.open()) throw broken('CLIXML without an element');
  }

  /** Comes to the next child; false at the end tag of the element around it, which `close` then takes. */
  open(): boolean {
    const text = this.#text;
    let next = text.charCodeAt(this.#at) === LESS ? text.charCodeAt(this.#at + 1) : this.#skip();
    if (next === BANG || next === QUESTION) next = this.#skip();
    if (next === SLASH) return false;
    const start = this.#at + 1;
    let at = start;
    let c = next;
    while (c > SPACE && c !== GREATER && c !== SLASH) c = text.charCodeAt(++at);
    if (at === start) throw broken('CLIXML that is cut short or malformed');
    if (++this.#elements > MAX_ELEMENTS) throw broken(`CLIXML of more than ${MAX_ELEMENTS} elements`);
    this.tag = tagOf(text, start, at);
    this.#forget();
    if (c === GREATER) this.#at = at + 1;
    else if (!this.#plainAttributes(at)) this.#attributes(at);
    if (this.#prefix !== '') this.#unprefix();
    return true;
  }

  /** Takes the end tag of `tag`. */
  close(tag: string): void {
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== LESS || text.charCodeAt(this.#at + 1) !== SLASH) {
      if (this.#skip() !== SLASH) throw broken(`an unexpected element in <${tag}> of its CLIXML`);
    }
    const name = this.#prefix === '' ? tag : this.#prefix + tag;
    let at = this.#at + 2 + name.length;
    if (!text.startsWith(name, this.#at + 2)) throw broken(`CLIXML whose <${tag}> is not closed`);
    while (isSpace(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== GREATER) throw broken(`CLIXML whose <${tag}> is not closed`);
    this.#at = at + 1;
  }

  /** The text of the element just opened, its end tag taken too. */
  content(): string {
    return this.#content(true);
  }

  /** As content, `_xHHHH_` left as it is: in numbers and the like it has no meaning. */
  bareContent(): string {
    return this.#content(false);
  }

  #content(decodes: boolean): string {
    if (this.empty) return '';
    const { tag } = this;
    const end = this.#text.indexOf('<', this.#at);
    let found = this.#piece(end);
    if (this.#text.charCodeAt(end + 1) === SLASH) this.close(tag);
    else found = this.#mixed(found);
    return decodes ? decodeEscapes(found) : found;
  }

  /** The text from here to a `<`, its references resolved. */
  #piece(end: number): string {
    if (end < 0) throw broken('CLIXML that is cut short');
    const found = this.#text.slice(this.#at, end);
    if (this.#isOdd && (CONTROL.test(found) || found.includes(']]>')))
      throw broken('malformed text in its CLIXML');
    if (this.#ampersand < this.#at) this.#ampersand = indexOf(this.#text, '&', this.#at);
    this.#at = end;
    return this.#isOdd || this.#ampersand < end ? decodeReferences(found) : found;
  }

  /** Passes over the element just opened and all within it, however deep. */
  skip(): void {
    const open: string[] = [];
    for (;;) {
      if (!this.empty) open.push(this.tag);
      for (;;) {
        const last = open.at(-1);
        if (last === undefined) return;
        const from = this.#text.indexOf('<', this.#at);
        if (from < 0) throw broken('CLIXML that is cut short');
        this.#at = from;
        if (this.open()) break;
        this.close(last);
        open.pop();
      }
    }
  }

  /** Nothing but white space and comments may be left. */
  end(): void {
    const { length } = this.#text;
    while (this.#at < length) {
      if (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
      else if (this.#text.startsWith('<!--', this.#at) || this.#text.startsWith('<?', this.#at))
        this.#aside();
      else throw broken('something after the end of its CLIXML');
    }
  }

  /** Passes white space, comments and processing instructions; returns what stands behind the next `<`. */
  #skip(): number {
    for (;;) {
      while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
      if (this.#text.charCodeAt(this.#at) !== LESS) throw broken('text between the elements of its CLIXML');
      const next = this.#text.charCodeAt(this.#at + 1);
      if (next !== BANG && next !== QUESTION) return next;
      this.#aside();
    }
  }

  #aside(): void {
    const comment = this.#text.startsWith('<!--', this.#at);
    if (!comment && this.#text.charCodeAt(this.#at + 1) === BANG) throw broken('CLIXML with a document type');
    const end = comment ? '-->' : '?>';
    INSTRUCTION.lastIndex = this.#at;
    if (!comment && !INSTRUCTION.test(this.#text)) throw broken('CLIXML with a malformed instruction');
    const at = this.#text.indexOf(comment ? '--' : '?>', this.#at + (comment ? 4 : 2));
    if (at < 0 || !this.#text.startsWith(end, at)) throw broken('CLIXML with an unfinished comment');
    this.#at = at + end.length;
  }

  /** Text that is broken up by comments or CDATA; the first piece of it is read. */
  #mixed(first: string): string {
    const pieces = [first];
    const { tag } = this;
    for (;;) {
      const next = this.#text.charCodeAt(this.#at + 1);
      if (next === SLASH) break;
      if (this.#text.startsWith('<![CDATA[', this.#at)) {
        const end = this.#text.indexOf(']]>', this.#at);
        if (end < 0) throw broken('CLIXML with an unfinished CDATA section');
        pieces.push(this.#text.slice(this.#at + 9, end).replace(/\r\n?/g, '\n'));
        this.#at = end + 3;
      } else if (next === BANG || next === QUESTION) this.#aside();
      else throw broken(`CLIXML that is cut short, or an element inside <${tag}>`);
      pieces.push(this.#piece(this.#text.indexOf('<', this.#at)));
    }
    this.close(tag);
    return pieces.join('');
  }

  /** Takes N and RefId as PowerShell writes them, with nothing to decode or refuse; false at anything else. */
  #plainAttributes(from: number): boolean {
    const text = this.#text;
    let at = from;
    while (text.charCodeAt(at) === SPACE && text.charCodeAt(at + 1) !== SLASH) {
      const isName =
        text.charCodeAt(at + 1) === UPPER_N &&
        text.charCodeAt(at + 2) === EQUALS &&
        text.charCodeAt(at + 3) === QUOTE;
      if (!isName && !text.startsWith(' RefId="', at)) return false;
      const start = at + (isName ? 4 : 8);
      at = plainEnd(text, start);
      if (at < 0 || (isName ? this.name : this.refId) !== undefined) return false;
      if (isName) this.name = text.slice(start, at);
      else this.refId = text.slice(start, at);
      at++;
    }
    this.empty = text.charCodeAt(at) === SPACE && text.startsWith(' />', at);
    if (!this.empty && text.charCodeAt(at) !== GREATER) return false;
    this.#at = at + (this.empty ? 3 : 1);
    return true;
  }

  #forget(): void {
    this.name = undefined;
    this.refId = undefined;
    this.empty = false;
  }

  #attributes(from: number): void {
    this.#forget();
    const { attributes, empty, end } = readAttributes(this.#text, from);
    for (const [name, value] of attributes) this.#attribute(name, value);
    this.empty = empty;
    this.#at = end;
  }

  #attribute(name: string, value: string): void {
    const isRepeated =
      (name === 'N' && this.name !== undefined) || (name === 'RefId' && this.refId !== undefined);
    if (isRepeated) throw broken('CLIXML with an attribute twice');
    if (name === 'N') this.name = decodeEscapes(value);
    else if (name === 'RefId') this.refId = value;
    else if (name === 'Version') this.version = value;
    else if (name === 'xmlns' || name.startsWith('xmlns:')) this.#declare(name.slice(6), value);
    else if (!ATTRIBUTE_NAME.test(name)) throw broken('CLIXML with a malformed attribute');
  }

  /** Only Objs, as the outermost element, stands in a namespace; nothing within changes it. */
  #declare(prefix: string, namespace: string): void {
    const colon = this.tag.indexOf(':') + 1;
    const isRoot = this.#namespace === '' && this.tag.slice(colon) === 'Objs';
    if (isRoot && this.tag.slice(0, Math.max(0, colon - 1)) === prefix) {
      this.#prefix = prefix === '' ? '' : `${prefix}:`;
      this.#namespace = namespace;
    }
    if (namespace !== CLIXML_NAMESPACE || this.#namespace !== CLIXML_NAMESPACE) {
      throw broken('CLIXML in a namespace that is not its own');
    }
  }

  /** Objs without its namespace is no CLIXML. */
  get isInNamespace(): boolean {
    return this.#namespace !== '';
  }

  #unprefix(): void {
    if (!this.tag.startsWith(this.#prefix))
      throw broken(`an element <${this.tag}> that CLIXML does not have`);
    this.tag = this.tag.slice(this.#prefix.length);
  }
}

/** Where the quote stands that ends a value; -1 if something before it is to be decoded or refused. */
function plainEnd(text: string, start: number): number {
  for (let at = start; ; at++) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) return at;
    if (!(c >= SPACE) || c === AMPERSAND || c === LESS || c === UNDERSCORE) return -1;
  }
}

/** As String.indexOf, the length where there is none. */
function indexOf(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}

function isSpace(c: number): boolean {
  return c === SPACE || c === LF || c === CR || c === TAB;
}
