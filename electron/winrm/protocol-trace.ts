import { endpointUrl } from '../../shared/endpoint.ts';
import type { Endpoint } from '../../shared/endpoint.ts';
import { MUTUAL_TLS } from './auth/client-certificate.ts';
import { WinRMError } from './error.ts';
import type { Action } from './wsman/request.ts';

/** So many of the newest entries are kept. */
const CAPACITY = 2_000;

/** Header names that may stand in a trace: what else comes, a computer chose, and could be anything. */
const NAMES = new Set([
  ...[
    'authorization',
    'www-authenticate',
    'authentication-info',
    'proxy-authorization',
    'proxy-authenticate',
  ],
  ...['connection', 'content-length', 'content-type', 'content-encoding', 'date', 'host', 'keep-alive'],
  ...['location', 'server', 'set-cookie', 'transfer-encoding', 'user-agent', 'via'],
]);
/** Words that may be shown of a header's value; anything else of it is not. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  connection: ['keep-alive', 'close'],
  'content-type': [
    ...['application/soap+xml', 'multipart/encrypted', 'multipart/x-multi-encrypted'],
    ...['text/xml', 'text/html', 'text/plain', 'application/xml'],
  ],
  'transfer-encoding': ['chunked'],
};
/** Of headers that carry tokens the scheme alone is shown. */
const SCHEMES = ['Negotiate', 'Kerberos', 'NTLM', 'CredSSP', 'Digest', 'Basic', MUTUAL_TLS];
const TOKENS = ['authorization', 'www-authenticate', 'proxy-authorization', 'proxy-authenticate'];

type Headers = Readonly<Record<string, string | readonly string[] | number | undefined>>;

/** What one connection tells of its requests. */
export interface LineWatch {
  sent(headers: Headers, bodyBytes: number): void;
  received(status: number, headers: Headers, bodyBytes: number): void;
  failed(error: unknown): void;
}

/**
 * What travelled between here and one computer, to be shown to others: made of words and numbers that are listed here,
 * and of where it went: the names of computers, which somebody here asked for or agreed to, and the paths that were
 * asked for here. So no password, token, account or message can stand in it, nor the path of a redirection. Off until it
 * is switched on; then a ring of the newest.
 */
export class ProtocolTrace {
  readonly #now: () => number;
  #lines: string[] | undefined;
  #dropped = 0;
  #connections = 0;
  readonly #paths = new Set<string>();

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  get isOn(): boolean {
    return this.#lines !== undefined;
  }

  /** Switching it on begins anew; off forgets what was kept. */
  switch(on: boolean): void {
    this.#lines = on ? [] : undefined;
    this.#dropped = 0;
  }

  /** One line an entry, oldest first. */
  text(): string {
    const dropped = this.#dropped > 0 ? [`… ${this.#dropped} earlier entries were not kept.`] : [];
    return [...dropped, ...(this.#lines ?? [])].map((line) => `${line}\n`).join('');
  }

  /** A place that was chosen here: its path may be shown. */
  chosen({ path }: Endpoint): void {
    this.#paths.add(withoutQuery(path));
  }

  /** A connection to that endpoint, whose requests it is told. */
  connection(endpoint: Endpoint): LineWatch {
    const number = ++this.#connections;
    const path = withoutQuery(endpoint.path);
    const url = endpointUrl({ ...endpoint, path: this.#paths.has(path) ? path : '/…' });
    const add = (text: () => string) => this.#add(() => `#${number} ${text()}`);
    return {
      sent: (headers, bytes) => add(() => `> POST ${url}, ${bytes} bytes; ${headersText(headers)}`),
      received: (status, headers, bytes) =>
        add(() => `< HTTP ${status}, ${bytes} bytes; ${headersText(headers)}`),
      failed: (error) => add(() => `! ${failureText(error)}`),
    };
  }

  /** A SOAP request, before it is written as bytes, sealed and carried. */
  asked(action: Action, soapCharacters: number): void {
    this.#add(() => `SOAP > ${action}, ${soapCharacters} characters`);
  }

  /** What came of it. */
  answered(action: Action, soapCharacters: number): void {
    this.#add(() => `SOAP < ${action}, ${soapCharacters} characters`);
  }

  failed(action: Action, error: unknown): void {
    this.#add(() => `SOAP ! ${action}, ${failureText(error)}`);
  }

  /** @param text is made only while it is on: every request comes by here */
  #add(text: () => string): void {
    const lines = this.#lines;
    if (!lines) return;
    lines.push(`${new Date(this.#now()).toISOString()} ${text()}`);
    if (lines.length <= CAPACITY) return;
    lines.shift();
    this.#dropped++;
  }
}

const withoutQuery = (path: string) => path.replace(/\?.*$/s, '');

/** A kind and numbers: messages may hold what a computer said. */
function failureText(error: unknown): string {
  if (!(error instanceof WinRMError)) return 'ended';
  const { kind, faultCode } = error;
  return faultCode === undefined ? kind : `${kind}, 0x${faultCode.toString(16)}`;
}

function headersText(headers: Headers): string {
  const known: string[] = [];
  let others = 0;
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    if (!NAMES.has(name)) others++;
    else known.push([name, shownValue(name, value)].filter(Boolean).join(': '));
  }
  return [...known, ...(others > 0 ? [`${others} other headers`] : [])].join(' | ');
}

function shownValue(name: string, value: Headers[string]): string {
  if (name === 'content-length') return /^\d{1,12}$/.test(String(value)) ? String(value) : '';
  const parts = (Array.isArray(value) ? value : [value]).map(String);
  if (TOKENS.includes(name)) {
    const schemes = parts.flatMap((part) => part.split(',')).map((part) => part.trim().split(/\s/, 1)[0]);
    const shown = schemes.map((word) => SCHEMES.find((one) => one.toLowerCase() === word?.toLowerCase()));
    return [...new Set(shown.filter((one) => one !== undefined))].join(', ');
  }
  const word = parts[0]?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return WORDS[name]?.includes(word) ? word : '';
}
