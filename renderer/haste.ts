/** So long after the last quick move the list counts as standing. Milliseconds. */
const SETTLES_MS = 120;
/** More of what is seen than this, between two looks, is more than anyone reads. */
const TOO_MUCH = 1 / 4;

export interface HasteDeps {
  /** The list stands again. */
  readonly settled: () => void;
  /** @returns how to call it off */
  readonly after?: (ms: number, run: () => void) => () => void;
}

/** Whether lines fly past too quickly to be read. One jump is no haste: what it lands on is read at once. */
export class Haste {
  readonly #deps: Required<HasteDeps>;
  #isQuick = false;
  #isHasty = false;
  #cancel: () => void = () => undefined;

  constructor(deps: HasteDeps) {
    this.#deps = { after: afterTimeout, ...deps };
  }

  /** @param lines by how many lines it moved @param seen how many are seen at once @returns whether it is in haste */
  moved(lines: number, seen: number): boolean {
    const isQuick = lines > seen * TOO_MUCH;
    if (isQuick) {
      this.#isHasty ||= this.#isQuick;
      this.#isQuick = true;
      this.#cancel();
      this.#cancel = this.#deps.after(SETTLES_MS, () => this.#settle());
    }
    return this.#isHasty;
  }

  stop(): void {
    this.#cancel();
    this.#isQuick = this.#isHasty = false;
  }

  #settle(): void {
    const wasHasty = this.#isHasty;
    this.stop();
    if (wasHasty) this.#deps.settled();
  }
}

function afterTimeout(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
