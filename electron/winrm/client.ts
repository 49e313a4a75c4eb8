import { randomUUID } from 'node:crypto';
import { SESSION_OPTION_DEFAULTS } from '../../shared/computer.ts';
import { WinRMError } from './error.ts';
import { drive } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { readResponse } from './wsman/fault.ts';
import { toSoap } from './wsman/request.ts';
import type { Action, WSManRequest, WSManResponse } from './wsman/request.ts';

/**
 * The seam to the network: one SOAP text there, one back, a fault's text too. Rejects with a WinRMError when no SOAP
 * came back, and with `signal.reason` once the signal aborts. The simulator stands in here.
 */
export type Post = (soap: string, signal: AbortSignal) => Promise<string>;

/** An authenticated way to one computer. */
export interface Channel {
  readonly post: Post;
  close(): void;
}

export interface WSManClientOptions {
  /** `a:To`, e.g. `http://web01:5985/wsman`. */
  readonly to: string;
  readonly channel: Channel;
  /** Opens what may overtake a waiting Receive; without it the one channel carries all. */
  readonly openSecond?: () => Channel;
  /** The `p:SessionId` of an earlier client that this one continues. A GUID. */
  readonly sessionId?: string;
  /** Milliseconds; PowerShell's default is 180 000. */
  readonly operationTimeoutMs?: number;
  /** For Signal, Disconnect and Delete; PowerShell's default is 60 000. */
  readonly cancelTimeoutMs?: number;
}

const CANCELLING: readonly Action[] = ['Signal', 'Disconnect', 'Delete'];
/** Windows' own client asks for this much; see docs/protocol.md. */
const MAX_ENVELOPE_SIZE_BYTES = 512_000;
/** The server is given its OperationTimeout, then this much to say so. */
const GRACE_MS = 10_000;

/** One client in WS-Man's sense: one SessionId, at most two connections, faults thrown as WinRMError. */
export class WSManClient {
  readonly sessionId: string;
  readonly #options: WSManClientOptions;
  #second: Channel | undefined;
  /** Requests under way on the first channel. */
  #underWay = 0;

  constructor(options: WSManClientOptions) {
    this.#options = options;
    this.sessionId = (options.sessionId ?? randomUUID()).toUpperCase();
  }

  /** Runs a conversation to its end. Rejects with a WinRMError; 'cancelled' or the signal's own reason on abort. */
  run<T>(exchange: Exchange<T>, signal?: AbortSignal): Promise<T> {
    return drive(exchange, (request) => this.send(request, signal));
  }

  async send(request: WSManRequest, signal?: AbortSignal): Promise<WSManResponse> {
    signal?.throwIfAborted();
    const operationTimeoutMs = request.operationTimeoutMs ?? this.#timeLimit(request);
    const messageId = newGuid();
    const soap = toSoap(request, {
      to: this.#options.to,
      messageId,
      sessionId: this.sessionId,
      operationId: newGuid(),
      maxEnvelopeSizeBytes: MAX_ENVELOPE_SIZE_BYTES,
      operationTimeoutMs,
      locale: 'en-US',
    });
    const clock = new AbortController();
    const timer = setTimeout(
      () => clock.abort(noAnswer(operationTimeoutMs + GRACE_MS)),
      Math.min(operationTimeoutMs + GRACE_MS, 2 ** 31 - 1),
    );
    const channel = this.#channelFor(request);
    if (channel === this.#options.channel) this.#underWay++;
    try {
      const both = signal ? AbortSignal.any([signal, clock.signal]) : clock.signal;
      const answer = await channel.post(soap, both);
      return readResponse(answer, request.action === 'Identify' ? undefined : messageId);
    } finally {
      clearTimeout(timer);
      if (channel === this.#options.channel) this.#underWay--;
    }
  }

  close(): void {
    this.#options.channel.close();
    this.#second?.close();
    this.#second = undefined;
  }

  #timeLimit({ action }: WSManRequest): number {
    const { operationTimeout, cancelTimeout } = SESSION_OPTION_DEFAULTS;
    return CANCELLING.includes(action)
      ? (this.#options.cancelTimeoutMs ?? cancelTimeout)
      : (this.#options.operationTimeoutMs ?? operationTimeout);
  }

  /** A second connection signs in anew, so it is opened only when there is something to overtake. */
  #channelFor({ overtakes }: WSManRequest): Channel {
    const { channel, openSecond } = this.#options;
    if (!overtakes || this.#underWay === 0 || !openSecond) return channel;
    return (this.#second ??= openSecond());
  }
}

const newGuid = () => randomUUID().toUpperCase();

const noAnswer = (ms: number) =>
  new WinRMError(
    'timeout',
    `The computer took the request but did not answer within ${Math.round(ms / 1000)} s.`,
    {
      causes: ['The computer is overloaded or its WinRM service hangs.', 'The network dropped the answer.'],
      remedy: { text: 'Try again; give OperationTimeout more time if the computer is known to be slow.' },
      faultCode: 2150859046,
      errorId: 'WinRMOperationTimeout',
    },
  );
