import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';
import type { Endpoint } from '../../../shared/computer.ts';
import { connectTimedOut, unreachable } from './failure.ts';

/**
 * Node tries a name's addresses in turn, and by default gives each a quarter of a second, which a slow VPN exceeds.
 */
const ADDRESS_TIMEOUT_MS = 1_000;
/** Finds out within minutes that the other side vanished under a waiting Receive. */
const KEEPALIVE_MS = 30_000;

/**
 * Opens the TCP connection that the requests then use: there is no other probe.
 *
 * @param openTimeoutMs the limit for name and connection together
 * @throws WinRMError 'unreachable', or `signal.reason`
 */
export async function openSocket(
  endpoint: Endpoint,
  openTimeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connectSocket({
    host: endpoint.hostname,
    port: endpoint.port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEPALIVE_MS,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
  });
  return settle(socket, 'connect', openTimeoutMs, signal, {
    failed: (error) => unreachable(error, endpoint),
    timedOut: () => connectTimedOut(endpoint, openTimeoutMs),
  });
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
      timer = setTimeout(() => reject(timedOut()), Math.min(timeoutMs, 2 ** 31 - 1));
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
