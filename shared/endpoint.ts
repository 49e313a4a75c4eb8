import type { ConnectionOptions } from './computer.ts';

/** Where to send the SOAP of one computer. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Begins with a slash. */
  readonly path: string;
  /** An answer named this path, which may hold what was said to it, a password too: it is asked there, and not told. */
  readonly isPathUntold?: true;
}

/** WinRM's own ports: 5985, and 5986 with TLS. `.` is this machine. */
export function toEndpoint(computerName: string, options: ConnectionOptions): Endpoint {
  const scheme = options.useSSL ? 'https' : 'http';
  return {
    scheme,
    hostname: computerName === '.' ? 'localhost' : withoutBrackets(computerName),
    port: options.port ?? (options.useSSL ? 5986 : 5985),
    path: `/${encodeURI((options.applicationName || 'wsman').replace(/^\//, ''))}`,
  };
}

/** `[::1]` is `::1`: brackets are for where a port may follow. */
export const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

/** Who answers there, whatever the path: `http://web01:5985`. */
export const placeOf = (endpoint: Endpoint): string => endpointUrl({ ...endpoint, path: '' });

/** `http://web01:5985/wsman`; an IPv6 address stands in brackets. */
export function endpointUrl({ scheme, hostname, port, path }: Endpoint): string {
  return `${scheme}://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}${path}`;
}

/** As an endpoint is told: `http://web01:5985/…` where its path is the word of an answer. */
export const toldUrl = (endpoint: Endpoint): string =>
  endpoint.isPathUntold ? `${placeOf(endpoint)}/…` : endpointUrl(endpoint);
