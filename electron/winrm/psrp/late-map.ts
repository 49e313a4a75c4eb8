/** A map that puts its entries in their places when it is asked: many a one is filled and never asked. */
export class LateMap<V> {
  #waiting: (readonly [key: string, value: V])[] = [];
  #placed: Map<string, V> | undefined;

  set(key: string, value: V): void {
    this.#waiting.push([key, value]);
  }

  get(key: string): V | undefined {
    this.#placed ??= new Map<string, V>();
    for (const [waiting, value] of this.#waiting) this.#placed.set(waiting, value);
    this.#waiting = [];
    return this.#placed.get(key);
  }
}
