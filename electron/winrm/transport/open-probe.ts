import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import type { Endpoint } from '../../../shared/computer.ts';
import type { CertificateInfo } from '../../../shared/error.ts';
import type { Asking, Probe, ReachedProxy, Secured } from '../diagnose/probe.ts';
import { WinRMError } from '../error.ts';
import { orAborted } from '../or-aborted.ts';
import { certificateInfo } from './certificate.ts';
import { openSocket } from './connect.ts';
import type { OpenLimits } from './connect.ts';
import type { ChannelOptions } from './connection.ts';
import { unreachable } from './failure.ts';
import { findProxy } from './find-proxy.ts';
import { Line } from './line.ts';
import { peerChain } from './peer-chain.ts';
import { refusal, schemesOffered, SOAP_TYPE } from './reply.ts';
import { openSecured } from './secured-way.ts';
import type { Proxy } from './proxy-settings.ts';
import { NOTHING } from './token-conversation.ts';
import { leadOn, openToProxy } from './way.ts';
import type { ProxyOptions, Way } from './way.ts';

/** Of what answers to nobody nothing is read but its header. */
const MAX_RESPONSE_BYTES = 1024 * 1024;
/** Bounded by who calls. */
const NO_LIMIT_MS = 2 ** 31 - 1;
/** Statuses that say that there is no WinRM to sign in to, whoever asks. */
const TELLING = [404, 407, 503];

/** The network's own, by the way that the computer is asked otherwise. */
export const openProbe = (endpoint: Endpoint, options: ChannelOptions): Probe =>
  new NetworkProbe(endpoint, options);

type Opening = () => Promise<{ readonly socket: Socket; readonly leftMs: number }>;

class NetworkProbe implements Probe {
  readonly toProxy: Probe['toProxy'];
  readonly #endpoint: Endpoint;
  readonly #options: ChannelOptions;
  readonly #limits: OpenLimits;
  #socket: Socket | undefined;
  #proxy: Proxy | undefined;
  #via: Way['via'];

  constructor(endpoint: Endpoint, options: ChannelOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#limits = { openTimeoutMs: NO_LIMIT_MS, connectTimeoutMs: options.connectTimeoutMs };
    const { proxy } = options;
    const isDirect = !proxy || proxy.accessType === 'None' || proxy.accessType === 'NoProxyServer';
    this.toProxy = isDirect ? undefined : (signal) => this.#toProxy(proxy, signal);
  }

  async lookUp(signal: AbortSignal): Promise<readonly string[]> {
    const { hostname } = this.#endpoint;
    if (isIP(hostname)) return [hostname];
    const found = lookup(hostname, { all: true }).catch((error: unknown) => {
      throw unreachable(error, this.#endpoint);
    });
    return (await orAborted(found, signal)).map(({ address }) => address);
  }

  async connect(signal: AbortSignal): Promise<string> {
    const { proxy: options } = this.#options;
    if (options && this.#proxy) {
      const through = { proxy: this.#proxy, open: this.#firstOrAnother(this.#proxy, signal), options };
      const { socket, via } = await leadOn(through, this.#endpoint, signal);
      this.#via = via;
      this.#keep(socket);
    } else this.#keep(await openSocket(this.#endpoint, this.#limits, signal));
    return this.#opened.remoteAddress ?? this.#endpoint.hostname;
  }

  async secure(signal: AbortSignal): Promise<Secured> {
    let shown: TLSSocket | undefined;
    let chain: readonly CertificateInfo[] = [];
    const unchecked: string[] = [];
    let revocation: string | undefined;
    const onWarning = (sentence: string) => void unchecked.push(sentence);
    const onRevocation = (sentence: string) => void (revocation = sentence);
    const onShown = (secured: TLSSocket) => {
      shown = secured;
      chain = chainOf(secured);
    };
    const found = (): Omit<Secured, 'refusal'> => {
      const protocol = shown?.getProtocol();
      return {
        ...(protocol && { protocol }),
        chain,
        unchecked,
        ...(revocation !== undefined && { revocation }),
      };
    };
    try {
      const how = { ...this.#options, onWarning, onShown, onRevocation };
      const open = this.#firstThenNew(signal);
      if (how.clientCertificate) await this.#judgeFirst(open, how, signal);
      this.#socket = (await openSecured(this.#endpoint, open, how, signal)).socket;
      return found();
    } catch (error) {
      if (!(error instanceof WinRMError) || error.kind !== 'untrusted') throw error;
      return { ...found(), refusal: error };
    }
  }

  /** One who wants a certificate from the start may end this; what he thinks of ours, the next connection tells. */
  async #judgeFirst(open: Opening, options: ChannelOptions, signal: AbortSignal): Promise<void> {
    try {
      const how = { ...options, clientCertificate: undefined, onWarning: () => undefined };
      (await openSecured(this.#endpoint, open, how, signal)).socket.destroy();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof WinRMError && error.kind === 'untrusted') throw error;
    }
  }

  async ask(signal: AbortSignal): Promise<Asking> {
    const how = { maxResponseBytes: MAX_RESPONSE_BYTES, via: this.#via };
    const line = new Line(this.#opened, this.#endpoint, how);
    line.watch = this.#options.trace?.connection(this.#endpoint);
    const reply = await line.post({ headers: { 'Content-Type': SOAP_TYPE }, body: NOTHING }, signal);
    const { status, wwwAuthenticate } = reply;
    if (TELLING.includes(status) || (status >= 300 && status < 400)) throw refusal(reply, this.#endpoint);
    return { status, schemes: schemesOffered(wwwAuthenticate) };
  }

  close(): void {
    this.#via?.signIn.ended();
    this.#socket?.destroy();
  }

  async #toProxy(options: ProxyOptions, signal: AbortSignal): Promise<ReachedProxy | undefined> {
    const proxy = await findProxy(options.accessType, this.#endpoint, options.system);
    if (!proxy) return undefined;
    const { remoteAddress } = this.#keep(await openToProxy(proxy, this.#limits, signal));
    this.#proxy = proxy;
    return { ...proxy, address: remoteAddress ?? proxy.hostname };
  }

  /** The connection that is there; afterwards others, for a proxy that closes it with its challenge. */
  #firstOrAnother(proxy: Proxy, signal: AbortSignal): () => Promise<Socket> {
    let first = this.#socket;
    return async () => {
      const mine = first;
      first = undefined;
      return mine && !mine.destroyed ? mine : openToProxy(proxy, this.#limits, signal);
    };
  }

  /** The connection that is there; afterwards others, for a client certificate. */
  #firstThenNew(signal: AbortSignal): Opening {
    let isNew = false;
    return async () => {
      if (isNew) await this.connect(signal);
      isNew = true;
      return { socket: this.#opened, leftMs: NO_LIMIT_MS };
    };
  }

  get #opened(): Socket {
    if (!this.#socket) throw new Error('The probe was not connected.');
    return this.#socket;
  }

  #keep(socket: Socket): Socket {
    // Between the steps nobody else listens, and an unheard 'error' ends the process.
    socket.on('error', () => undefined);
    return (this.#socket = socket);
  }
}

/** Its own certificate, then those that it rests on. */
const chainOf = (socket: TLSSocket): CertificateInfo[] =>
  peerChain(socket).map((raw) => certificateInfo(new X509Certificate(raw)));
