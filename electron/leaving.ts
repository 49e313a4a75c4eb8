/** Past what the desk itself takes to leave its sessions. Milliseconds. */
const LIMIT_MS = 6_000;
/** A signal to a whole group of processes arrives twice where a parent passes it on, and is nobody who insists. */
const INSIST_AFTER_MS = 500;

export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];

export interface LeavingDeps {
  /** Leaves what is held. @returns sentences on what could not be left */
  readonly leave: () => Promise<readonly string[]>;
  /** Asks the app to end; whoever is asked then may no longer object. */
  readonly quit: () => void;
  /** Ends it at once. */
  readonly exit: () => void;
  readonly say: (sentence: string) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** Nothing that is held here may stay in use by an app that is gone, whichever way it is ended. */
export class Leaving {
  readonly #deps: LeavingDeps;
  #state: 'no' | 'leaving' | 'yes' = 'no';
  #signalledAt: number | undefined;

  constructor(deps: LeavingDeps) {
    this.#deps = deps;
  }

  get hasBegun(): boolean {
    return this.#state !== 'no';
  }

  /** For an event that ends the app unless it is prevented: the sessions are left, then the app quits. */
  readonly first = (event: { preventDefault(): void }): void => {
    if (this.#state === 'yes') return;
    event.preventDefault();
    this.begin();
  };

  /** Leaves, for six seconds at most, and quits. */
  begin(): void {
    if (this.hasBegun) return;
    this.#state = 'leaving';
    void this.#leave();
  }

  /** The first signal leaves and quits; whoever insists gets it at once. A terminal that closes hangs up, and never insists. */
  signalled(signal: StopSignal): void {
    const { now, say, exit } = this.#deps;
    if (this.#signalledAt === undefined) {
      this.#signalledAt = now();
      this.begin();
    } else if (signal !== 'SIGHUP' && now() - this.#signalledAt >= INSIST_AFTER_MS) {
      say('Ended at once: a session that is held may still read as in use.');
      exit();
    }
  }

  async #leave(): Promise<void> {
    const { leave, quit, say, wait } = this.#deps;
    const timeIsUp = wait(LIMIT_MS).then(() => ['Leaving the sessions took too long.']);
    const failed = (error: unknown) => [error instanceof Error ? error.message : String(error)];
    for (const sentence of await Promise.race([leave().catch(failed), timeIsUp])) say(sentence);
    this.#state = 'yes';
    quit();
  }
}
