const MOST = 3;
const WITHIN_MS = 60_000;

/** How often a page may be loaded anew before the person is asked: what dies at once each time would die for ever. */
export class RevivalLimit {
  #revivedAt: number[] = [];

  /** @param now milliseconds @returns whether it may be loaded anew, which then counts */
  allows(now: number): boolean {
    this.#revivedAt = this.#revivedAt.filter((at) => now - at < WITHIN_MS);
    if (this.#revivedAt.length >= MOST) return false;
    this.#revivedAt.push(now);
    return true;
  }
}
