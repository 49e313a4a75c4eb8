import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import type { Endpoint } from '../../../shared/computer.ts';
import type { CertificateInfo } from '../../../shared/error.ts';
import type { Probe, Secured } from '../diagnose/probe.ts';
import { WinRMError } from '../error.ts';
import { orAborted } from '../or-aborted.ts';
import { certificateInfo } from './certificate.ts';
import { openSocket } from './connect.ts';
import type { ChannelOptions } from './connection.ts';
import { unreachable } from './failure.ts';
import { Line } from './line.ts';
import { refusal, schemesOffered, SOAP_TYPE } from './reply.ts';
import { openSecured } from './secured-way.ts';
import { NOTHING } from './token-conversation.ts';

/** Of what answers to nobody nothing is read but its header. */
const MAX_RESPONSE_BYTES = 1024 * 1024;
/** A chain of more certificates is nobody's. */
const MAX_CHAIN = 10;
/** Bounded by who calls. */
const NO_LIMIT_MS = 2 ** 31 - 1;
/** Statuses that say that there is no WinRM to sign in to, whoever asks. */
const TELLING = [404, 407, 503];

/** The network's own. */
export function openProbe(endpoint: Endpoint, options: ChannelOptions): Probe {
  const { hostname } = endpoint;
  let socket: Socket | undefined;
  const opened = (): Socket => {
    if (!socket) throw new Error('The probe was not connected.');
    return socket;
  };
  return {
    lookUp: async (signal) => {
      if (isIP(hostname)) return [hostname];
      const found = lookup(hostname, { all: true }).catch((error: unknown) => {
        throw unreachable(error, endpoint);
      });
      return (await orAborted(found, signal)).map(({ address }) => address);
    },
    connect: async (signal) => {
      const { connectTimeoutMs } = options;
      socket = await openSocket(endpoint, { openTimeoutMs: NO_LIMIT_MS, connectTimeoutMs }, signal);
      // Between the steps nobody else listens, and an unheard 'error' ends the process.
      socket.on('error', () => undefined);
      return socket.remoteAddress ?? hostname;
    },
    secure: async (signal) => {
      let shown: TLSSocket | undefined;
      let chain: readonly CertificateInfo[] = [];
      const unchecked: string[] = [];
      const onWarning = (sentence: string) => void unchecked.push(sentence);
      const onShown = (secured: TLSSocket) => {
        shown = secured;
        chain = chainOf(secured);
      };
      const found = (): Omit<Secured, 'refusal'> => {
        const protocol = shown?.getProtocol();
        return { ...(protocol && { protocol }), chain, unchecked };
      };
      try {
        const how = { ...options, onWarning, onShown };
        const open = firstThenNew(opened(), endpoint, signal);
        socket = (await openSecured(endpoint, open, how, signal)).socket;
        return found();
      } catch (error) {
        if (!(error instanceof WinRMError) || error.kind !== 'untrusted') throw error;
        return { ...found(), refusal: error };
      }
    },
    ask: async (signal) => {
      const line = new Line(opened(), endpoint, { maxResponseBytes: MAX_RESPONSE_BYTES });
      line.watch = options.trace?.connection(endpoint);
      const reply = await line.post({ headers: { 'Content-Type': SOAP_TYPE }, body: NOTHING }, signal);
      const { status, wwwAuthenticate } = reply;
      if (TELLING.includes(status) || (status >= 300 && status < 400)) throw refusal(reply, endpoint);
      return { status, schemes: schemesOffered(wwwAuthenticate) };
    },
    close: () => socket?.destroy(),
  };
}

/** Where a client certificate is not taken with TLS 1.2, a second connection is made for it. */
function firstThenNew(first: Socket, endpoint: Endpoint, signal: AbortSignal) {
  const ways = [() => Promise.resolve(first)];
  const anew = () => openSocket(endpoint, { openTimeoutMs: NO_LIMIT_MS }, signal);
  return async () => {
    const socket = await (ways.pop() ?? anew)();
    socket.on('error', () => undefined);
    return { socket, leftMs: NO_LIMIT_MS };
  };
}

/** Its own certificate, then those that it rests on. */
function chainOf(socket: TLSSocket): CertificateInfo[] {
  const chain: CertificateInfo[] = [];
  const seen = new Set<string>();
  // Declared as always there; neither is, where the server showed none or its issuer is not known.
  let next = socket.getPeerCertificate(true) as Partial<DetailedPeerCertificate> | undefined;
  while (next?.raw && chain.length < MAX_CHAIN) {
    const info = certificateInfo(new X509Certificate(next.raw));
    if (seen.has(info.sha256)) break;
    seen.add(info.sha256);
    chain.push(info);
    next = next.issuerCertificate;
  }
  return chain;
}
