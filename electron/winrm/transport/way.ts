import type { Socket } from 'node:net';
import type { Endpoint, ProxyAccessType } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import { LONGEST_MS } from '../wait.ts';
import { untilAskedAnew } from './asked-anew.ts';
import { openSocket } from './connect.ts';
import type { OpenLimits } from './connect.ts';
import { demandName } from './demand-name.ts';
import { findProxy } from './find-proxy.ts';
import type { ProxySurroundings } from './find-proxy.ts';
import type { LineOptions } from './line.ts';
import { proxyKeepsNoConnection, proxyTimedOut, proxyUnreachable } from './proxy-failure.ts';
import { ProxyLogins } from './proxy-logins.ts';
import type { SharedSignIn } from './proxy-logins.ts';
import type { Proxy } from './proxy-settings.ts';
import type { ProxyAccount } from './proxy-sign-in.ts';
import { openTunnel } from './proxy-tunnel.ts';

export interface ProxyOptions {
  readonly accessType: ProxyAccessType;
  readonly account: ProxyAccount;
  /** Instead of what this system says of its proxies. */
  readonly system?: ProxySurroundings;
  /** Instead of what all connections of this process share. */
  readonly logins?: Pick<ProxyLogins, 'signIn'>;
}

/** A TCP connection to a computer, or to what passes its requests on. */
export interface Way {
  readonly socket: Socket;
  readonly via?: LineOptions['via'];
  /** Tells how a proxy was signed in to. */
  readonly proxySignIn?: Pick<SharedSignIn, 'report'>;
  /** Of OpenTimeout, milliseconds. */
  readonly leftMs: number;
}

const LOGINS = new ProxyLogins();
untilAskedAnew(() => LOGINS.forgetRefusals());

/**
 * Opens the way that ProxyAccessType names. A proxy leads on to a computer with TLS (CONNECT), and so sees nothing of
 * what is said; requests to one without it are passed on by it.
 *
 * @throws WinRMError why there is no way, or `signal.reason`
 */
export async function openWay(
  endpoint: Endpoint,
  options: ProxyOptions | undefined,
  limits: OpenLimits,
  signal: AbortSignal,
): Promise<Way> {
  const started = performance.now();
  const left = () => Math.max(0, limits.openTimeoutMs - (performance.now() - started));
  const proxy = options && (await findProxy(options.accessType, endpoint, options.system));
  if (!proxy) return { socket: await openSocket(endpoint, limits, signal), leftMs: left() };
  const open = () => openToProxy(proxy, { ...limits, openTimeoutMs: left() }, signal);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(Math.min(left(), LONGEST_MS)))]);
  try {
    return { ...(await leadOn({ proxy, open, options }, endpoint, limit)), leftMs: left() };
  } catch (error) {
    if (limit.aborted && !signal.aborted) throw proxyTimedOut(proxy, endpoint, limits.openTimeoutMs);
    throw error;
  }
}

interface Through {
  readonly proxy: Proxy;
  /** A connection to the proxy; another with each call. */
  readonly open: () => Promise<Socket>;
  readonly options: ProxyOptions;
}

/** Has a proxy lead on, or pass on what will be asked. @throws WinRMError why it does not, or `signal.reason` */
export async function leadOn(
  { proxy, open, options }: Through,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<Pick<Way, 'socket' | 'via' | 'proxySignIn'>> {
  demandName(endpoint.hostname);
  const signIn = (options.logins ?? LOGINS).signIn(proxy, options.account);
  try {
    await signIn.turn(signal);
    if (endpoint.scheme === 'http')
      return { socket: await open(), via: { proxy, signIn }, proxySignIn: signIn };
    return { socket: await openTunnel({ proxy, open, signIn }, endpoint, signal), proxySignIn: signIn };
  } catch (error) {
    signIn.ended();
    throw error;
  }
}

/** A connection to the proxy itself. @throws WinRMError 'unreachable', or `signal.reason` */
export async function openToProxy(proxy: Proxy, limits: OpenLimits, signal: AbortSignal): Promise<Socket> {
  try {
    return await openSocket({ scheme: 'http', ...proxy, path: '' }, limits, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : proxyUnreachable(proxy, error);
  }
}

/** A connection that ends in the middle of a sign-in through a proxy is that proxy's way. */
export function signInBy(proxy: Proxy, endpoint: Endpoint, error: unknown): unknown {
  const isBroken =
    error instanceof WinRMError &&
    error.info.errorId === 'CannotConnect' &&
    !error.info.detail?.startsWith('HTTP');
  return isBroken ? proxyKeepsNoConnection(proxy, endpoint, error) : error;
}
