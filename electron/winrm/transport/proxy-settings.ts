import type { Endpoint } from '../../../shared/computer.ts';
import { withoutBrackets } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import { Networks } from './networks.ts';

/** An HTTP proxy, asked in clear: what it carries is sealed, or TLS, all the same. */
export interface Proxy {
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Proxies by the scheme of what is asked, and who is asked without. */
export interface ProxySettings {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  readonly isBypassed: (endpoint: Endpoint) => boolean;
}

/** The proxy that these settings name for a computer. @throws WinRMError 'invalid' for what is no proxy that we speak to */
export function proxyFor(settings: ProxySettings, endpoint: Endpoint): Proxy | undefined {
  const named = settings[endpoint.scheme];
  return named && !settings.isBypassed(endpoint) ? parseProxy(named) : undefined;
}

function parseProxy(named: string): Proxy {
  const text = named.includes('://') ? named : `http://${named}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // What stands before an @ is an account, which is asked for by name and not taken from there.
  if (url?.protocol !== 'http:' || !url.hostname) {
    throw new WinRMError(
      'invalid',
      'The proxy of this system is none that is spoken to: only http proxies are.',
      {
        remedy: { text: 'Set another proxy, or ask without one: ProxyAccessType NoProxyServer.' },
      },
    );
  }
  return { hostname: withoutBrackets(url.hostname), port: url.port ? Number(url.port) : 80 };
}

/**
 * The environment's http_proxy, https_proxy, all_proxy and no_proxy. As with curl all but the first may be written in
 * capitals: HTTP_PROXY is what a web server calls a header of whoever asks it. In no_proxy stand names, with all below
 * them, addresses, and networks (10.0.0.0/8); unlike curl's, entries may have a port, be parted by white space alone, and
 * begin with `*.`.
 */
export function environmentProxies(environment: Readonly<Record<string, string | undefined>>): ProxySettings {
  const small = (name: string) => environment[name] || undefined;
  const read = (name: string) => small(name) ?? small(name.toUpperCase());
  const entries = (read('no_proxy') ?? '').split(/[\s,]+/).filter(Boolean);
  const networks = new Networks(entries);
  return {
    http: small('http_proxy') ?? read('all_proxy'),
    https: read('https_proxy') ?? read('all_proxy'),
    isBypassed: ({ hostname, port }) => {
      const host = hostname.toLowerCase();
      if (networks.has(host)) return true;
      return entries.some((entry) => {
        // More than one colon, and no bracket: an address.
        const [, name = '', only] =
          !/:.*:/.test(entry) || entry.startsWith('[')
            ? (/^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [])
            : ['', entry.toLowerCase(), undefined];
        if (only !== undefined && Number(only) !== port) return false;
        const suffix = name.replace(/^\*?\./, '');
        return name === '*' || (suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`)));
      });
    },
  };
}

/**
 * Windows' own spelling, in the registry and of netsh: `proxy:8080` for all, or `http=a:80;https=b:81`; those asked
 * without by pattern, `<local>` being every name without a dot.
 */
export function windowsProxies(server: string, bypass: string): ProxySettings {
  const parts = server.split(/[;\s]+/).filter(Boolean);
  const of = (scheme: string) =>
    parts.find((part) => part.toLowerCase().startsWith(`${scheme}=`))?.slice(scheme.length + 1) ??
    parts.find((part) => !part.includes('='));
  const patterns = bypass.split(/[;\s]+/).filter(Boolean);
  return {
    http: of('http'),
    https: of('https'),
    isBypassed: ({ hostname }) =>
      patterns.some((pattern) => fits(pattern.toLowerCase(), hostname.toLowerCase())),
  };
}

function fits(pattern: string, host: string): boolean {
  if (pattern === '<local>') return !host.includes('.') && !host.includes(':');
  const plain = withoutBrackets(pattern.replace(/^https?:\/\//, ''));
  const expression = plain.split('*').map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${expression.join('.*')}$`).test(host);
}

/** A value of what `reg query` prints: a line of name, type and value. */
export function registryValue(printed: string, name: string): string | undefined {
  const line = printed.split(/\r?\n/).find((one) => new RegExp(`^\\s+${name}\\s+REG_`, 'i').test(one));
  return line && /REG_\w+\s*(.*)$/.exec(line)?.[1]?.trim();
}

/**
 * HKLM's WinHttpSettings: size, count and flags, then the proxy and the bypass list, each after its length.
 *
 * @param hex as `reg query` prints a REG_BINARY
 * @returns undefined where WinHTTP asks directly
 */
export function winHttpProxies(hex: string): ProxySettings | undefined {
  const bytes = Buffer.from(hex, 'hex');
  const text = (at: number): string | undefined => {
    const length = at + 4 <= bytes.length ? bytes.readUInt32LE(at) : bytes.length;
    return at + 4 + length <= bytes.length ? bytes.toString('latin1', at + 4, at + 4 + length) : undefined;
  };
  const hasProxy = bytes.length >= 16 && (bytes.readUInt32LE(8) & 2) !== 0;
  const server = hasProxy ? text(12) : undefined;
  if (!server) return undefined;
  return windowsProxies(server, text(16 + server.length) ?? '');
}
