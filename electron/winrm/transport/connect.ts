import { connect as connectSocket, isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { Endpoint } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import { LONGEST_MS } from '../wait.ts';
import { demandName } from './demand-name.ts';
import { connectTimedOut, unreachable } from './failure.ts';

/**
 * Node tries a name's addresses in turn, and by default gives each a quarter of a second, which a slow VPN exceeds.
 */
const ADDRESS_TIMEOUT_MS = 1_000;
/** Finds out within minutes that the other side vanished under a waiting Receive. */
export const KEEPALIVE_MS = 30_000;
/**
 * A computer that is there takes a connection within one round trip; a SYN that is lost is sent again after 1 and 3
 * seconds. So one that is not there costs a sweep no more than this.
 */
export const CONNECT_TIMEOUT_MS = 5_000;

export interface OpenLimits {
  /** For name and connection together; milliseconds. */
  readonly openTimeoutMs: number;
  /** For the connection alone, counted from when the name is known; CONNECT_TIMEOUT_MS by default. */
  readonly connectTimeoutMs?: number | undefined;
}

/**
 * Opens the TCP connection that the requests then use: there is no other probe.
 *
 * @throws WinRMError 'unreachable', 'invalid' for a name that is none, or `signal.reason`
 */
export async function openSocket(
  endpoint: Endpoint,
  { openTimeoutMs, connectTimeoutMs = CONNECT_TIMEOUT_MS }: OpenLimits,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  demandName(endpoint.hostname);
  const socket = connectSocket({
    host: endpoint.hostname,
    port: endpoint.port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEPALIVE_MS,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
  });
  // Names are looked up by few threads, so one may wait for others' names: that is no fault of its computer.
  let timer: NodeJS.Timeout | undefined;
  const limitConnect = () => {
    const end = () => socket.destroy(connectTimedOut(endpoint, connectTimeoutMs));
    timer ??= setTimeout(end, Math.min(connectTimeoutMs, LONGEST_MS));
  };
  if (isIP(endpoint.hostname)) limitConnect();
  else socket.once('lookup', limitConnect);
  try {
    return await settle(socket, 'connect', openTimeoutMs, signal, {
      failed: (error) => (error instanceof WinRMError ? error : unreachable(error, endpoint)),
      timedOut: () => connectTimedOut(endpoint, openTimeoutMs),
    });
  } finally {
    clearTimeout(timer);
    socket.removeListener('lookup', limitConnect);
  }
}

interface Outcomes {
  readonly failed: (error: unknown) => unknown;
  readonly timedOut: () => unknown;
}

/** Waits for one event of a socket, bounded by time and signal; whatever else comes destroys the socket. */
export async function settle<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  timeoutMs: number,
  signal: AbortSignal,
  { failed, timedOut }: Outcomes,
): Promise<S> {
  // Removed by hand: ending a listener by a signal of its own costs an exception each time, and sweeps connect much.
  let abort: (() => void) | undefined;
  let closed: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      abort = () => reject(signal.reason);
      timer = setTimeout(() => reject(timedOut()), Math.min(timeoutMs, LONGEST_MS));
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort);
      socket.once(event, resolve);
      socket.once('error', (error) => reject(failed(error)));
      closed = () => reject(failed(undefined));
      socket.once('close', closed);
    });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    if (abort) signal.removeEventListener('abort', abort);
    if (closed) socket.removeListener('close', closed);
  }
}
