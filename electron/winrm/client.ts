import { randomUUID } from 'node:crypto';
import { SESSION_OPTION_DEFAULTS } from '../../shared/computer.ts';
import type { SignInReport } from '../../shared/sign-in-report.ts';
import { concealed } from './concealing.ts';
import { isFault, WinRMError } from './error.ts';
import { drive } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { following } from './following.ts';
import { Lane } from './lane.ts';
import { after, waitBy } from './wait.ts';
import type { After, Wait } from './wait.ts';
import type { ProtocolTrace } from './protocol-trace.ts';
import { retriedCreate } from './retried-create.ts';
import { readResponse } from './wsman/fault.ts';
import { toSoap } from './wsman/request.ts';
import type { Action, WSManRequest, WSManResponse } from './wsman/request.ts';

/**
 * The seam to the network: one SOAP text there, one back, a fault's text too. Rejects with a WinRMError when no SOAP
 * came back, and with `signal.reason` once the signal aborts. The simulator stands in here.
 */
export type Post = (soap: string, signal: AbortSignal, limit?: Limit) => Promise<string>;

/** The time that a computer has for its answer; it runs when a post begins. Either may be called at any time. */
export interface Limit {
  /** Somebody else is waited for: the way there, which has OpenTimeout, a KDC, another login. */
  pause(): void;
  /** The computer was asked. */
  resume(): void;
}

/** An authenticated way to one computer. */
export interface Channel {
  readonly post: Post;
  /** How its open connection was signed in; undefined while there is none, or no network. */
  readonly signIn?: SignInReport | undefined;
  close(): void;
}

export interface WSManClientOptions {
  /** `a:To`, e.g. `http://web01:5985/wsman`. */
  readonly to: string;
  /** How that is told, where it is told otherwise. */
  readonly toldAs?: string;
  /**
   * Takes the place that a redirection named and gives both of it; what is opened from then on leads there. Throws where
   * it is not followed, or the error is none. Without it nothing is followed.
   */
  readonly redirect?: (error: unknown) => Pick<WSManClientOptions, 'to' | 'toldAs'>;
  readonly channel: Channel;
  /** Takes out of an error what nobody may read; see concealing.ts. */
  readonly conceal?: (error: unknown) => unknown;
  /**
   * Opens another channel: a second one for what may overtake a waiting Receive, and the first one to where a redirection
   * led. Without it the one channel carries all, and nothing is followed.
   */
  readonly openAnother?: () => Channel;
  /** The `p:SessionId` of an earlier client that this one continues. A GUID. */
  readonly sessionId?: string;
  /** Milliseconds; PowerShell's default is 180 000. */
  readonly operationTimeoutMs?: number;
  /** For Signal and Delete (PowerShell's SetSignalTimeOut, SetCloseTimeOut); its default is 60 000. */
  readonly cancelTimeoutMs?: number;
  /** How often a Create is tried again; PowerShell's default is 5. */
  readonly maxConnectionRetryCount?: number;
  /** BCP 47; `en-US` unless given. `uiCulture` is the language of faults, `culture` that of dates and numbers. */
  readonly uiCulture?: string;
  readonly culture?: string;
  /** Milliseconds between one try and the next to have a lost answer to Receive; a minute in all unless given. */
  readonly repeatAfterMs?: readonly number[];
  /** Is told what is asked and answered. */
  readonly trace?: ProtocolTrace;
  /** A timer; that of the system unless given. */
  readonly after?: After;
}

/** What is told of a request on its way. */
export interface Told {
  /** An answer was lost, and is asked for again. */
  readonly lost?: () => void;
  /** One try had no answer of any kind, and the computer may have given one. */
  readonly unheard?: () => void;
  /** It was handed over, and is tried again though the answer says that nothing came of it, which a gateway cannot know. */
  readonly again?: () => void;
  /** It was given up before it was handed over, or between two tries, so nothing came of it. */
  readonly unsent?: (() => void) | undefined;
}

