import { isIP } from 'node:net';
import type { Endpoint } from '../../../shared/computer.ts';
import { toldUrl } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import { cut } from '../wsman/cut.ts';
import { foreignAnswer } from './failure.ts';
import type { HttpReply } from './line.ts';
import { withoutQuoted } from './token-in.ts';

export { SOAP_TYPE } from './soap-type.ts';
const SOAP_TYPES = ['application/soap+xml', 'text/xml', 'application/xml'];
/** They leave out a byte order mark, and throw at what is malformed. */
const DECODERS: Record<string, TextDecoder | undefined> = Object.fromEntries(
  ['utf-8', 'utf-16le', 'utf-16be'].map((charset) => [charset, new TextDecoder(charset, { fatal: true })]),
);

export function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

/** Windows' HTTP server, before which WinRM stands. */
export const isHttpSys = ({ server = '' }: HttpReply): boolean => /^Microsoft-HTTPAPI\//i.test(server);

/** Whether it is an answer, or a fault, of WS-Man itself. */
export function carriesSoap({ status, contentType, body }: HttpReply): boolean {
  const isSoap = SOAP_TYPES.includes(mediaType(contentType)) && body.length > 0;
  return isSoap && (status === 200 || status >= 500 || status === 400);
}

/**
 * The SOAP text of an answer, a fault's too.
 *
 * @throws WinRMError for every answer that carries no SOAP, by its status
 */
export function soapOf(reply: HttpReply, endpoint: Endpoint): string {
  if (carriesSoap(reply)) return decode(reply, endpoint);
  if (reply.status === 200) {
    throw foreignAnswer(
      endpoint,
      `It sent ${reply.body.length === 0 ? 'nothing' : described(reply)} where SOAP was due.`,
    );
  }
  throw refusal(reply, endpoint);
}

const described = ({ contentType }: HttpReply) =>
  contentType ? `"${printable(contentType)}"` : 'something untyped';

/** What a server says of itself, cut and made harmless. */
const printable = (text: string) => cut(text.replace(/[^\x20-\x7e]/g, '?'), 200);

function decode({ contentType, body }: HttpReply, endpoint: Endpoint): string {
  const named =
    /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? bomOf(body) ?? 'utf-8';
  const charset = named === 'utf-16' ? (bomOf(body) ?? 'utf-16le') : named === 'utf8' ? 'utf-8' : named;
  const decoder = DECODERS[charset];
  if (!decoder)
    throw foreignAnswer(endpoint, `Its text is in ${printable(charset)}, which WinRM never uses.`);
  try {
    return decoder.decode(body);
  } catch (cause) {
    throw foreignAnswer(endpoint, `Its text is not valid ${charset.toUpperCase()}.`, cause);
  }
}

