import type { Endpoint, ProxyAuthentication } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import type { WinRMErrorOptions } from '../error.ts';
import { inSeconds } from './failure.ts';
import type { Proxy } from './proxy-settings.ts';
import { schemesOffered } from './reply.ts';

/** None of these is `unauthenticated`: that is said of the computer's own account, which is then not sent again. */
const failure = (message: string, options: WinRMErrorOptions = {}) =>
  new WinRMError('denied', message, {
    remedy: {
      text: 'Ask without a proxy (ProxyAccessType NoProxyServer), or set another one on this system.',
    },
    ...options,
  });

const named = ({ hostname, port }: Proxy) => `the proxy ${hostname}, port ${port},`;
const Named = (proxy: Proxy) => named(proxy).replace('the', 'The');

export const proxyUnreachable = (proxy: Proxy, cause: unknown): WinRMError =>
  new WinRMError('unreachable', `${Named(proxy)} cannot be reached.`, {
    causes: ['The proxy that is set on this system is switched off, or in another network.'],
    remedy: { text: 'Ask without a proxy: ProxyAccessType NoProxyServer.' },
    faultCode: 2150858770,
    errorId: 'CannotConnect',
    cause,
  });

export const proxyWantsAccount = (proxy: Proxy, challenges: readonly string[]): WinRMError =>
  failure(`${Named(proxy)} wants an account. ${offers(challenges)}`, {
    remedy: { text: 'Name one with ProxyCredential, and how it is proven with ProxyAuthentication.' },
    detail: 'HTTP 407',
  });

export const proxyOffersOther = (
  proxy: Proxy,
  wanted: ProxyAuthentication,
  challenges: readonly string[],
): WinRMError =>
  failure(`${Named(proxy)} does not take ${wanted}. ${offers(challenges)}`, {
    remedy: { text: 'Choose another ProxyAuthentication.' },
    detail: 'HTTP 407',
  });

export const proxyRefusesAccount = (proxy: Proxy): WinRMError =>
  failure(`${Named(proxy)} did not accept the account of ProxyCredential.`, {
    causes: ['Its user name or password is wrong.', 'The proxy does not let this account through.'],
    remedy: {
      text: 'Check ProxyCredential before you try again: wrong attempts may count towards a lock-out.',
    },
    detail: 'HTTP 407',
  });

/**
 * After the proof no answer came, so nobody knows what the proxy thinks of it. It has no number of a network that fails,
 * after which some ask once more.
 *
 * @param isLast it is not shown it again by itself
 */
export const proxyBrokeOff = (proxy: Proxy, cause: unknown, isLast: boolean): WinRMError =>
  failure(
    `${Named(proxy)} was shown the account of ProxyCredential, and closed the connection without an answer.${isLast ? ' It is not shown it again by itself.' : ''}`,
    {
      causes: [
        'The user name or password is wrong, and it does not say so.',
        'It failed, or something between cut the connection.',
      ],
      remedy: { text: 'Check ProxyCredential, then ask again.' },
      cause,
    },
  );

/** Before anything of the account was shown to it. */
export const proxyGoesNoFurther = (proxy: Proxy, scheme: string): WinRMError =>
  failure(`${Named(proxy)} offers ${scheme}, and then does not go on with it.`, {
    causes: ['NTLM is blocked there.', 'What stands before the proxy takes the sign-in out of the requests.'],
    remedy: {
      text: 'Choose another ProxyAuthentication; nothing was shown of the account of ProxyCredential.',
    },
    detail: 'HTTP 407',
  });

/** @param told what is known of the ticket, said of a computer */
export function proxyRefusesTicket(proxy: Proxy, told: unknown): WinRMError {
  const { info } = told instanceof WinRMError ? told : failure('');
  return failure(`${Named(proxy)} did not take the Kerberos ticket of ProxyCredential.`, {
    causes: [
      `The service HTTP/${proxy.hostname} belongs to another account in the domain, or another machine answers by this name.`,
      'The clocks of the proxy and the domain are more than five minutes apart.',
      'The proxy does not let this account through.',
    ],
    remedy: {
      text: 'NTLM is not tried after that, as whoever answers may not be the proxy. Check who has the name:',
      command: `setspn -Q HTTP/${proxy.hostname}`,
    },
    detail: info.detail ?? 'HTTP 407',
    ...(told instanceof WinRMError && { cause: told }),
  });
}

/** The domain refused the account before the proxy was shown anything of it. */
export const proxyLogonRefused = (proxy: Proxy, told: WinRMError): WinRMError =>
  failure(`${Named(proxy)} cannot be signed in to. ${told.message}`, {
    causes: ['The user name or password of ProxyCredential is wrong, or the account is not to be used now.'],
    remedy: {
      text: 'Check ProxyCredential before you try again: wrong attempts may count towards a lock-out.',
    },
    ...(told.info.detail !== undefined && { detail: told.info.detail }),
    cause: told,
  });

export const proxyIsEndless = (proxy: Proxy): WinRMError =>
  failure(`${Named(proxy)} calls its own new challenge too old, so nobody can sign in to it.`, {
    causes: [
      'The password is wrong, and this is what it calls that. It was sent once.',
      'Several proxies answer by this name, and each knows its own challenges alone.',
    ],
    detail: 'HTTP 407',
  });