const CANCELLING: readonly Action[] = ['Signal', 'Delete'];
/** Windows' own client asks for this much; see docs/protocol.md. */
const MAX_ENVELOPE_SIZE_BYTES = 512_000;
const CULTURE = 'en-US';
/** The server is given its OperationTimeout, then this much to say so. */
const GRACE_MS = 10_000;
/** The same where the time is all that there is. */
const LEFT_GRACE_MS = 1_000;
/** A network or VPN may come back in that time. */
const REPEAT_AFTER_MS: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/** One client in WS-Man's sense: one SessionId, at most two connections, faults thrown as WinRMError. */
export class WSManClient {
  readonly sessionId: string;
  readonly #options: WSManClientOptions;
  readonly #after: After;
  readonly #wait: Wait;
  #first: Lane;
  #second: Lane | undefined;
  /** Resources whose computer keeps its answers for a client that lost one. */
  readonly #robust = new Set<string>();
  #isClosed = false;
  /** Of pauses, which end when it is closed. A signal for each client would be felt in a sweep. */
  readonly #pauses = new Set<AbortController>();
  #to: string;
  #toldAs: string;
  /** Channels to where the computer is not asked any more. */
  readonly #retired: Channel[] = [];

  constructor(options: WSManClientOptions) {
    this.#options = options;
    this.#to = options.to;
    this.#toldAs = options.toldAs ?? options.to;
    this.#after = options.after ?? after;
    this.#wait = waitBy(this.#after);
    this.#first = new Lane(options.channel, this.#after);
    this.sessionId = (options.sessionId ?? randomUUID()).toUpperCase();
  }

  /** Runs a conversation to its end. Rejects with a WinRMError; 'cancelled' or the signal's own reason on abort. */
  run<T>(exchange: Exchange<T>, signal?: AbortSignal, told: Told = {}): Promise<T> {
    return drive(exchange, (request) => this.send(request, signal, told));
  }

  send(request: WSManRequest, signal?: AbortSignal, told: Told = {}): Promise<WSManResponse> {
    return concealed(this.#sendOften(request, signal, told), this.#options.conceal);
  }

  #sendOften(request: WSManRequest, signal: AbortSignal | undefined, told: Told): Promise<WSManResponse> {
    const send = () => this.#send(request, signal, told);
    if (request.action !== 'Create') return send();
    const { maxConnectionRetryCount: most = SESSION_OPTION_DEFAULTS.maxConnectionRetryCount } = this.#options;
    return retriedCreate(send, {
      most,
      leftMs: request.leftMs,
      isEnded: () => this.#isClosed || signal?.aborted === true,
      pause: (ms) => this.#pause(ms, signal),
      told,
    });
  }

  async #send(request: WSManRequest, signal: AbortSignal | undefined, told: Told): Promise<WSManResponse> {
    for (;;) {
      const to = this.#to;
      try {
        return await this.#sendTo(to, request, signal, told);
      } catch (error) {
        if (!isRedirection(error)) throw error;
        // Another request may have been sent on meanwhile.
        if (this.#to === to) this.#move(error, told);
      }
    }
  }

