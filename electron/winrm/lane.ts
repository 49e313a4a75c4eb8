import { withoutBrackets } from '../../shared/computer.ts';
import type { Channel, Limit } from './client.ts';
import { WinRMError } from './error.ts';
import { following } from './following.ts';
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
    const { waits, signal } = carriage;
    const turn = this.#free.then(() => {
      signal?.throwIfAborted();
      return this.#post(soap, carriage);
    });
    this.#free = settled(turn);
    if (waits) this.#waiting++;
    try {
      return await (signal ? orAborted(turn, signal) : turn);
    } finally {
      if (waits) this.#waiting--;
    }
  }

  async #post(soap: string, { limitMs, to, signal }: Carriage): Promise<string> {
    const { controller: until, letGo } = following(signal);
    const limit = new Stopwatch(limitMs, this.#after, () => until.abort(noAnswer(to, limitMs)));
    limit.resume();
    try {
      return await this.channel.post(soap, until.signal, limit);
    } finally {
      letGo();
      limit.stop();
    }
  }
}

/** Runs only while the computer is waited for: what a KDC or another's login takes is no fault of its. */
class Stopwatch implements Limit {
  readonly #after: After;
  readonly #over: () => void;
  #leftMs: number;
  #running: { readonly sinceMs: number; readonly cancel: () => void } | undefined;
  #isStopped = false;

  constructor(limitMs: number, after: After, over: () => void) {
    this.#leftMs = limitMs;
    this.#after = after;
    this.#over = over;
  }

  resume(): void {
    if (this.#running || this.#isStopped) return;
    this.#running = { sinceMs: performance.now(), cancel: this.#after(this.#leftMs, this.#over) };
  }

  stop(): void {
    this.#isStopped = true;
    this.pause();
  }

  pause(): void {
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
