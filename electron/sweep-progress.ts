import type { Sweep } from '../shared/contract.ts';
import { coalesce } from './coalesce.ts';
import type { Later } from './coalesce.ts';

export interface SweepProgressDeps {
  readonly emit: (sweep: Sweep) => void;
  /** Accounts that are not tried any more. */
  readonly stopped: () => readonly string[];
  readonly now: () => number;
  readonly gather: number | Later;
}

/** How far the questions under way have come; those asked while others run join them. */
export class SweepProgress {
  readonly #deps: SweepProgressDeps;
  readonly #emit: (entry: readonly ['sweep', Sweep]) => void;
  #sweep: Sweep | undefined;

  constructor(deps: SweepProgressDeps) {
    this.#deps = deps;
    this.#emit = coalesce<'sweep', Sweep>((all) => all.forEach(([, sweep]) => deps.emit(sweep)), deps.gather);
  }

  get sweep(): Sweep | undefined {
    return this.#sweep;
  }

  /** How many were asked and have not answered. */
  get left(): number {
    return this.#sweep ? this.#sweep.asked - this.#sweep.done : 0;
  }

  asked(count: number): void {
    this.#count(count, 0);
  }

  done(): void {
    this.#count(0, 1);
  }

  #count(asked: number, done: number): void {
    const now = this.#deps.now();
    const running = this.#sweep && this.#sweep.endedAt === undefined ? this.#sweep : undefined;
    const stopped = this.#deps.stopped();
    const sweep: Sweep = {
      asked: (running?.asked ?? 0) + asked,
      done: (running?.done ?? 0) + done,
      since: running?.since ?? now,
      ...(stopped.length > 0 && { stopped }),
    };
    this.#sweep = sweep.done === sweep.asked ? { ...sweep, endedAt: now } : sweep;
    this.#emit(['sweep', this.#sweep]);
  }
}
