/** How long leaving may take once the run is being stopped. */
const LEAVE_LIMIT_MS = 5_000;

interface Held {
  disconnect(options: object, signal: AbortSignal): Promise<void>;
}

/** The client that holds it. */
interface Holder {
  close(): void;
}

/** Does it, and has it written down. */
type Around = (act: () => Promise<void>) => Promise<void>;

/** What this run is connected to and would leave Busy if it just ended. */
export class LeaveAtEnd {
  readonly #held = new Map<Held, { readonly holder: Holder; readonly around: Around }>();

  /** @param around what leaving it by itself goes through */
  add(held: Held, by: Holder, around: Around = (act) => act()): void {
    this.#held.set(held, { holder: by, around });
  }

  /** It was disconnected, or it is meant to stay connected. */
  release(held: Held): void {
    const known = this.#held.get(held);
    this.#held.delete(held);
    if (known) this.closeUnlessHolding(known.holder);
  }

  /** All of them are meant to stay connected. */
  keepAll(): void {
    for (const held of [...this.#held.keys()]) this.release(held);
  }

  /** Gives a client's connections back, unless it is still needed to leave what it holds. */
  closeUnlessHolding(holder: Holder): void {
    if (![...this.#held.values()].some((one) => one.holder === holder)) holder.close();
  }

  /** Disconnects one now; what does not answer in time is tried again when the run ends. */
  async leave(held: Held): Promise<void> {
    const left = await Promise.allSettled([this.#disconnect(held)]);
    if (left[0].status === 'fulfilled') this.release(held);
  }

  /** Disconnects all that is left, each within the limit. @returns how many could not be left */
  async leaveAll(): Promise<number> {
    const left = await Promise.allSettled([...this.#held.keys()].map((held) => this.#disconnect(held)));
    this.keepAll();
    return left.filter(({ status }) => status === 'rejected').length;
  }

  async #disconnect(held: Held): Promise<void> {
    // A signal each: to Node, hundreds of listeners on one look like a leak.
    const leave = () => held.disconnect({}, AbortSignal.timeout(LEAVE_LIMIT_MS));
    await (this.#held.get(held)?.around(leave) ?? leave());
  }
}