function bomOf(body: Uint8Array): string | undefined {
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** The error that a status means by itself. */
export function refusal(reply: HttpReply, endpoint: Endpoint): WinRMError {
  const { hostname } = endpoint;
  const url = toldUrl(endpoint);
  const { status } = reply;
  if (status === 401) return unauthenticated(hostname, reply.wwwAuthenticate);
  if (status >= 300 && status < 400) return redirected(hostname, reply);
  switch (status) {
    case 403:
      return new WinRMError('denied', `${hostname} let the account in but does not allow it to use WinRM.`, {
        causes: [
          'The account is neither an administrator nor in Remote Management Users there.',
          'WinRM accepts requests only from certain addresses (IPv4Filter, IPv6Filter).',
        ],
        remedy: {
          text: `Add the account on ${hostname}:`,
          command: "Add-LocalGroupMember -Group 'Remote Management Users'",
        },
        faultCode: 5,
        errorId: 'AccessDenied',
      });
    case 404:
      return new WinRMError('unreachable', `${hostname} serves nothing at ${url}.`, {
        causes: [
          'The application name (the path of the URL) is wrong; it is usually wsman.',
          'A web server other than WinRM listens on this port.',
        ],
        remedy: { text: 'Check ApplicationName and Port.' },
        faultCode: 2150859027,
        errorId: 'URLNotAvailable',
      });
    case 407:
      return new WinRMError('denied', `A proxy before ${hostname} wants a sign-in of its own.`, {
        remedy: { text: 'If this system has a proxy, have it used: ProxyAccessType IEConfig.' },
        detail: 'HTTP 407',
      });
    case 503:
      return new WinRMError('unreachable', `${hostname} answers, but its WinRM service does not.`, {
        causes: ['The WinRM service is stopped, starting, or overloaded.'],
        remedy: { text: `Restart it on ${hostname}:`, command: 'Restart-Service WinRM' },
        faultCode: 2150859026,
        errorId: 'CannotConnectWinRMService',
      });
    default:
      return new WinRMError(
        'protocol',
        `${hostname} answered with HTTP status ${status} and no WS-Management message.`,
        {
          causes: ['The WinRM service failed inside.', 'Something other than WinRM answers on this port.'],
          remedy: {
            text: `Ask again; if it stays so, look at what its WinRM service wrote down, on ${hostname}:`,
            command: 'Get-WinEvent -LogName Microsoft-Windows-WinRM/Operational -MaxEvents 20',
          },
          faultCode: 2150859120,
          errorId: 'WinRMHttpError',
          detail: `HTTP ${status}`,
        },
      );
  }
}

/** The error that a status means by itself to who has not proven anything yet. */
export function refusalBefore(reply: HttpReply, endpoint: Endpoint): WinRMError {
  if (reply.status !== 403) return refusal(reply, endpoint);
  const { hostname } = endpoint;
  return new WinRMError('denied', `${hostname} lets nobody sign in from here (HTTP 403).`, {
    causes: [
      'WinRM accepts requests only from certain addresses (IPv4Filter, IPv6Filter).',
      'A gateway before it refuses this machine, or this path.',
      'Something other than WinRM answers on this port.',
    ],
    remedy: {
      text: `Look at the filters on ${hostname}, elevated:`,
      command: 'Get-Item WSMan:\\localhost\\Service\\IPv4Filter, WSMan:\\localhost\\Service\\IPv6Filter',
    },
    faultCode: 5,
    errorId: 'AccessDenied',
    detail: 'HTTP 403',
  });
}

/** The statuses that name the same request's new place; the others would make a GET of it, or name none. */
const MOVED = [301, 302, 307, 308];
const MAX_LOCATION_CHARACTERS = 2_000;
/** At port 0 nobody listens: it stands for any that is free. */
const NOWHERE = /^\s*(?:https?:)?\/\/[^/?#]*:0+(?=[/?#\s]|$)/i;

function redirected(hostname: string, { status, location }: HttpReply): WinRMError {
  const where = location ? ` to ${printable(location)}` : '';
  const isFollowable =
    location !== undefined &&
    location.length <= MAX_LOCATION_CHARACTERS &&
    MOVED.includes(status) &&
    !NOWHERE.test(location);
  return new WinRMError(
    'protocol',
    `${hostname} redirects${where}. It is not followed, lest the password go astray.`,
    {
      remedy: { text: `If you trust that address, ask ${location ? printable(location) : 'it'} directly.` },
      faultCode: 2150859161,
      errorId: 'RedirectInformationRequired',
      detail: `HTTP ${status}`,
      ...(isFollowable && { location }),
    },
  );
}

/** The scheme names of WWW-Authenticate, each once, in the server's order; also of one that is not well-formed. */
export function schemesOffered(wwwAuthenticate: readonly string[]): string[] {
  // Several may share a line; what stands before a `=` is a parameter of the scheme before it.
  const names = wwwAuthenticate
    .slice(0, 100)
    .flatMap((line) => [
      ...withoutQuoted(line.slice(0, 2000)).matchAll(/(?:^|,)\s*([A-Za-z][\w-]{0,39})(?![\w-])(?!\s*=)/g),
    ])
    .map((match) => match[1] ?? '');
  return [...new Set(names)];
}

/** As a sentence. */
export const offersInWords = (schemes: readonly string[]): string =>
  schemes.length === 0 ? 'It offers no way to sign in.' : `It offers ${schemes.join(', ')}.`;

/** The name that Windows puts before its own accounts; an address does not tell it. */
const computerOf = (hostname: string) => (isIP(hostname) ? 'COMPUTER' : (hostname.split('.')[0] ?? hostname));

/** HTTP 401 to who was signed in before: that judges no password. */
export const letInNoRequest = ({ hostname }: Endpoint, account = 'the account'): WinRMError =>
  new WinRMError('denied', `${hostname} signed ${account} in, and then did not let the request in.`, {
    causes: [
      'The account has no right to WinRM there (RootSDDL): it is neither an administrator nor in Remote Management Users.',
      'A load balancer or proxy before it puts each request on another connection, on which nobody is signed in.',
    ],
    remedy: {
      text: `Look at who may use WinRM on ${hostname}, elevated:`,
      command: '(Get-Item WSMan:\\localhost\\Service\\RootSDDL).Value',
    },
    faultCode: 5,
    errorId: 'AccessDenied',
    detail: 'HTTP 401',
  });

/** Why an account may not be accepted. */
export const accountCauses = (hostname: string): readonly string[] => [
  'The user name or the password is wrong, or the password has expired.',
  `An account of the computer itself must be written with its name, as ${computerOf(hostname)}\\user.`,
  'The account is locked, disabled, or may not sign in over the network.',
];

export const CHECK_ACCOUNT =
  'Check the account before you try again: each wrong attempt counts towards its lock-out.';

/**
 * HTTP 401 in the end.
 *
 * @param tried the scheme, where it may be that the computer does not offer it any more
 */
export function unauthenticated(
  hostname: string,
  wwwAuthenticate: readonly string[],
  tried?: string,
): WinRMError {
  const offered = schemesOffered(wwwAuthenticate);
  const isOther = tried !== undefined && !offered.some((one) => one.toLowerCase() === tried.toLowerCase());
  return new WinRMError('unauthenticated', `${hostname} did not accept the user name or password.`, {
    causes: [
      ...accountCauses(hostname),
      ...(isOther && offered.length > 0 ? [`The computer accepts only: ${offered.join(', ')}.`] : []),
    ],
    remedy: { text: CHECK_ACCOUNT },
    faultCode: 5,
    errorId: 'AccessDenied',
  });
}
