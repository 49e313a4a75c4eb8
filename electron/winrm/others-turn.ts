/** What takes some milliseconds to read. */
const BYTES_A_TURN = 1024 * 1024;

/** To be awaited between two pieces of long work. */
export const othersTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Reads a long answer so that other work has its turn in between, and so that a signal is heard. */
export class OthersTurn {
  readonly #signal: AbortSignal | undefined;
  #read = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /**
   * To be awaited, where it is given, before this piece is read.
   *
   * @returns undefined while little was read; else rejects with `signal.reason`
   */
  before({ length }: Uint8Array): Promise<void> | undefined {
    this.#read += length;
    if (this.#read < BYTES_A_TURN) return undefined;
    this.#read = 0;
    return othersTurn().then(() => this.#signal?.throwIfAborted());
  }
}
