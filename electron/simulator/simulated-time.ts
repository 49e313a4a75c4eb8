import type { Delay } from './output-queue.ts';

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** A clock that stands until it is told to go on, with the delays that hang on it. For tests and for replays. */
export class SimulatedTime {
  #now: number;
  #alarms: Alarm[] = [];

  /** @param now epoch milliseconds */
  constructor(now: number) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  /** Runs something then. @returns takes it back */
  readonly after = (ms: number, run: () => void): (() => void) => {
    const ring = () => {
      cancel();
      run();
    };
    const cancel = () => void (this.#alarms = this.#alarms.filter((one) => one !== alarm));
    const alarm = { at: this.#now + ms, ring };
    this.#alarms.push(alarm);
    return cancel;
  };

  readonly delay: Delay = (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted || ms <= 0) return resolve();
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = this.after(ms, end);
      signal.addEventListener('abort', end);
    });

  /** How many wait. */
  get waiting(): number {
    return this.#alarms.length;
  }

  /** Lets so many milliseconds pass; whoever waited for them goes on, in order, each seeing its own time. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const next = this.#alarms.reduce<Alarm | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
      if (!next || next.at > end) break;
      this.#now = next.at;
      next.ring();
    }
    this.#now = end;
  }
}

/** Everything that could run without waiting has run; a conversation's steps are a few dozen microtasks each. */
async function settled(): Promise<void> {
  for (let i = 0; i < 200; i++) await Promise.resolve();
}
