import type { Socket } from 'node:net';
import type { Endpoint } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import { demandName } from './demand-name.ts';
import { proxyRefusesComputer, proxySpeaksNone, proxyUnreachable } from './proxy-failure.ts';
import type { Proxy } from './proxy-settings.ts';
import type { SharedSignIn } from './proxy-logins.ts';

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_BODY_BYTES = 1024 * 1024;
/** NTLM takes three, one more where a proxy takes it instead of Kerberos. */
const MOST_TRIES = 4;
const NOTHING = new Uint8Array();

interface TunnelReply {
  readonly status: number;
  readonly challenges: readonly string[];
  /** The next request may follow on the same connection. */
  readonly isKept: boolean;
}

/**
 * Has a proxy lead a connection on to a computer (CONNECT): all that follows is the computer's, as TLS.
 *
 * @param open a new connection to the proxy; a proxy that closes it with its challenge is asked on another
 * @param signIn whose turn it is
 * @returns the connection, on which nothing but the request to the proxy has travelled
 * @throws WinRMError why the proxy does not lead there; or `signal.reason`
 * @see RFC 9110 9.3.6
 */
export async function openTunnel(
  {
    proxy,
    open,
    signIn,
  }: { readonly proxy: Proxy; readonly open: () => Promise<Socket>; readonly signIn: SharedSignIn },
  to: Endpoint,
  signal: AbortSignal,
): Promise<Socket> {
  let socket: Socket | undefined;
  const opened = async () => {
    const one = await open();
    // While a turn is waited for nobody else listens, and an unheard 'error' ends the process.
    return one.on('error', () => undefined);
  };
  try {
    demandName(to.hostname);
    socket = await opened();
    for (let tries = 1; ; tries++) {
      const reply = await connect(socket, { proxy, signIn, to, signal }).catch((error: unknown) => {
        throw signal.aborted ? error : signIn.broke(error);
      });
      const isThrough = reply.status >= 200 && reply.status < 300;
      if (reply.status !== 407) await signIn.answered(isThrough, reply.challenges);
      if (isThrough) return socket;
      if (reply.status !== 407) throw proxyRefusesComputer(proxy, to, reply.status);
      await signIn.challenged(reply.challenges);
      if (tries === MOST_TRIES) throw proxySpeaksNone(proxy);
      await signIn.turn(signal);
      if (reply.isKept && socket.writable) continue;
      socket.destroy();
      socket = await opened();
    }
  } catch (error) {
    socket?.destroy();
    signIn.ended();
    throw error;
  }
}

async function connect(
  socket: Socket,
  { proxy, signIn, to, signal }: { proxy: Proxy; signIn: SharedSignIn; to: Endpoint; signal: AbortSignal },
): Promise<TunnelReply> {
  const target = `${to.hostname.includes(':') ? `[${to.hostname}]` : to.hostname}:${to.port}`;
  const authorization = signIn.authorize({ method: 'CONNECT', uri: target, body: NOTHING });
  const lines = [
    `CONNECT ${target} HTTP/1.1`,
    `Host: ${target}`,
    'User-Agent: PSSession Manager',
    ...(authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return readReply(socket, proxy, signal);
}

/** Reads one answer and not a byte more: what follows a 200 is the computer's. */
function readReply(socket: Socket, proxy: Proxy, signal: AbortSignal): Promise<TunnelReply> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    let head: Head | undefined;
    let bodyBytes = 0;
    const end = (settle: () => void) => {
      socket.removeListener('readable', onReadable);
      socket.removeListener('error', onEnd);
      socket.removeListener('close', onEnd);
      socket.removeListener('end', onEnd);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason));
    const onEnd = (error?: unknown) => end(() => reject(error instanceof WinRMError ? error : ended(error)));
    const ended = (error: unknown) => {
      return mayBeHead(received) ? proxyUnreachable(proxy, error) : proxySpeaksNone(proxy, error);
    };
    const onReadable = () => {
      for (let piece: unknown; (piece = socket.read()) !== null;) {
        if (!(piece instanceof Buffer)) return;
        if (head) bodyBytes += piece.length;
        else received = Buffer.concat([received, piece]);
      }
      if (head) return onBody(head);
      const length = received.indexOf('\r\n\r\n') + 4;
      if (length < 4) {
        if (received.length > MAX_HEAD_BYTES || !mayBeHead(received))
          end(() => reject(proxySpeaksNone(proxy)));
        return;
      }
      const parsed = parseHead(received.toString('latin1', 0, length));
      if (!parsed) return end(() => reject(proxySpeaksNone(proxy)));
      const rest = received.subarray(length);
      if (parsed.status >= 200 && parsed.status < 300) {
        if (rest.length > 0) socket.unshift(rest);
        return end(() => resolve(parsed));
      }
      head = parsed;
      bodyBytes = rest.length;
      onBody(parsed);
    };
    /** What a refusal says is read past, so that the next request follows it. */
    const onBody = (reply: Head) => {
      if (!reply.isKept || reply.bodyLength > MAX_BODY_BYTES)
        return end(() => resolve({ ...reply, isKept: false }));
      if (bodyBytes >= reply.bodyLength) end(() => resolve(reply));
    };
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    socket.on('readable', onReadable);
    socket.once('error', onEnd);
    socket.once('close', onEnd);
    socket.once('end', onEnd);
    onReadable();
  });
}

interface Head extends TunnelReply {
  readonly bodyLength: number;
}

/** Whether what has come so far can begin an answer: else its end would be waited for in vain. */
function mayBeHead(received: Buffer): boolean {
  const first = received.toString('latin1', 0, FIRST.length);
  return first.startsWith(VERSION)
    ? STATUS_LINE.test(first + FIRST.slice(first.length))
    : VERSION.startsWith(first);
}
const VERSION = 'HTTP/1.';
const FIRST = 'HTTP/1.1 200 ';
const STATUS_LINE = /^HTTP\/1\.[01] [1-5]\d\d[ \r]/;

/** Without a pattern that could be slow: a proxy chooses what it reads. */
function parseHead(head: string): Head | undefined {
  const [first = '', ...lines] = head.split('\r\n');
  const [, minor, status] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(first) ?? [];
  if (status === undefined) return undefined;
  const fields = lines.map((line) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, Math.max(colon, 0)).toLowerCase(), value: line.slice(colon + 1).trim() };
  });
  const values = (wanted: string) => fields.flatMap(({ name, value }) => (name === wanted ? [value] : []));
  const [length = ''] = values('content-length');
  const connection = [...values('connection'), ...values('proxy-connection')].join(',').toLowerCase();
  const isKept = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  return {
    status: Number(status),
    challenges: values('proxy-authenticate'),
    bodyLength: Number(length) || 0,
    isKept: isKept && /^\d{1,9}$/.test(length),
  };
}