export const proxyChangesDigest = (proxy: Proxy): WinRMError =>
  failure(`${Named(proxy)} changed in mid-sign-in what its Digest is for, which is not followed.`, {
    causes: ['Something between takes part in the conversation.', 'Several proxies answer by this name.'],
    detail: 'HTTP 407',
  });

/** A request was handed to the proxy, and nothing came back in time; nothing was heard of the computer before. */
export const proxySaysNothing = (proxy: Proxy, { hostname }: Endpoint, timedOut: WinRMError): WinRMError =>
  new WinRMError(timedOut.kind, `${Named(proxy)} took a request to ${hostname}, and no answer came.`, {
    ...timedOut.info,
    causes: [
      'The computer is switched off or silent, and the proxy still waits for it.',
      'The proxy is overloaded.',
    ],
    remedy: {
      text: 'Check that the computer is up, or ask without a proxy: ProxyAccessType NoProxyServer.',
    },
    cause: timedOut,
  });

/** OpenTimeout is over before the proxy has answered. */
export const proxyTimedOut = (
  proxy: Proxy,
  { hostname, port }: Endpoint,
  openTimeoutMs: number,
): WinRMError =>
  new WinRMError(
    'unreachable',
    `${Named(proxy)} did not lead to ${hostname}, port ${port}, within ${inSeconds(openTimeoutMs)}.`,
    {
      causes: ['The computer is switched off, and the proxy still tries.', 'The proxy is overloaded.'],
      remedy: {
        text: 'Check that the computer is up, or ask without a proxy: ProxyAccessType NoProxyServer.',
      },
      faultCode: 2150859046,
      errorId: 'WinRMOperationTimeout',
    },
  );

/** The proxy's own answer where the computer's was due. */
export function proxyRefusesComputer(proxy: Proxy, { hostname, port }: Endpoint, status: number): WinRMError {
  const isAway = status >= 500;
  return new WinRMError(
    isAway ? 'unreachable' : 'denied',
    `${Named(proxy)} does not lead to ${hostname}, port ${port} (HTTP ${status}).`,
    {
      causes: isAway
        ? ['The computer is switched off, or the proxy does not find it.', 'WinRM is not listening there.']
        : ['The proxy lets nobody through to this port; many allow 443 alone.'],
      remedy: {
        text: 'Ask without a proxy (ProxyAccessType NoProxyServer), or have the proxy allow that port.',
      },
      ...(isAway && { faultCode: 2150858770, errorId: 'CannotConnect' }),
      detail: `HTTP ${status}`,
    },
  );
}

/**
 * An answer that either may have given: the proxy let requests through before, and nothing in it says whose it is.
 *
 * @param byComputer what it means where it is the computer's
 */
export const proxyOrComputerRefuses = (
  proxy: Proxy,
  { hostname }: Endpoint,
  status: number,
  { kind, info }: WinRMError,
): WinRMError =>
  new WinRMError(kind, `${hostname}, or ${named(proxy)} before it, answers no more than HTTP ${status}.`, {
    ...info,
    causes: [
      ...(info.causes ?? []).map((cause) => `If it is the computer: ${lowered(cause)}`),
      'If it is the proxy: it does not reach the computer any more, or does not let this be asked of it.',
    ],
    detail: `HTTP ${status}`,
  });

export const proxyKeepsNoConnection = (proxy: Proxy, { hostname }: Endpoint, cause?: unknown): WinRMError =>
  failure(`${Named(proxy)} keeps no connection to ${hostname}, which a sign-in over http needs kept.`, {
    causes: ['NTLM proves an account to a connection, and this proxy opens another for every request.'],
    remedy: { text: 'Use TLS for this computer: then the proxy only leads there.' },
    ...(cause === undefined ? {} : { cause }),
  });

/** A 401 says no more where the password is wrong than where the proof came by another connection than its challenge. */
export const proxyOrPassword = (proxy: Proxy, { hostname }: Endpoint, refused: WinRMError): WinRMError =>
  new WinRMError(
    refused.kind,
    `${hostname} did not accept the user name or password, or ${named(proxy)} before it keeps no connection.`,
    {
      ...refused.info,
      cause: refused,
      causes: [
        'The proxy opens another connection for every request, while NTLM proves an account to one: then no password is ever right.',
        ...(refused.info.causes ?? []),
      ],
      remedy: {
        text: `Use TLS for this computer, where the proxy only leads there, or ask without a proxy (ProxyAccessType NoProxyServer). ${refused.info.remedy?.text ?? ''}`.trim(),
      },
    },
  );

export const proxySpeaksNone = (proxy: Proxy, cause?: unknown): WinRMError =>
  failure(`${Named(proxy)} does not answer as a proxy does.`, {
    causes: ['Something else listens there.'],
    ...(cause === undefined ? {} : { cause }),
  });

function offers(challenges: readonly string[]): string {
  const names = schemesOffered(challenges);
  return names.length === 0 ? 'It does not say how.' : `It takes ${names.join(', ')}.`;
}

const lowered = (sentence: string) => sentence.charAt(0).toLowerCase() + sentence.slice(1);
