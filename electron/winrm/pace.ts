import type { Wait } from './wait.ts';
import type { Received } from './wsman/pool.ts';

/** Asked again sooner than that, a computer did not wait for output. */
const HASTY_MS = 50;
/** So often in a row is forgiven. */
const HASTY_TIMES = 20;
const PAUSE_MS = 1_000;
const NEVER = new AbortController().signal;

/** Keeps one who receives over and over from asking a computer without a pause that answers at once and says nothing. */
export class Pace {
  readonly #now: () => number;
  readonly #wait: Wait;
  #hasty = 0;

  /** @param now milliseconds of whatever clock */
  constructor(now: () => number, wait: Wait) {
    this.#now = now;
    this.#wait = wait;
  }

  async ask<R extends Received>(receive: () => Promise<R>, signal: AbortSignal = NEVER): Promise<R> {
    if (this.#hasty > HASTY_TIMES) await this.#wait(PAUSE_MS, signal);
    const asked = this.#now();
    const received = await receive();
    const isHasty = received.chunks.length === 0 && this.#now() - asked < HASTY_MS;
    this.#hasty = isHasty ? this.#hasty + 1 : 0;
    return received;
  }
}
