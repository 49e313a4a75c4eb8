/** More than anyone looks through between two answers. */
const KEPT = 4_096;

/** Of what age the answer was for which each row was asked last; of the rows that were asked long ago nothing is kept. */
export class AskedRows {
  readonly #at = new Map<string, number>();
  readonly #kept: number;

  constructor(kept = KEPT) {
    this.#kept = kept;
  }

  has({ key, at }: { readonly key: string; readonly at: number }): boolean {
    return this.#at.get(key) === at;
  }

  add({ key, at }: { readonly key: string; readonly at: number }): void {
    this.#at.delete(key); // to the end of the line
    this.#at.set(key, at);
    if (this.#at.size <= this.#kept) return;
    const [oldest] = this.#at.keys();
    this.#at.delete(oldest!);
  }
}
