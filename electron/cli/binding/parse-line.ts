import type { Argument } from './arguments.ts';
import { BindingError } from './binding-error.ts';
import { typedText, unread } from './typed-text.ts';
import {
  constantOf,
  isList,
  readNumber,
  readSignedNumber,
  textOf,
  typeNameOf,
  withoutSource,
} from './value.ts';
import type { Value } from './value.ts';

const DASHES = '-–—―';
/** Typographic ones count as well, and any closes any. */
const DOUBLE_QUOTES = '"“”„';
const QUOTES = ["'‘’‚‛", DOUBLE_QUOTES];
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1B',
  f: '\f',
  v: '\v',
};

/** A command written as one text, in PowerShell's argument mode: no variables, no expressions that would have to run. */
export function parseLine(line: string): { command: string; args: Argument[] } {
  const reader = new LineReader(line);
  const first = reader.next();
  const command = first?.kind === 'value' && typeof first.value === 'string' ? first.value : '';
  const args: Argument[] = [];
  for (let argument = reader.next(); argument; argument = reader.next()) args.push(argument);
  return { command, args };
}

/**
 * The value that a text is as an argument, e.g. `a,b`, `'x y'`, `@{OperationTimeout=240000}`.
 *
 * @throws BindingError when more stands behind it
 */
export function parseValue(text: string): Value {
  return new LineReader(text).whole();
}

