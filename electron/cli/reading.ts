import { lostOutput } from './lost-output.ts';

/**
 * When a session is received no further. Where the output is lost, what the computer has handed out is read to its end, so
 * that it can be told how much it was, and nothing more is asked for; all else that stops the run ends it at once.
 */
export class Reading {
  readonly #run: AbortSignal;
  readonly #own = new AbortController();
  readonly #hear = () => this.#stop();
  #isWaiting = true;

  constructor(run: AbortSignal) {
    this.#run = run;
    run.addEventListener('abort', this.#hear);
    this.#stop();
  }

  get signal(): AbortSignal {
    return this.#own.signal;
  }

  /** The computer answered. */
  heard(): void {
    this.#isWaiting = false;
  }

  /** It is about to be asked for more. @throws why it must not be */
  goesOn(): void {
    this.#isWaiting = true;
    this.#stop();
    this.#own.signal.throwIfAborted();
  }

  end(): void {
    this.#run.removeEventListener('abort', this.#hear);
  }

  #stop(): void {
    if (!this.#run.aborted || (lostOutput(this.#run) && !this.#isWaiting)) return;
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
