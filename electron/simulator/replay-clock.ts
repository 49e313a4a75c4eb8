/** A clock that stands at a moment of the past for as long as what happened then is carried out. */
export class ReplayClock {
  readonly #clock: () => number;
  #moment: number | undefined;

  /** @param clock epoch milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  readonly now = (): number => this.#moment ?? this.#clock();

  /** @param act must do all that it does before it returns */
  at<T>(moment: number, act: () => T): T {
    const before = this.#moment;
    this.#moment = moment;
    try {
      return act();
    } finally {
      this.#moment = before;
    }
  }
}
