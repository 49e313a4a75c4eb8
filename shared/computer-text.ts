import { LONGEST_PATH } from './computer-limits.ts';
import type { Computer, ConnectionOptions, Profile } from './computer.ts';
import { toEndpoint, withoutBrackets } from './endpoint.ts';
import { effectiveOptions } from './inheritance.ts';

/** One entry of what was typed: a computer, or why it is none. */
export type ComputerEntry =
  | {
      readonly text: string;
      readonly computerName: string;
      readonly options: ConnectionOptions;
      /** What the entry says beyond a name, e.g. `https, 5986, /wsman`. */
      readonly note?: string;
    }
  | { readonly text: string; readonly problem: string };

const NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
/** What a name in letters of its own may be made of, before URL reads it. */
const LETTERS = /^[\p{L}\p{M}\p{N}._-]+$/u;
const IPV6 = /^[0-9a-f:]+(?:\.\d+){0,3}(?:%\w+)?$/i;
const URI = /^(https?):\/\/(\[[^\]]+\]|[^/:?#@]+)(?::(\d+))?(\/[^?#]*)?$/i;
const USER_INFO = /^https?:\/\/[^/?#]*@/i;
const HOST_AND_PORT = /^(\[[^\]]+\]|[^:]+):(\d+)$/;
/** Octets of a name's parts, and of the whole (RFC 1035, 2.3.4). */
const LONGEST_LABEL = 63;
const LONGEST_DNS_NAME = 253;
/** One more than a profile holds, so that too many are refused and not cut. */
const MAX_ENTRIES = 20_001;

/**
 * Reads names, addresses and connection URIs, separated by space, comma, semicolon or line; repeated ones count once,
 * however they are spelt. Ports not given stay unset, so that WinRM's own (5985, 5986) hold.
 */
export function parseComputers(text: string): ComputerEntry[] {
  const words = new Map<string, string>();
  for (const word of text.split(/[\s,;]+/)) {
    if (word && words.size < MAX_ENTRIES)
      words.set(word.toLowerCase(), words.get(word.toLowerCase()) ?? word);
  }
  const entries = new Map<string, ComputerEntry>();
  for (const one of [...words.values()].map(parseEntry)) {
    const key = entryKey(one);
    if (!entries.has(key)) entries.set(key, one);
  }
  return [...entries.values()];
}

/** The same for all spellings of what is asked alike: in capitals, in Punycode or in letters of its own. */
export function entryKey(entry: ComputerEntry): string {
  if ('problem' in entry) return entry.text.toLowerCase();
  const { port, useSSL, applicationName } = entry.options;
  return JSON.stringify([entry.computerName.toLowerCase(), port, useSSL, applicationName?.toLowerCase()]);
}

function parseEntry(text: string): ComputerEntry {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return parseUri(text);
  const port = HOST_AND_PORT.exec(text);
  if (port) return entry(text, port[1]!, { port: port[2]! });
  return entry(text, text, {});
}

function parseUri(text: string): ComputerEntry {
  const [, scheme, host, port, path] = URI.exec(text) ?? [];
  if (USER_INFO.test(text)) return { text, problem: 'an address holds no account or password' };
  if (!scheme || !host) return { text, problem: 'not an http or https address' };
  return entry(text, host, { port, path: path ?? '', scheme: scheme.toLowerCase() });
}

interface Parts {
  readonly port?: string | undefined;
  readonly path?: string;
  readonly scheme?: string;
}

function entry(text: string, host: string, { port, path, scheme }: Parts): ComputerEntry {
  const bare = nameOf(withoutBrackets(host));
  const fault = whyNoName(bare ?? host);
  if (fault !== undefined) return { text, problem: fault };
  if (bare === undefined) return { text, problem: 'not a computer name' };
  const portNumber = port === undefined ? undefined : Number(port);
  if (portNumber !== undefined && portNumber > 65_535) return { text, problem: 'port too high' };
  if (portNumber === 0) return { text, problem: 'port 0 cannot be asked' };
  const applicationName = pathOf(path ?? '');
  if (applicationName === undefined) return { text, problem: 'not a path' };
  if (applicationName.length > LONGEST_PATH) return { text, problem: 'too long for a path' };
  const options: ConnectionOptions = {
    ...(scheme !== undefined && { useSSL: scheme === 'https' }), // whatever is chosen beside it
    ...(portNumber !== undefined && { port: portNumber }),
    ...(applicationName && applicationName !== 'wsman' && { applicationName }),
  };
  const typed = isAscii(host) ? undefined : host;
  const note = [typed, scheme, port, path].filter(Boolean).join(', ');
  return { text, computerName: bare, options, ...(note && { note }) };
}

const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text);

/** What DNS would not take, in words that follow `is`. */
function whyNoName(host: string): string | undefined {
  if (host === '.' || host.includes(':')) return undefined;
  const labels = host.split('.');
  if (labels.slice(0, -1).includes('')) return 'no name: a part between its dots is empty';
  if (labels.at(-1) === '') return 'no name: it ends in a dot';
  if (labels.some((label) => label.length > LONGEST_LABEL))
    return `no name: a part of it is longer than ${LONGEST_LABEL} letters`;
  return host.length > LONGEST_DNS_NAME ? `no name: longer than ${LONGEST_DNS_NAME} letters` : undefined;
}

/** As it is asked: a name in letters of its own in Punycode (UTS 46). Undefined for what is no name. */
function nameOf(host: string): string | undefined {
  if (host === '.') return host;
  if (host.includes(':')) return IPV6.test(host) ? host : undefined;
  if (!(isAscii(host) ? NAME : LETTERS).test(host)) return undefined;
  try {
    const { hostname } = new URL(`http://${host}`); // refuses addresses such as 999.1.1.1, too
    // Whoever writes 010.0.0.5 does not mean 8.0.0.5, which the system would ask.
    if (/^[\d.]+$/.test(hostname) && hostname !== host) return undefined;
    const name = isAscii(host) ? host : hostname;
    return NAME.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Without the slashes around it, and without escapes, which are made anew. */
function pathOf(path: string): string | undefined {
  try {
    const plain = decodeURIComponent(path).replace(/^\/|\/$/g, '');
    return /[\p{Cc}\p{Cf}%?#\\]/u.test(plain) ? undefined : plain;
  } catch {
    return undefined;
  }
}

/** The same for all entries that ask the same endpoint: these are one computer. */
export function endpointKey({ computerName, options }: Pick<Computer, 'computerName' | 'options'>): string {
  const { useSSL, applicationName } = options;
  const { hostname, port } = toEndpoint(computerName, options);
  return [
    hostname.toLowerCase().replace(/\.+$/, ''), // dots at its end, which a file may have, make no other computer
    port,
    Boolean(useSSL),
    (applicationName || 'wsman').toLowerCase(),
  ].join('|');
}

/** The endpoint that this computer is asked at in this profile, whose groups may say port, TLS or path. */
export const effectiveEndpointKey = (profile: Pick<Profile, 'groups'>, computer: Computer): string =>
  endpointKey({ ...computer, options: effectiveOptions(profile, computer) });