class LineReader {
  readonly #text: string;
  #at = 0;
  #onlyValues = false;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Argument | undefined {
    this.#space();
    if (this.#at >= this.#text.length) return undefined;
    const word = /^(\S)([\p{L}_?][^\s:]*)(:?)/u.exec(this.#text.slice(this.#at));
    const [text = '', dash = '', name = '', colon = ''] = word ?? [];
    if (this.#onlyValues || !word || !DASHES.includes(dash)) {
      if (!this.#onlyValues && /^--(?:\s|$)/.test(this.#text.slice(this.#at))) {
        this.#at += 2;
        this.#onlyValues = true;
        return this.next();
      }
      return { kind: 'value', value: this.value() };
    }
    this.#at += text.length;
    if (!colon) return { kind: 'name', name, text };
    this.#space();
    return { kind: 'name', name, text, value: this.value() };
  }

  /** One value, and nothing more. */
  whole(): Value {
    const value = this.value();
    this.#space();
    const rest = this.#text.slice(this.#at);
    if (rest) throw new BindingError('ParserError', `Unexpected token '${rest}' in expression or statement.`);
    return value;
  }

  /** A value with what follows behind commas. @param inHash it is an expression: a word without quotes would be a command */
  value(inHash = false): Value {
    const items = [this.#item(inHash)];
    for (;;) {
      const mark = this.#at;
      this.#space();
      if (this.#text.charAt(this.#at) !== ',') {
        this.#at = mark;
        break;
      }
      this.#at += 1;
      this.#space();
      items.push(this.#item(inHash));
    }
    const [only = null] = items;
    return items.length === 1 ? only : items;
  }

  #item(inHash: boolean): Value {
    const rest = this.#text.slice(this.#at);
    if (rest.startsWith('@{')) return this.#hash();
    if (rest.startsWith('@(') || rest.startsWith('(')) return this.#group(inHash);
    const opening = rest.charAt(0);
    const quotes = QUOTES.find((one) => opening !== '' && one.includes(opening));
    if (quotes) return this.#quoted(quotes);
    if (opening === '{') return this.#script();
    const [type, typeName = ''] = (inHash && /^\[([\w.]+)\]/.exec(rest)) || [];
    if (type !== undefined) return this.#typed(type.length, typeName);
    if (inHash && /^-[\d.]/.test(rest)) return this.#negative();
    const value = this.#bare(/[\s,;(){}|&]/);
    // `false` would be taken for a text, and so for true.
    if (inHash && typeof value === 'string') throw noCommand(value);
    return value;
  }

  /** `[datetime]'2026-01-02'` */
  #typed(length: number, name: string): Value {
    this.#at += length;
    const quotes = QUOTES.find((one) => one.includes(this.#text.charAt(this.#at) || ' '));
    if (!quotes) throw unread(name);
    return typedText(name, this.#quoted(quotes));
  }

  /** In an expression, and only there, -1 is a number. */
  #negative(): Value {
    const mark = this.#at;
    this.#at += 1;
    const value = this.#item(true);
    return readSignedNumber(this.#text.slice(mark, this.#at)) ?? value;
  }

  #bare(end: RegExp): Value {
    const start = this.#at;
    let text = '';
    while (this.#at < this.#text.length && !end.test(this.#text.charAt(this.#at))) {
      if (this.#text.charAt(this.#at) === '`') this.#at += 1;
      text += this.#text.charAt(this.#at);
      this.#at += 1;
    }
    const source = this.#text.slice(start, this.#at);
    if (source === '' && this.#at < this.#text.length)
      throw new BindingError('ParserError', `Unexpected token '${this.#text.charAt(this.#at)}'.`);
    const constant = constantOf(source);
    if (constant !== undefined) return constant;
    if (/^\$[\w{]/.test(source)) {
      throw new BindingError(
        'ParserError',
        `There are no variables here: '${source}'. Quote it if it is meant as text.`,
      );
    }
    return readNumber(source) ?? text;
  }

  #quoted(quotes: string): string {
    let text = '';
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text.charAt(this.#at);
      const after = this.#text.charAt(this.#at + 1);
      const isQuote = quotes.includes(char);
      const isDoubled = isQuote && after !== '' && quotes.includes(after);
      if (isQuote && !isDoubled) {
        this.#at += 1;
        return text;
      }
      if (isDoubled || (char === '`' && quotes === DOUBLE_QUOTES)) {
        text += isDoubled ? after : (ESCAPES[after] ?? after);
        this.#at += 1;
      } else text += char;
    }
    const [quote = ''] = quotes;
    throw new BindingError(
      'TerminatorExpectedAtEndOfString',
      `The string is missing the terminator: ${quote}.`,
    );
  }

  /** `@(…)` and `(…)`: a list of values. */
  #group(inHash: boolean): Value {
    const isArray = this.#text.charAt(this.#at) === '@';
    this.#at += isArray ? 2 : 1;
    const items: Value[] = [];
    for (;;) {
      this.#space(/[\s;]/);
      const char = this.#text.charAt(this.#at);
      if (char === '') throw new BindingError('ParserError', "Missing closing ')' in expression.");
      if (char === ')') break;
      const value = this.value(inHash);
      if (Array.isArray(value)) items.push(...(value as readonly Value[]));
      else items.push(value);
    }
    this.#at += 1;
    const [only = null] = items;
    return isArray || items.length !== 1 ? items : withoutSource(only);
  }

  #hash(): Value {
    this.#at += 2;
    const entries: [string, Value][] = [];
    let oddKey: string | undefined;
    for (;;) {
      this.#space(/[\s;]/);
      const char = this.#text.charAt(this.#at);
      if (char === '}') break;
      const quotes = QUOTES.find((one) => char !== '' && one.includes(char));
      const given = quotes ? this.#quoted(quotes) : this.#key();
      const key = textOf(given);
      if (typeof given !== 'string') oddKey ??= typeNameOf(given);
      this.#space();
      if (this.#text.charAt(this.#at) !== '=')
        throw new BindingError('ParserError', "Missing '=' operator after key in hash literal.");
      this.#at += 1;
      this.#space();
      if (entries.some(([other]) => other.toLowerCase() === key.toLowerCase()))
        throw new BindingError(
          'DuplicateKeyInHashLiteral',
          `Duplicate keys '${key}' are not allowed in hash literals.`,
        );
      entries.push([key, this.#hashValue()]);
    }
    this.#at += 1;
    return { kind: 'hash', entries, ...(oddKey === undefined ? {} : { oddKey }) };
  }

  /** Without quotes it is a name, or a number, `$true` or `$false`. */
  #key(): Value {
    const key = this.#bare(/[\s=;}]/);
    if (key === null)
      throw new BindingError('InvalidNullKey', 'A null key is not allowed in a hash literal.');
    return typeof key === 'string' ? (readSignedNumber(key) ?? key) : key;
  }

  #hashValue(): Value {
    const value = this.value(true);
    return isList(value) ? value.map(withoutSource) : withoutSource(value);
  }

  #script(): Value {
    for (let depth = 0; this.#at < this.#text.length;) {
      const char = this.#text.charAt(this.#at);
      depth += char === '{' ? 1 : char === '}' ? -1 : 0;
      this.#at += 1;
      if (depth === 0) return { kind: 'script' };
    }
    throw new BindingError('ParserError', "Missing closing '}' in statement block or type definition.");
  }

  #space(space = /\s/): void {
    while (this.#at < this.#text.length && space.test(this.#text.charAt(this.#at))) this.#at += 1;
  }
}

const noCommand = (word: string) =>
  new BindingError(
    'CommandNotFoundException',
    `The term '${word}' is not recognized as a name of a cmdlet, function, script file, or executable program. In a hash table a text stands in quotes, and a switch is $true or $false.`,
  );
