import { WinRMError } from '../error.ts';

/** One way to sign in that a server offers (RFC 9110 11.6.1). */
export interface HttpChallenge {
  /** In lower case. */
  readonly scheme: string;
  /** What a scheme such as Negotiate carries instead of parameters. */
  readonly token68: string | undefined;
  /** By name in lower case; quotes and backslashes are taken off. One character a byte, as it travelled. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~\\w-]+";
/** What may stand between quotes: no controls but the tab. */
const QUOTED =
  '"([^"\\\\\\x00-\\x08\\x0a-\\x1f\\x7f]*(?:\\\\[\\t\\x20-\\x7e\\x80-\\xff][^"\\\\\\x00-\\x08\\x0a-\\x1f\\x7f]*)*)"';
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:(${TOKEN})|${QUOTED})(?=[ \\t]*(?:,|$))`, 'y');
const SCHEME = new RegExp(`(${TOKEN})(?: +|(?=[ \\t]*(?:,|$)))`, 'y');
const TOKEN68 = /([A-Za-z0-9._~+/-]+=*)(?=[ \t]*(?:,|$))/y;
const END = /[ \t]*(?:,|$)/y;
const BETWEEN = /[ \t,]*/y;

/**
 * Reads WWW-Authenticate strictly: several challenges may share a header, or have one each.
 *
 * @throws WinRMError 'protocol' for what is no challenge, or says one thing twice
 */
export function parseChallenges(headers: readonly string[]): HttpChallenge[] {
  return headers.flatMap(parseHeader);
}

function parseHeader(header: string): HttpChallenge[] {
  const challenges: { scheme: string; token68: string | undefined; parameters: Map<string, string> }[] = [];
  const scan = new Scan(header);
  while (!scan.atEnd) {
    const current = challenges.at(-1);
    const parameter = scan.take(PARAMETER);
    if (parameter) {
      if (!current || current.token68 !== undefined) throw malformed();
      addParameter(current.parameters, parameter);
      continue;
    }
    const scheme = scan.take(SCHEME)?.[1];
    if (scheme === undefined) throw malformed();
    const token68 = scan.sees(PARAMETER) ? undefined : scan.take(TOKEN68)?.[1];
    if (token68 === undefined && !scan.sees(PARAMETER) && !scan.sees(END)) throw malformed();
    challenges.push({ scheme: scheme.toLowerCase(), token68, parameters: new Map() });
  }
  return challenges;
}

/** The parameters of a header that has nothing else, such as Authentication-Info. @throws WinRMError 'protocol' */
export function parseParameters(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const scan = new Scan(header);
  while (!scan.atEnd) {
    const parameter = scan.take(PARAMETER);
    if (!parameter) throw malformed();
    addParameter(parameters, parameter);
  }
  return parameters;
}

function addParameter(parameters: Map<string, string>, [, name = '', token, quoted]: RegExpExecArray): void {
  const key = name.toLowerCase();
  if (parameters.has(key)) throw malformed();
  parameters.set(key, token ?? quoted?.replace(/\\(.)/gs, '$1') ?? '');
}

class Scan {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.take(BETWEEN);
  }

  get atEnd(): boolean {
    this.take(BETWEEN);
    return this.#at === this.#text.length;
  }

  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match;
  }

  sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }
}

const malformed = () =>
  new WinRMError('protocol', 'The computer says in a form that cannot be read how to sign in.', {
    causes: ['Something other than WinRM answers on this port.'],
  });
