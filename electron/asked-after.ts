import type { ComputerId } from '../shared/computer.ts';

/** The acts of one computer that are under way or wait for their turn. */
interface Planned {
  acts: number;
  /** One of them was begun: before, nothing can have changed. */
  isDue: boolean;
}

/** What came of the last of a computer's acts is asked of the computer itself. */
export class AskedAfter {
  readonly #ask: (id: ComputerId) => Promise<void>;
  readonly #planned = new Map<ComputerId, Planned>();
  readonly #asking = new Map<ComputerId, Promise<void>>();

  /** @param ask asks this computer anew; settles when it has answered or failed */
  constructor(ask: (id: ComputerId) => Promise<void>) {
    this.#ask = ask;
  }

  /** For an act that has just ended: settles when its computer was asked since. */
  async asked(id: ComputerId): Promise<void> {
    // Beside other acts on it no question has followed yet, and what was asked before knows nothing of this one.
    await (this.#planned.has(id) ? this.#ask(id) : this.#asking.get(id));
  }

  /** Works on it now, or for its turn: as long as it does, its computer is not asked. */
  async after<T>(id: ComputerId, work: () => Promise<T>): Promise<T> {
    const planned = this.#planned.get(id) ?? { acts: 0, isDue: false };
    planned.acts++;
    this.#planned.set(id, planned);
    try {
      return await work();
    } finally {
      planned.acts--;
      if (planned.acts === 0) {
        this.#planned.delete(id);
        if (planned.isDue) this.#follow(id);
      }
    }
  }

  /** An act on it begins. */
  begun(id: ComputerId): void {
    const planned = this.#planned.get(id);
    if (planned) planned.isDue = true;
  }

  #follow(id: ComputerId): void {
    const asking = this.#ask(id).finally(() => {
      if (this.#asking.get(id) === asking) this.#asking.delete(id);
    });
    this.#asking.set(id, asking);
  }
}
