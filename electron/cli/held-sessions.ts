/** How long leaving may take once the run is being stopped. */
const LEAVE_LIMIT_MS = 5_000;

interface Held {
  disconnect(options: object, signal: AbortSignal): Promise<void>;
}

/** What this run is connected to and would leave Busy if it just ended. */
export class HeldSessions {
  readonly #held = new Set<Held>();

  add(held: Held): void {
    this.#held.add(held);
  }

  /** It was disconnected, or it is meant to stay connected. */
  release(held: Held): void {
    this.#held.delete(held);
  }

  /** All of them are meant to stay connected. */
  keepAll(): void {
    this.#held.clear();
  }

  /** Disconnects all that is left, each within the limit. @returns how many could not be left */
  async leaveAll(): Promise<number> {
    const limit = AbortSignal.timeout(LEAVE_LIMIT_MS);
    const left = await Promise.allSettled([...this.#held].map((held) => held.disconnect({}, limit)));
    this.#held.clear();
    return left.filter(({ status }) => status === 'rejected').length;
  }
}
