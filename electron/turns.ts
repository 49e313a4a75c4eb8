import type { Timer } from './timer.ts';

/** A computer that was asked and says nothing for so long reads as silent, and is not waited for any more. */
export const SILENT_MS = 10_000;
/** The place of a question that has no answer for so long goes to the next: many silent ones must not hold up the others. */
export const PASSED_ON_MS = 5_000;
/**
 * So many times as many may be silent as may run at once: a firewall that takes every connection makes hundreds of
 * them, each of which costs a socket and nothing else.
 */
export const SILENT_TIMES = 8;

interface TurnsOptions {
  /** How many run at once. */
  readonly limit: number;
  /**
   * Who runs for so long only waits for somebody silent, and delays nobody: its turn goes to the next. So at most
   * `limit` run beside those that are silent, of which there are at most SILENT_TIMES as many. Its lane goes on, too,
   * unless it is kept: then what follows on it waits for the end all the same.
   */
  readonly silentAfter?: { readonly ms: number; readonly timer: Timer; readonly keepsLane?: boolean };
}

interface Task {
  readonly lane: string;
  readonly capOf: () => number;
  readonly isHeldBack: () => boolean;
  readonly start: () => Promise<void>;
}

/**
 * Runs what it is handed, at most `limit` at a time. Lanes take turns, so that none waits for another; within a lane
 * the order is kept.
 */
export class Turns {
  #limit: number;
  readonly #silentAfter: TurnsOptions['silentAfter'];
  readonly #waiting = new Map<string, Set<Task>>();
  /** By lane; only what counts against its cap. */
  readonly #running = new Map<string, number>();
  #busy = 0;
  #silent = 0;
  /** Those over their time that found no place among the silent, the longest-running first. */
  readonly #overdue = new Set<() => void>();

  constructor({ limit, silentAfter }: TurnsOptions) {
    this.#limit = limit;
    this.#silentAfter = silentAfter;
  }

  set limit(limit: number) {
    this.#limit = limit;
    this.#passOverdue();
    this.next();
  }

  /**
   * @param capOf how many of its lane may run at once, asked whenever one could start
   * @param isHeldBack whether it waits for us, or did a moment ago: that is no silence of whoever it is about
   */
  run<T>(
    lane: string,
    task: () => Promise<T>,
    capOf: () => number = () => Infinity,
    isHeldBack = () => false,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const start = () => task().then(resolve, reject);
      const tasks = this.#waiting.get(lane) ?? new Set();
      this.#waiting.set(lane, tasks.add({ lane, capOf, isHeldBack, start }));
      this.next();
    });
  }

  /** Starts all that may; to be called when a cap may have risen. */
  next(): void {
    while (this.#busy < this.#limit) {
      const task = this.#take();
      if (!task) return;
      void this.#start(task);
    }
  }

  /** The first of the lane that had its turn longest ago and is not at its cap. */
  #take(): Task | undefined {
    for (const [lane, tasks] of this.#waiting) {
      const [task] = tasks;
      if (!task || (this.#running.get(lane) ?? 0) >= task.capOf()) continue;
      tasks.delete(task);
      this.#waiting.delete(lane);
      if (tasks.size > 0) this.#waiting.set(lane, tasks);
      return task;
    }
    return undefined;
  }

  async #start({ lane, isHeldBack, start }: Task): Promise<void> {
    this.#busy++;
    this.#count(lane, 1);
    let isSilent = false;
    const isLaneKept = this.#silentAfter?.keepsLane ?? false;
    let cancel: (() => void) | undefined;
    const wait = () => (cancel = this.#silentAfter?.timer(this.#silentAfter.ms, pass));
    const pass = () => {
      if (isHeldBack()) return void wait();
      if (this.#isSilentFull) return void this.#overdue.add(pass);
      isSilent = true;
      this.#silent++;
      this.#busy--;
      if (!isLaneKept) this.#count(lane, -1);
      this.next();
    };
    wait();
    await start();
    cancel?.();
    this.#overdue.delete(pass);
    if (isSilent) this.#silent--;
    else this.#busy--;
    if (!isSilent || isLaneKept) this.#count(lane, -1);
    this.#passOverdue();
    this.next();
  }

  get #isSilentFull(): boolean {
    return this.#silent >= this.#limit * SILENT_TIMES;
  }

  #passOverdue(): void {
    for (const pass of this.#overdue) {
      if (this.#isSilentFull) return;
      this.#overdue.delete(pass);
      pass();
    }
  }

  #count(lane: string, change: number): void {
    const running = (this.#running.get(lane) ?? 0) + change;
    if (running > 0) this.#running.set(lane, running);
    else this.#running.delete(lane);
  }
}
