/** Pieces below this are copied together; larger ones are kept as they are. Bytes. */
const SMALL = 4_096;
const SLAB = 64 * 1024;
const FIRST_SLAB = 8 * 1024;

/**
 * Bytes that come in pieces. Holds little more than their length, however small the pieces are: each of the parser's
 * own keeps the whole block alive that it was read in. Most answers come in one piece, which is copied nowhere.
 */
export class GatheredBytes {
  /** All there is so far, if that came in one piece. */
  #only: Uint8Array | undefined;
  readonly #whole: Uint8Array[] = [];
  #slab = NO_SLAB;
  #used = 0;
  length = 0;

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.length += piece.length;
    if (this.length === piece.length) {
      this.#only = piece;
      return;
    }
    if (this.#only) this.#gather(this.#only);
    this.#only = undefined;
    this.#gather(piece);
  }

  /** All of them, in the order in which they came. */
  bytes(): Buffer {
    if (this.#only) return Buffer.from(this.#only.buffer, this.#only.byteOffset, this.#only.byteLength);
    this.#close();
    return Buffer.concat(this.#whole, this.length);
  }

  #gather(piece: Uint8Array): void {
    if (piece.length >= SMALL) {
      this.#close();
      this.#whole.push(piece);
      return;
    }
    if (this.#used + piece.length > this.#slab.length) {
      this.#close();
      this.#slab = Buffer.allocUnsafeSlow(Math.min(SLAB, Math.max(FIRST_SLAB, this.length)));
    }
    this.#slab.set(piece, this.#used);
    this.#used += piece.length;
  }

  #close(): void {
    if (this.#used > 0) this.#whole.push(this.#slab.subarray(0, this.#used));
    this.#slab = this.#slab.subarray(this.#used);
    this.#used = 0;
  }
}

const NO_SLAB = Buffer.alloc(0);
