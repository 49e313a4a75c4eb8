import { toErrorInfo } from '../winrm/index.ts';

/** How long leaving may take once the run is being stopped. */
const LEAVE_LIMIT_MS = 5_000;

interface Held {
  disconnect(options: object, signal: AbortSignal): Promise<void>;
}

/** The client that holds it. */
interface Holder {
  close(): void;
}

/** What goes with leaving a session by itself. */
interface Leaving {
  /** Does it, and has it written down. */
  readonly around: (act: () => Promise<void>) => Promise<void>;
  /** Is told, at the end, why it could not be left: a sentence. */
  readonly notLeft: (why: string) => void;
}

const ALONE: Leaving = { around: (act) => act(), notLeft: () => undefined };

/** What this run is connected to and would leave Busy if it just ended. */
export class LeaveAtEnd {
  readonly #held = new Map<Held, Leaving & { readonly holder: Holder }>();
  /** Leaving each is under way, or done. */
  readonly #leaving = new Map<Held, Promise<void>>();
  readonly #left = new Set<Held>();
  readonly #underWay = new Set<Pick<Leaving, 'notLeft'>>();

  /** @param insisted aborts where the process ends without waiting for any of it */
  constructor(insisted?: AbortSignal) {
    insisted?.addEventListener('abort', () => this.#tellAll());
  }

  add(held: Held, by: Holder, leaving = ALONE): void {
    this.#held.set(held, { holder: by, ...leaving });
  }

  /** It was disconnected, or it is meant to stay connected. */
  release(held: Held): void {
    const known = this.#held.get(held);
    this.#held.delete(held);
    this.#leaving.delete(held);
    this.#left.delete(held);
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

  /** Disconnects one now; what does not answer in time is tried again when the run ends. @returns whether it was left */
  async leave(held: Held): Promise<boolean> {
    const left = await Promise.allSettled([this.#disconnect(held)]);
    const isLeft = left[0].status === 'fulfilled';
    if (isLeft) this.release(held);
    return isLeft;
  }

  /** Disconnects one now, though its client is needed still. What is not left by that is tried again when the run ends. */
  begin(held: Held): void {
    this.#disconnect(held).catch(() => undefined);
  }

  /** Disconnects all that is left, each within the limit. */
  async leaveAll(): Promise<void> {
    await Promise.all(
      [...this.#held].map(([held, { notLeft }]) =>
        this.#disconnect(held).catch((why: Error) => notLeft(why.message)),
      ),
    );
    this.keepAll();
  }

  /**
   * Does what makes a session, or takes it up. Whoever ends the run meanwhile is told of it, for nobody knows then whether
   * the computer has done it.
   */
  async underWay<T>(act: () => Promise<T>, { notLeft }: Pick<Leaving, 'notLeft'>): Promise<T> {
    const told = { notLeft };
    this.#underWay.add(told);
    try {
      return await act();
    } finally {
      this.#underWay.delete(told);
    }
  }

  /** The process ends here and now: says of each session that is held, or may be by now, how it stands and what to do. */
  #tellAll(): void {
    const held = [...this.#held].filter(([one]) => !this.#left.has(one)).map(([, leaving]) => leaving);
    for (const { notLeft } of [...held, ...this.#underWay]) notLeft('The run was ended at once.');
  }

  /** Joins what is under way, or done. @throws Error with a sentence for the person at the screen */
  #disconnect(held: Held): Promise<void> {
    const known = this.#leaving.get(held);
    if (known) return known;
    const leaving = this.#try(held).then(
      () => void this.#left.add(held),
      (error: unknown) => {
        this.#leaving.delete(held);
        throw error;
      },
    );
    this.#leaving.set(held, leaving);
    return leaving;
  }

  async #try(held: Held): Promise<void> {
    // A signal each: to Node, hundreds of listeners on one look like a leak.
    const limit = AbortSignal.timeout(LEAVE_LIMIT_MS);
    try {
      await this.#held.get(held)?.around(() => held.disconnect({}, limit));
    } catch (error) {
      const why = limit.aborted ? 'The computer did not answer in time.' : toErrorInfo(error).message;
      throw new Error(why, { cause: error });
    }
  }
}
