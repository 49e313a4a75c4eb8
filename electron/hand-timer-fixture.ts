import type { Timer } from './timer.ts';

/** For tests: a timer and a clock that stand still until they are moved. */
export class HandTimer {
  now = 0;
  #due: { readonly at: number; readonly run: () => void }[] = [];

  readonly timer: Timer = (ms, run) => {
    const entry = { at: this.now + ms, run };
    this.#due.push(entry);
    return () => void (this.#due = this.#due.filter((one) => one !== entry));
  };

  /** Milliseconds until each that waits, soonest first. */
  get waits(): number[] {
    return this.#due.map(({ at }) => at - this.now).sort((a, b) => a - b);
  }

  /** Moves on, and lets what is due run in its order, each with all that it brings about. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const next = this.#due.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#due = this.#due.filter((one) => one !== next);
      this.now = next.at;
      next.run();
      await new Promise(setImmediate);
    }
    this.now = end;
  }
}