  /** From now on the computer is asked where it redirected to. */
  #move(error: unknown, told: Told): void {
    const { redirect, openAnother } = this.#options;
    if (!redirect || !openAnother) throw error;
    this.#requireOpen(told);
    const { to, toldAs = to } = redirect(error);
    this.#to = to;
    this.#toldAs = toldAs;
    this.#robust.clear(); // who is asked from now on has not shown anything yet
    this.#retired.push(this.#first.channel, ...(this.#second ? [this.#second.channel] : []));
    this.#first = new Lane(openAnother(), this.#after);
    this.#second = undefined;
  }

  async #sendTo(
    to: string,
    request: WSManRequest,
    signal: AbortSignal | undefined,
    told: Told,
  ): Promise<WSManResponse> {
    signal?.throwIfAborted();
    const { leftMs, operationTimeoutMs: given = this.#timeLimit(request) } = request;
    const timeMs = () => (leftMs ? Math.max(0, leftMs()) : given);
    // A lost answer is given again to the same request alone, so a repeated one says what it said at first.
    const operationTimeoutMs = timeMs();
    const messageId = newGuid();
    const operationId = newGuid();
    const post = (isRepeated: boolean) => {
      const soap = toSoap(request, {
        to,
        messageId,
        sessionId: this.sessionId,
        operationId,
        isRepeated,
        maxEnvelopeSizeBytes: MAX_ENVELOPE_SIZE_BYTES,
        operationTimeoutMs,
        locale: this.#options.uiCulture ?? CULTURE,
        dataLocale: this.#options.culture ?? CULTURE,
      });
      this.#options.trace?.asked(request.action, soap.length);
      const waits = request.action === 'Receive';
      return this.#laneFor(request, told).carry(soap, {
        waits,
        limitMs: timeMs() + (leftMs ? LEFT_GRACE_MS : GRACE_MS),
        to,
        signal,
        graceMs: request.graceMs ?? 0,
        unsent: told.unsent,
      });
    };
    try {
      const soap = await this.#robustly(request, post, signal, told);
      const answer = readResponse(soap, request.action === 'Identify' ? undefined : messageId);
      this.#options.trace?.answered(request.action, soap.length);
      if (answer.operationId === operationId) this.#robust.add(request.resourceUri);
      return answer;
    } catch (error) {
      this.#options.trace?.failed(request.action, error);
      throw error;
    }
  }

  /**
   * A lost answer to Receive takes its output along, so it is asked for again where the computer has shown that it keeps
   * its answers; anywhere else a second Receive would hide the gap.
   */
  async #robustly(
    { action, resourceUri, leftMs }: WSManRequest,
    post: (isRepeated: boolean) => Promise<string>,
    signal: AbortSignal | undefined,
    { lost, unheard }: Told,
  ): Promise<string> {
    const { repeatAfterMs = REPEAT_AFTER_MS } = this.#options;
    const ask = unheard
      ? (isRepeated: boolean) =>
          post(isRepeated).catch((error: unknown) => {
            if (mayBeAnswered(error)) unheard();
            throw error;
          })
      : post;
    if (action !== 'Receive' || !this.#robust.has(resourceUri)) return ask(false);
    for (const [i, ms] of repeatAfterMs.entries()) {
      try {
        return await ask(i > 0);
      } catch (error) {
        // One that was waited for to the end was lost on its way; that long is waited once.
        if (!isLost(error) && !(i === 0 && isUnanswered(error))) throw error;
        if (leftMs && leftMs() <= ms) throw error;
        if (i === 0) lost?.();
        await this.#pause(ms, signal);
        if (this.#isClosed) throw error;
      }
    }
    return ask(repeatAfterMs.length > 0);
  }

  /** Until then, or until it is closed. Rejects with the signal's reason. */
  async #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#isClosed) return signal?.throwIfAborted();
    const { controller, letGo } = following(signal);
    this.#pauses.add(controller);
    await this.#wait(ms, controller.signal);
    this.#pauses.delete(controller);
    letGo();
    signal?.throwIfAborted();
  }

  /** Nobody would close what is opened after close(). */
  #requireOpen({ unsent }: Told): void {
    if (!this.#isClosed) return;
    unsent?.();
    throw new WinRMError('cancelled', 'The connection was closed.');
  }

  /** Where it asks now: where it was sent on to, once it was. Without a query, which is between those two. */
  get url(): string {
    return this.#toldAs.replace(/\?.*$/s, '');
  }

  /** How it is signed in now; undefined before the first answer, and without a network. */
  get signIn(): SignInReport | undefined {
    return this.#first.channel.signIn;
  }

  close(): void {
    this.#isClosed = true;
    for (const pause of this.#pauses) pause.abort();
    for (const channel of this.#retired.splice(0)) channel.close();
    this.#first.channel.close();
    this.#second?.channel.close();
    this.#second = undefined;
  }

  #timeLimit({ action }: WSManRequest): number {
    const { operationTimeout, cancelTimeout } = SESSION_OPTION_DEFAULTS;
    return CANCELLING.includes(action)
      ? (this.#options.cancelTimeoutMs ?? cancelTimeout)
      : (this.#options.operationTimeoutMs ?? operationTimeout);
  }

  /** A second connection signs in anew, so it is opened only when a Receive would hold up what overtakes. */
  #laneFor({ overtakes }: WSManRequest, told: Told): Lane {
    const { openAnother } = this.#options;
    if (!overtakes || !this.#first.isHeldUp || !openAnother) return this.#first;
    this.#requireOpen(told);
    return (this.#second ??= new Lane(openAnother(), this.#after));
  }
}

/** The network's doing; an HTTP answer is none, whatever number it has. */
const isLost = (error: unknown) => error instanceof WinRMError && error.info.network !== undefined;

/** Nothing came, not even a fault that says so. */
const isUnanswered = (error: unknown) =>
  error instanceof WinRMError && error.kind === 'timeout' && !isFault(error);

/** The request was handed over, and whether its answer was under way nobody knows. */
const mayBeAnswered = (error: unknown) =>
  isUnanswered(error) || (error instanceof WinRMError && error.info.network === 'after');

const isRedirection = (error: unknown) => error instanceof WinRMError && error.info.location !== undefined;

const newGuid = () => randomUUID().toUpperCase();
