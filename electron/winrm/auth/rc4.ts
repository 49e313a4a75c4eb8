/**
 * One RC4 key stream, which runs on from call to call; OpenSSL 3 no longer has it. Only NTLM's sealing needs it.
 *
 * @see RFC 6229 for its vectors
 */
export class Rc4 {
  readonly #state = new Uint8Array(256);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    const state = this.#state;
    for (let i = 0; i < 256; i++) state[i] = i;
    for (let i = 0, j = 0; i < 256; i++) {
      const swapped = state[i]!;
      j = (j + swapped + key[i % key.length]!) & 255;
      state[i] = state[j]!;
      state[j] = swapped;
    }
  }

  /** Sealing and opening are the same. */
  apply(input: Uint8Array): Uint8Array {
    // All in locals: this loop is the speed of NTLM.
    const state = this.#state;
    const output = new Uint8Array(input.length);
    let i = this.#i;
    let j = this.#j;
    for (let n = 0; n < input.length; n++) {
      i = (i + 1) & 255;
      const a = state[i]!;
      j = (j + a) & 255;
      const b = state[j]!;
      state[i] = b;
      state[j] = a;
      output[n] = input[n]! ^ state[(a + b) & 255]!;
    }
    this.#i = i;
    this.#j = j;
    return output;
  }
}
