import { endpointUrl, toEndpoint, withoutBrackets } from '../../shared/computer.ts';
import type { ConnectionOptions, Endpoint, SignIn } from '../../shared/computer.ts';
import type { SessionQuery } from '../../shared/query.ts';
import { BindingError } from './binding/binding-error.ts';

/** One computer that is to be asked, and how. */
export interface Target {
  /** As it is shown: `.` is localhost, an IPv6 address stands in brackets. */
  readonly computerName: string;
  readonly endpoint: Endpoint;
  readonly options: ConnectionOptions;
  /** What tells one endpoint from another, e.g. in the state file. */
  readonly url: string;
  /** Whether it may send on to another place, and to which other computers beside itself. */
  readonly redirection?: { readonly to: readonly string[] };
  /** As it was saved; absent for one that was named at the prompt. */
  readonly signIn?: SignIn;
  /** It stands in a group in safe mode: nothing is removed there without a word more. */
  readonly isSafe?: boolean;
}

/** The endpoints of a query, in the order asked. @throws BindingError for a name or URI that cannot be one */
export function targetsOf(query: SessionQuery, redirectTo: readonly string[] = []): Target[] {
  const options = connectionOptionsOf(query);
  const redirection = query.allowRedirection ? { redirection: { to: redirectTo } } : {};
  return [
    ...(query.computerName ?? []).map((name) => targetOfName(name, options)),
    ...(query.connectionUri ?? []).map((uri) => ({ ...targetOfUri(uri, options), ...redirection })),
  ];
}

function connectionOptionsOf(query: SessionQuery): ConnectionOptions {
  const { useSSL, port, applicationName, authentication, sessionOption } = query;
  return {
    ...(useSSL && { useSSL }),
    ...(port !== undefined && { port }),
    ...(applicationName !== undefined && { applicationName }),
    ...(authentication && { authentication }),
    ...(sessionOption?.noEncryption && { allowBasicOverHttp: true }),
    ...(sessionOption && { sessionOption }),
  };
}

/** @throws BindingError as PowerShell refuses a name that cannot be a computer's */
export function targetOfName(name: string, options: ConnectionOptions): Target {
  const isAddress = /^\[?[\da-f]*:[\da-f:.]*(?:%\w+)?\]?$/i.test(name) && name.includes('::');
  if (!isAddress && !/^[^\s:/\\@?#[\]<>"|]+$/.test(name)) {
    throw new BindingError('System.UriFormatException', 'Invalid URI: The hostname could not be parsed.');
  }
  const endpoint = toEndpoint(name, options);
  const shown = name === '.' ? 'localhost' : name;
  const computerName = isAddress && !name.startsWith('[') ? `[${name}]` : shown;
  return { computerName, endpoint, options, url: endpointUrl(endpoint) };
}

/**
 * Without a port .NET's own defaults count, 80 and 443, not WinRM's; a path that is only a slash is `/wsman`.
 *
 * @throws BindingError for a relative URI, for any scheme but http and https, and for one with an account
 */
export function targetOfUri(uri: string, options: ConnectionOptions): Target {
  // Wherever it stands: with `http://alice:12/34@web01` the name of the account would pass for that of the computer.
  if (uri.includes('@')) {
    throw new BindingError(
      'System.ArgumentException',
      'A connection URI must hold neither user name nor password. Give the account with -Credential.',
    );
  }
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(uri) || !URL.canParse(uri)) {
    throw new BindingError(
      'System.NotSupportedException',
      'Relative URIs are not supported in the creation of remote sessions.',
    );
  }
  const { protocol, hostname, port, pathname } = new URL(uri);
  const scheme = protocol.slice(0, -1);
  if (scheme !== 'http' && scheme !== 'https') {
    throw new BindingError(
      'System.ArgumentException',
      `${scheme} is not a valid schema value. Valid values are "http" and "https".`,
    );
  }
  const endpoint: Endpoint = {
    scheme,
    hostname: withoutBrackets(hostname),
    port: port ? Number(port) : scheme === 'https' ? 443 : 80,
    path: pathname === '/' ? '/wsman' : pathname,
  };
  return {
    computerName: hostname,
    endpoint,
    options: { ...options, useSSL: scheme === 'https' },
    url: endpointUrl(endpoint),
  };
}

/** Whom an error concerns that is of all of them: named where that is one. */
export function theOnly(targets: readonly Target[]): { readonly computerName?: string } {
  const [only, ...others] = targets;
  return only && others.length === 0 ? { computerName: only.computerName } : {};
}
