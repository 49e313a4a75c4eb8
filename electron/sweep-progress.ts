import type { Sweep } from '../shared/contract.ts';
import { coalesce } from './coalesce.ts';
import type { Gathering, Later } from './coalesce.ts';

export interface SweepProgressDeps {
  readonly emit: (sweep: Sweep) => void;
  /** Accounts that are not tried any more. */
  readonly stopped: () => readonly string[];
  readonly now: () => number;
  readonly gather: number | Later;
}

/**
 * How far the questions under way have come; those asked while others run join them. But a person's question, and one
 * asked while nobody is waited for but those that are silent, begins a sweep of its own, into which it takes what is
 * still under way: else, where the app asks by itself and some hang, one sweep would go on for days. What is asked once
 * more after an act is no part of any.
 */
export class SweepProgress {
  readonly #deps: SweepProgressDeps;
  readonly #emit: Gathering<'sweep', Sweep>;
  #sweep: Sweep | undefined;
  /** A person asked for it. */
  #isAsked = false;
  /** How many of those under way have said nothing for long. */
  #silent = 0;

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

  /** @param isAsked by a person */
  asked(count: number, isAsked: boolean): void {
    const { left } = this;
    const isOwn = (isAsked && !this.#isAsked) || this.#silent >= left;
    if (isOwn) this.#sweep = { asked: left, done: 0, since: this.#deps.now() };
    this.#isAsked = isAsked || (this.#isAsked && !isOwn);
    this.#count(count, 0);
    // Before the first answer, which is gathered apart: what is new is counted for the sweep that is known by then.
    if (isOwn) this.#emit.flush();
  }

  /** One of those under way has said nothing for long. */
  silent(): void {
    this.#silent++;
  }

  /** @param wasSilent it was told to be; @param wasCancelled a person did not wait for its answer */
  done(wasSilent: boolean, wasCancelled = false): void {
    if (wasSilent) this.#silent--;
    this.#count(0, 1, wasCancelled ? 1 : 0);
  }

  /** One was asked that is no part of it: what that may add is an account that is not tried any more. */
  beside(): void {
    const before = this.#sweep?.stopped ?? [];
    const more = this.#deps.stopped().filter((one) => !before.includes(one));
    if (!this.#sweep || more.length === 0) return;
    this.#sweep = { ...this.#sweep, stopped: [...before, ...more] };
    this.#emit(['sweep', this.#sweep]);
  }

  #count(asked: number, done: number, cancelled = 0): void {
    const { now, stopped } = this.#deps;
    const before: Sweep = this.#sweep ?? { asked: 0, done: 0, since: now() };
    const accounts = stopped();
    const cut = (before.cancelled ?? 0) + cancelled;
    const sweep: Sweep = {
      asked: before.asked + asked,
      done: before.done + done,
      ...(cut > 0 && { cancelled: cut }),
      since: before.since,
      ...(accounts.length > 0 && { stopped: accounts }),
    };
    const isOver = sweep.done === sweep.asked;
    if (isOver) this.#isAsked = false;
    this.#sweep = isOver ? { ...sweep, endedAt: now() } : sweep;
    this.#emit(['sweep', this.#sweep]);
  }
}
