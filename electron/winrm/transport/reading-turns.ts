/**
 * So many answers are read one after the other. Measured with sweeps of 5,000: of more there is less to gain, and of
 * fewer Electron's loop costs as much as they bring.
 */
const AT_ONCE = 4;

/**
 * Whoever asks many computers at a time has their answers in bursts. Were all of a burst read before the network has its
 * turn, the next computers would be asked late and together, and the burst would go round for ever while the processor
 * waits between. So a few are read, then what they led to goes out, then the next are.
 */
export class ReadingTurns {
  readonly #next: (run: () => void) => void;
  readonly #waiting: (() => void)[] = [];
  /** How many were read since the network had its turn. */
  #read = 0;

  /** @param next runs something after the network had its turn */
  constructor(next: (run: () => void) => void = setImmediate) {
    this.#next = next;
  }

  /** To be awaited, where it is given, before an answer is read. @returns undefined when it may be read at once */
  before(): Promise<void> | undefined {
    if (this.#read === 0) this.#next(this.#turn);
    if (this.#read < AT_ONCE) {
      this.#read++;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  readonly #turn = (): void => {
    const ready = this.#waiting.splice(0, AT_ONCE);
    this.#read = ready.length;
    if (ready.length > 0) this.#next(this.#turn);
    for (const read of ready) read();
  };
}

/** The one that all clients of a process share. */
export const readingTurns = new ReadingTurns();
