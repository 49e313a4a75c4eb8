import { broken } from './broken.ts';
import { tagOf } from './tag-of.ts';
import { decodeEscapes, decodeReferences } from './clixml-text.ts';

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
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const UNDERSCORE = 0x5f;
const X = 0x78;

/** White space in an attribute is a space to XML. */
const ODD_IN_ATTRIBUTE = /[&\t\n\r]/;
/** Other prefixes would have to be declared, and nobody does. */
const ATTRIBUTE_NAME = /^(?:xml:)?[\p{L}_][\p{L}\p{N}._-]*$/u;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
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
  /** With its colon; CLIXML is normally written without one. */
  #prefix = '';
  #namespace = '';

  constructor(text: string) {
    this.#text = text;
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
    this.name = undefined;
    this.refId = undefined;
    this.empty = false;
    if (c === GREATER) this.#at = at + 1;
    else this.#attributes(at);
    if (this.#prefix !== '') this.#unprefix();
    return true;
  }

  /** Takes the end tag of `tag`. */
  close(tag: string): void {
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== LESS || text.charCodeAt(this.#at + 1) !== SLASH) {
      if (this.#skip() !== SLASH) throw broken(`an unexpected element in <${tag}> of its CLIXML`);
    }
    const name = this.#prefix + tag;
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
    const text = this.#text;
    const tag = this.tag;
    const start = this.#at;
    let at = start;
    let plain = true;
    for (; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === LESS) break;
      if (c < SPACE) {
        if (c !== TAB && c !== LF && c !== CR) throw broken('a control character in its CLIXML');
        if (c === CR) plain = false;
      } else if (c === AMPERSAND || (c === UNDERSCORE && (text.charCodeAt(at + 1) | 0x20) === X))
        plain = false;
      else if (c === GREATER && text.startsWith(']]', at - 2))
        throw broken('a stray end of CDATA in its CLIXML');
    }
    this.#at = at;
    if (text.charCodeAt(at + 1) !== SLASH) {
      const mixed = this.#mixed(text.slice(start, at));
      return decodes ? decodeEscapes(mixed) : mixed;
    }
    this.close(tag);
    const found = text.slice(start, at);
    if (plain) return found;
    return decodes ? decodeEscapes(decodeReferences(found)) : decodeReferences(found);
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

  /** Text that is broken up by comments or CDATA. */
  #mixed(first: string): string {
    const pieces = [decodeReferences(first)];
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
      const to = this.#text.indexOf('<', this.#at);
      if (to < 0) throw broken('CLIXML that is cut short');
      const piece = this.#text.slice(this.#at, to);
      if (piece.includes(']]>') || CONTROL.test(piece)) throw broken('malformed text in its CLIXML');
      pieces.push(decodeReferences(piece));
      this.#at = to;
    }
    this.close(tag);
    return pieces.join('');
  }

  #attributes(from: number): void {
    const text = this.#text;
    let at = from;
    for (;;) {
      const isApart = isSpace(text.charCodeAt(at));
      while (isSpace(text.charCodeAt(at))) at++;
      const c = text.charCodeAt(at);
      if (c === GREATER) break;
      if (c === SLASH && text.charCodeAt(at + 1) === GREATER) {
        this.empty = true;
        at++;
        break;
      }
      const start = at;
      while (text.charCodeAt(at) > SPACE && text.charCodeAt(at) !== EQUALS) at++;
      const name = text.slice(start, at);
      while (isSpace(text.charCodeAt(at))) at++;
      if (text.charCodeAt(at) !== EQUALS || name === '' || !isApart)
        throw broken('CLIXML with a malformed attribute');
      at++;
      while (isSpace(text.charCodeAt(at))) at++;
      const quote = text.charCodeAt(at);
      const end =
        quote === QUOTE || quote === APOSTROPHE ? text.indexOf(quote === QUOTE ? '"' : "'", at + 1) : -1;
      if (end < 0) throw broken('CLIXML with a malformed attribute');
      this.#attribute(name, text.slice(at + 1, end));
      at = end + 1;
    }
    this.#at = at + 1;
  }

  #attribute(name: string, raw: string): void {
    if (raw.includes('<')) throw broken('CLIXML with a malformed attribute');
    const value = ODD_IN_ATTRIBUTE.test(raw) ? decodeReferences(raw.replace(/\r\n|[\t\n\r]/g, ' ')) : raw;
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

function isSpace(c: number): boolean {
  return c === SPACE || c === LF || c === CR || c === TAB;
}
