import { systemTimer } from '../timer.ts';
import type { Timer } from '../timer.ts';
import type { CommandIO } from './io.ts';
import { lostOutput } from './lost-output.ts';

/** How long an answer that may be on its way is waited for once the run is stopped. */
const ANSWER_LIMIT_MS = 2_000;
/** How long, from then on, its reader may take over what was received: as long as leaving may take. */
const WRITE_LIMIT_MS = 5_000;

/**
 * When a session is received no further. A computer gives its output once, so what it has handed out is read to its end and
 * written as far as anybody takes it, or told how much it was; nothing more is asked for. Where the output is lost a computer
 * that was asked is not waited for; where somebody stops the run, it is for a while, and so is the reader.
 */
export class Reading {
  readonly #run: AbortSignal;
  readonly #insisted: AbortSignal;
  readonly #timer: Timer;
  readonly #own = new AbortController();
  readonly #patience = new AbortController();
  readonly #hear = () => this.#stop();
  readonly #insist = () => this.#giveUp();
  readonly #cancels: (() => void)[] = [];
  #isWaiting = true;
  #isAsked = false;
  /** An answer may have been on its way when it was not waited for any longer. */
  isUnheard = false;

  constructor({ signal, insisted, timer = systemTimer }: Pick<CommandIO, 'signal' | 'insisted' | 'timer'>) {
    this.#run = signal;
    this.#insisted = insisted;
    this.#timer = timer;
    signal.addEventListener('abort', this.#hear);
    insisted.addEventListener('abort', this.#insist);
    if (signal.aborted) this.#own.abort(signal.reason); // nothing was asked for yet
  }

  /** Aborts when nothing is waited for any more that the computer may say. */
  get signal(): AbortSignal {
    return this.#own.signal;
  }

  /** Aborts when no reader is waited for any more. */
  get patience(): AbortSignal {
    return this.#patience.signal;
  }

  /** The computer answered. */
  heard(): void {
    this.#isWaiting = false;
  }

  /** It is about to be asked for more. @throws why it must not be */
  goesOn(): void {
    if (this.#run.aborted) {
      this.#isWaiting = false;
      this.#own.abort(this.#run.reason);
    }
    this.#own.signal.throwIfAborted();
    this.#isWaiting = true;
    this.#isAsked = true;
  }

  end(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#run.removeEventListener('abort', this.#hear);
    this.#insisted.removeEventListener('abort', this.#insist);
  }

  #stop(): void {
    if (lostOutput(this.#run)) {
      this.#patience.abort();
      this.#waitNoLonger();
      return;
    }
    this.#cancels.push(
      this.#timer(ANSWER_LIMIT_MS, () => this.#waitNoLonger()),
      this.#timer(WRITE_LIMIT_MS, () => this.#giveUp()),
    );
  }

  #waitNoLonger(): void {
    if (!this.#isWaiting || this.#own.signal.aborted) return;
    this.isUnheard = this.#isAsked;
    this.#own.abort(this.#run.reason);
  }

  #giveUp(): void {
    this.#patience.abort();
    this.#waitNoLonger();
    this.#own.abort(this.#run.reason);
  }
}

/** Settles with the work, or once nobody waits for it any more. */
export async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (stop = resolve));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  await Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
