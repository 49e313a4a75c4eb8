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
    // All in locals, and four bytes a turn: this loop is the speed of NTLM, and a quarter faster so.
    const state = this.#state;
    const output = new Uint8Array(input.length);
    const fours = input.length & ~3;
    let i = this.#i;
    let j = this.#j;
    let a = 0;
    let b = 0;
    let n = 0;
    for (; n < fours; n += 4) {
      i = (i + 1) & 255;
      a = state[i]!;
      j = (j + a) & 255;
      b = state[j]!;
      state[i] = b;
      state[j] = a;
      output[n] = input[n]! ^ state[(a + b) & 255]!;
      i = (i + 1) & 255;
      a = state[i]!;
      j = (j + a) & 255;
      b = state[j]!;
      state[i] = b;
      state[j] = a;
      output[n + 1] = input[n + 1]! ^ state[(a + b) & 255]!;
      i = (i + 1) & 255;
      a = state[i]!;
      j = (j + a) & 255;
      b = state[j]!;
      state[i] = b;
      state[j] = a;
      output[n + 2] = input[n + 2]! ^ state[(a + b) & 255]!;
      i = (i + 1) & 255;
      a = state[i]!;
      j = (j + a) & 255;
      b = state[j]!;
      state[i] = b;
      state[j] = a;
      output[n + 3] = input[n + 3]! ^ state[(a + b) & 255]!;
    }
    for (; n < input.length; n++) {
      i = (i + 1) & 255;
      a = state[i]!;
      j = (j + a) & 255;
      b = state[j]!;
      state[i] = b;
      state[j] = a;
      output[n] = input[n]! ^ state[(a + b) & 255]!;
    }
    this.#i = i;
    this.#j = j;
    return output;
  }
}
