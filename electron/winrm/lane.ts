import { withoutBrackets } from '../../shared/computer.ts';
import type { Channel, Limit } from './client.ts';
import { WinRMError } from './error.ts';
import { orAborted } from './or-aborted.ts';
import { settled } from './settled.ts';
import type { After } from './wait.ts';

/** How one request is carried. */
export interface Carriage {
  /** The computer may hold it for as long as it likes: a Receive. */
  readonly waits: boolean;
  /** Milliseconds that the computer has for the answer, counted from when the request has its turn; see Limit. */
  readonly limitMs: number;
  /** Whom an answer that never came is told of. A URL. */
  readonly to: string;
  readonly signal: AbortSignal | undefined;
  /** See WSManRequest. */
  readonly graceMs: number;
  /** See Told. */
  readonly unsent: (() => void) | undefined;
}

/** A channel and the requests that wait for their turn on it: one connection carries one at a time. */
export class Lane {
  readonly channel: Channel;
  /** Settles when all that came before was carried. */
  #free: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #after: After;

  constructor(channel: Channel, after: After) {
    this.channel = channel;
    this.#after = after;
  }

  /** A Receive waits on it, or will before anything else has its turn. */
  get isHeldUp(): boolean {
    return this.#waiting > 0;
  }

  /** Rejects as Channel.post, and with 'timeout' once the limit is over; how long others took before it does not count. */
  async carry(soap: string, carriage: Carriage): Promise<string> {
    const { waits, limitMs, to, signal } = carriage;
    const until = new AbortController();
    const limit = new Stopwatch(limitMs, this.#after, {
      over: () => until.abort(noAnswer(to, limitMs)),
      // Who was given up meanwhile has nothing to hand over any more.
      paused: () => signal?.aborted && giveUp(),
    });
    const giveUp = () => {
      if (!limit.isRunning) carriage.unsent?.();
      until.abort(signal?.reason);
    };
    const letGo = this.#heed(carriage, limit, giveUp);
    const turn = this.#free
      .then(() => {
        until.signal.throwIfAborted();
        limit.resume();
        return this.channel.post(soap, until.signal, limit);
      })
      .finally(() => {
        letGo();
        limit.stop();
      });
    this.#free = settled(turn);
    if (waits) this.#waiting++;
    try {
      return await orAborted(turn, until.signal);
    } finally {
      if (waits) this.#waiting--;
    }
  }

  /** Gives up as the signal says: at once, or after its grace where the computer has it already. @returns how to stop */
  #heed({ signal, graceMs }: Carriage, limit: Stopwatch, giveUp: () => void): () => void {
    if (!signal) return () => undefined;
    let cancel: (() => void) | undefined;
    const heard = () => {
      if (graceMs > 0 && limit.isRunning) cancel = this.#after(graceMs, giveUp);
      else giveUp();
    };
    if (signal.aborted) heard();
    else signal.addEventListener('abort', heard);
    return () => {
      cancel?.();
      signal.removeEventListener('abort', heard);
    };
  }
}

interface StopwatchTold {
  readonly over: () => void;
  readonly paused: () => void;
}

/** Runs only while the computer is waited for: what a KDC or another's login takes is no fault of its. */
class Stopwatch implements Limit {
  readonly #after: After;
  readonly #told: StopwatchTold;
  #leftMs: number;
  #running: { readonly sinceMs: number; readonly cancel: () => void } | undefined;
  #isStopped = false;

  constructor(limitMs: number, after: After, told: StopwatchTold) {
    this.#leftMs = limitMs;
    this.#after = after;
    this.#told = told;
  }

  resume(): void {
    if (this.#running || this.#isStopped) return;
    this.#running = { sinceMs: performance.now(), cancel: this.#after(this.#leftMs, this.#told.over) };
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  stop(): void {
    this.#isStopped = true;
    this.#halt();
  }

  pause(): void {
    this.#halt();
    if (!this.#isStopped) this.#told.paused();
  }

  #halt(): void {
    if (!this.#running) return;
    const { sinceMs, cancel } = this.#running;
    this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - sinceMs));
    this.#running = undefined;
    cancel();
  }
}

const hostnameOf = (url: string) => withoutBrackets(new URL(url).hostname);

const noAnswer = (to: string, ms: number) =>
  new WinRMError(
    'timeout',
    `${hostnameOf(to)} took the request but did not answer within ${Math.round(ms / 1000)} s.`,
    {
      causes: ['The computer is overloaded or its WinRM service hangs.', 'The network dropped the answer.'],
      remedy: { text: 'Try again; give OperationTimeout more time if the computer is known to be slow.' },
      faultCode: 2150859046,
      errorId: 'WinRMOperationTimeout',
    },
  );
