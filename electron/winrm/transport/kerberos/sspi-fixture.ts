import type { Sspi } from './sspi-library.ts';

const DONE = 0;
const CONTINUE = 0x00090312;
const MUTUAL_AND_SEALED = 0x2 | 0x10 | 0x10000;

/** What the stand-in is to do next. */
export interface Behaviour {
  statuses: number[];
  attributes: number;
  quality: number;
  /** What is unwrapped points this many bytes behind the text's own place. */
  astray: number;
}

/**
 * For the tests: SSPI as its documentation has it, in memory that has addresses, and whose thread is done when the test
 * says so. Tokens count up, a sealed text is the text itself between what RFC 4121 puts around it.
 */
export class SspiFixture {
  readonly behaviour: Behaviour = {
    statuses: [CONTINUE, DONE],
    attributes: MUTUAL_AND_SEALED,
    quality: 0,
    astray: 0,
  };
  readonly given: (string | undefined)[] = [];
  readonly freed: string[] = [];
  readonly pending: (() => void)[] = [];
  isThreaded = false;
  #count = 0;
  #next = 0x1000n;
  readonly #memory: { readonly at: bigint; readonly bytes: Buffer }[] = [];

  readonly sspi: Sspi;

  constructor() {
    const initialize = Object.assign(() => DONE, {
      async: (...args: readonly unknown[]) => {
        const done = args.at(-1) as (error: unknown, result: number) => void;
        const run = () => done(null, this.#initialize(args));
        if (this.isThreaded) this.pending.push(run);
        else queueMicrotask(run);
      },
    });
    const calls = {
      AcquireCredentialsHandleW: () => DONE,
      InitializeSecurityContextW: initialize,
      QueryContextAttributesW: (_: unknown, __: unknown, sizes: Buffer) => {
        [48, 28, 16, 60].forEach((size, i) => sizes.writeUInt32LE(size, i * 4));
        return DONE;
      },
      EncryptMessage: (_: unknown, __: unknown, description: Buffer) => this.#encrypt(description),
      DecryptMessage: (_: unknown, description: Buffer, __: unknown, quality: Buffer) =>
        this.#decrypt(description, quality),
      MakeSignature: (_: unknown, __: unknown, description: Buffer) => {
        const [data, token] = this.#buffersOf(description);
        token?.bytes.fill(data?.bytes[0] ?? 0);
        token?.resize(28);
        return DONE;
      },
      VerifySignature: (_: unknown, description: Buffer) => {
        const [data, token] = this.#buffersOf(description);
        return token?.bytes.every((byte) => byte === data?.bytes[0]) ? DONE : 0x8009030f;
      },
      FreeContextBuffer: (pointer: bigint) => this.#note(`buffer ${pointer.toString(16)}`),
      DeleteSecurityContext: () => this.#note('context'),
      FreeCredentialsHandle: () => this.#note('ticket'),
      addressOf: (bytes: Buffer) => this.#addressOf(bytes),
      copy: (pointer: bigint, length: number) => new Uint8Array(this.#at(pointer, length)),
    };
    this.sspi = calls as unknown as Sspi;
  }

  #note(what: string): number {
    this.freed.push(what);
    return DONE;
  }

  #addressOf(bytes: Buffer): bigint {
    const known = this.#memory.find((one) => one.bytes === bytes);
    if (known) return known.at;
    const at = this.#next;
    this.#next += BigInt(bytes.length) + 0x1000n;
    this.#memory.push({ at, bytes });
    return at;
  }

  #at(pointer: bigint, length: number): Buffer {
    const found = this.#memory.find(
      ({ at, bytes }) => at <= pointer && pointer + BigInt(length) <= at + BigInt(bytes.length),
    );
    if (!found) throw new Error('Memory that is not there was read.');
    const from = Number(pointer - found.at);
    return found.bytes.subarray(from, from + length);
  }

  /** The buffers of a SecBufferDesc, read as a C library would. */
  #buffersOf(description: Buffer) {
    const table = this.#at(description.readBigUInt64LE(8), description.readUInt32LE(4) * 16);
    return Array.from({ length: table.length / 16 }, (_, i) => {
      const [length, pointer] = [table.readUInt32LE(i * 16), table.readBigUInt64LE(i * 16 + 8)];
      return {
        bytes: length === 0 ? Buffer.alloc(0) : this.#at(pointer, length),
        pointer,
        resize: (size: number) => void table.writeUInt32LE(size, i * 16),
        point: (to: bigint) => void table.writeBigUInt64LE(to, i * 16 + 8),
      };
    });
  }

  #initialize([, , , , , , input, , , output, attributes]: readonly unknown[]): number {
    const status = this.behaviour.statuses.shift() ?? 0x80090308;
    this.given.push(input instanceof Buffer ? this.#buffersOf(input)[0]?.bytes.toString() : undefined);
    if (status >>> 0 >= 0x80000000) return status | 0;
    const made = Buffer.from(`token ${++this.#count}`);
    if (output instanceof Buffer) {
      const [token] = this.#buffersOf(output);
      token?.resize(made.length);
      token?.point(this.#addressOf(made));
    }
    if (attributes instanceof Buffer) attributes.writeUInt32LE(this.behaviour.attributes);
    return status;
  }

  /** As AES-SHA1 does: 16 of header, 16 of confounder, the text, 28 behind it; 44 of them in the first buffer. */
  #encrypt(description: Buffer): number {
    const [token, , padding] = this.#buffersOf(description);
    token?.bytes.fill(0);
    Buffer.from('050402ff0000001c0000000000000001', 'hex').copy(token?.bytes ?? Buffer.alloc(16));
    token?.resize(60);
    padding?.resize(0);
    return DONE;
  }

  #decrypt(description: Buffer, quality: Buffer): number {
    const [stream, data] = this.#buffersOf(description);
    if (!stream || !data) return 0x80090308 | 0;
    quality.writeUInt32LE(this.behaviour.quality);
    data.resize(stream.bytes.length - 60);
    data.point(stream.pointer + 60n + BigInt(this.behaviour.astray));
    return DONE;
  }
}
