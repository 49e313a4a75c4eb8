/** Pieces below this are copied together; larger ones are kept as they are. Bytes. */
const SMALL = 4_096;
const SLAB = 64 * 1024;

/**
 * Bytes that come in pieces. Holds little more than their length, however small the pieces are: each of the parser's
 * own keeps the whole block alive that it was read in.
 */
export class GatheredBytes {
  readonly #whole: Uint8Array[] = [];
  #slab = Buffer.alloc(0);
  #used = 0;
  length = 0;

  add(piece: Uint8Array): void {
    this.length += piece.length;
    if (piece.length >= SMALL) {
      this.#close();
      this.#whole.push(piece);
      return;
    }
    if (this.#used + piece.length > this.#slab.length) {
      this.#close();
      this.#slab = Buffer.allocUnsafeSlow(SLAB);
    }
    this.#slab.set(piece, this.#used);
    this.#used += piece.length;
  }

  /** All of them, in the order in which they came. */
  bytes(): Buffer {
    this.#close();
    return Buffer.concat(this.#whole, this.length);
  }

  #close(): void {
    if (this.#used > 0) this.#whole.push(this.#slab.subarray(0, this.#used));
    this.#slab = this.#slab.subarray(this.#used);
    this.#used = 0;
  }
}
