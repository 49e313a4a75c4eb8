import type { KerberosSession } from '../../auth/kerberos-provider.ts';
import { joinSealed, splitWrapped } from '../../auth/kerberos-token.ts';
import type { SealedMessage } from '../../auth/security-context.ts';
import { WinRMError } from '../../error.ts';
import { messageChanged, notMutual, whyGivenUp } from './context-failures.ts';
import { kdcBehind } from './down-kdcs.ts';
import { KDC_LIMIT_MS } from './held-ticket.ts';
import type { HeldTicket } from './held-ticket.ts';
import { callAside, GivenUp } from './native-calls.ts';
import { SEC_E_OK, SEC_I_CONTINUE_NEEDED, sspiFailure } from './sspi-library.ts';
import type { Sspi } from './sspi-library.ts';
import { layOutBindings, layOutBuffers, SECBUFFER } from './sspi-memory.ts';
import type { SecBuffer } from './sspi-memory.ts';

/** ISC_REQ_ and ISC_RET_: mutual authentication, confidentiality, integrity; with replay and sequence detection. */
const REQUIRED = 0x2 | 0x10 | 0x10000;
const ALLOCATE_MEMORY = 0x100;
const REQUESTED = REQUIRED | 0x4 | 0x8 | ALLOCATE_MEMORY;
const NATIVE_DATA = 0x10;
const ATTRIBUTE_SIZES = 0;

/** With a credentials handle of SSPI. */
export type SspiTicket = HeldTicket<Buffer>;

/** One context of SSPI's Kerberos package with one service. Run on no Windows yet. */
export class SspiSession implements KerberosSession {
  readonly #sspi: Sspi;
  readonly #ticket: SspiTicket;
  readonly #spn: string;
  readonly #proven: () => void;
  readonly #bindings: readonly SecBuffer[];
  readonly #context = Buffer.alloc(16);
  #hasContext = false;
  #isBusy = false;
  #isReleased = false;
  #isFree = false;
  complete = false;

  /** @param proven is called once a KDC has taken the password of that ticket */
  constructor(
    sspi: Sspi,
    ticket: SspiTicket,
    spn: string,
    channelBinding: Uint8Array | undefined,
    proven: () => void = () => undefined,
  ) {
    this.#sspi = sspi;
    this.#ticket = ticket;
    this.#spn = spn;
    this.#proven = proven;
    this.#bindings = channelBinding
      ? [{ type: SECBUFFER.channelBindings, bytes: layOutBindings(channelBinding) }]
      : [];
    ticket.hold();
  }

  async step(token?: Uint8Array, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    if (this.#isReleased || this.#isBusy) throw new WinRMError('internal', 'A Kerberos context is in use.');
    const sspi = this.#sspi;
    const received = token ? [{ type: SECBUFFER.token, bytes: Buffer.from(token) }] : [];
    const given = layOutBuffers([...received, ...this.#bindings], sspi.addressOf);
    const made = layOutBuffers([{ type: SECBUFFER.token, bytes: Buffer.alloc(0) }], sspi.addressOf);
    const attributes = Buffer.alloc(4);
    const old = this.#hasContext ? this.#context : null;
    const input = given.keep.length > 1 ? given.description : null;
    this.#isBusy = true;
    try {
      const status = await callAside({
        fn: sspi.InitializeSecurityContextW,
        args: [
          ...[this.#ticket.handle, old, this.#spn, REQUESTED, 0, NATIVE_DATA, input, 0],
          ...[this.#context, made.description, attributes, null],
        ],
        keep: [...given.keep, ...made.keep],
        waitsFor: token ? undefined : kdcBehind(this.#ticket.principal, this.#spn),
        limitMs: KDC_LIMIT_MS,
        signal,
        late: (result) => {
          this.#isBusy = false;
          this.#hasContext ||= result >= 0;
          this.#take(made.at(0));
          this.#free();
        },
      });
      this.#isBusy = false;
      const answer = this.#take(made.at(0));
      if (status !== SEC_E_OK && status !== SEC_I_CONTINUE_NEEDED) throw this.#failure(status);
      this.#hasContext = true;
      this.#proven();
      if (status === SEC_E_OK) {
        if ((attributes.readUInt32LE() & REQUIRED) !== REQUIRED) throw notMutual();
        this.complete = true;
      }
      return answer;
    } catch (error) {
      this.#isBusy = error instanceof GivenUp && error.goesOn;
      throw error instanceof GivenUp ? whyGivenUp(error, this.#question()) : error;
    } finally {
      if (this.#isReleased && !this.#isBusy) this.#free();
    }
  }

  wrap(plain: Uint8Array): SealedMessage {
    const { trailer, block } = this.#sizes();
    const bytes = [Buffer.alloc(trailer), Buffer.from(plain), Buffer.alloc(block)] as const;
    const buffers = this.#buffers(
      { type: SECBUFFER.token, bytes: bytes[0] },
      { type: SECBUFFER.data, bytes: bytes[1] },
      { type: SECBUFFER.padding, bytes: bytes[2] },
    );
    const status = this.#sspi.EncryptMessage(this.#context, 0, buffers.description, 0);
    if (status !== SEC_E_OK) throw this.#failure(status);
    const parts = bytes.map((part, i) => part.subarray(0, buffers.at(i).length));
    return splitWrapped(Buffer.concat(parts), plain.length);
  }

  unwrap(sealed: SealedMessage): Uint8Array {
    const stream = Buffer.from(joinSealed(sealed));
    const buffers = this.#buffers(
      { type: SECBUFFER.stream, bytes: stream },
      { type: SECBUFFER.data, bytes: Buffer.alloc(0) },
    );
    const quality = Buffer.alloc(4);
    const status = this.#sspi.DecryptMessage(this.#context, buffers.description, 0, quality);
    // Any other quality means that it was signed and not sealed (SECQOP_WRAP_NO_ENCRYPT).
    if (status !== SEC_E_OK || quality.readUInt32LE() !== 0) throw messageChanged();
    const { length, pointer } = buffers.at(1);
    const from = Number(pointer - this.#sspi.addressOf(stream));
    const isInside = from >= 0 && from + length <= stream.length;
    if (!isInside || length !== sealed.data.length) throw messageChanged();
    return stream.subarray(from, from + length);
  }

  sign(message: Uint8Array): Uint8Array {
    const signature = Buffer.alloc(this.#sizes().signature);
    const buffers = this.#buffers(
      { type: SECBUFFER.data, bytes: Buffer.from(message) },
      { type: SECBUFFER.token, bytes: signature },
    );
    const status = this.#sspi.MakeSignature(this.#context, 0, buffers.description, 0);
    if (status !== SEC_E_OK) throw this.#failure(status);
    return signature.subarray(0, buffers.at(1).length);
  }

  verify(message: Uint8Array, signature: Uint8Array): void {
    const buffers = this.#buffers(
      { type: SECBUFFER.data, bytes: Buffer.from(message) },
      { type: SECBUFFER.token, bytes: Buffer.from(signature) },
    );
    const status = this.#sspi.VerifySignature(this.#context, buffers.description, 0, Buffer.alloc(4));
    if (status !== SEC_E_OK) throw messageChanged();
  }

  release(): void {
    this.#isReleased = true;
    if (!this.#isBusy) this.#free();
  }

  #buffers(...buffers: readonly SecBuffer[]) {
    return layOutBuffers(buffers, this.#sspi.addressOf);
  }

  /** SecPkgContext_Sizes. */
  #sizes(): { readonly signature: number; readonly block: number; readonly trailer: number } {
    const sizes = Buffer.alloc(16);
    const status = this.#sspi.QueryContextAttributesW(this.#context, ATTRIBUTE_SIZES, sizes);
    if (status !== SEC_E_OK) throw this.#failure(status);
    return {
      signature: sizes.readUInt32LE(4),
      block: sizes.readUInt32LE(8),
      trailer: sizes.readUInt32LE(12),
    };
  }

  /** Copies what the library allocated, and gives that back. */
  #take({ length, pointer }: { readonly length: number; readonly pointer: bigint }): Uint8Array | undefined {
    if (pointer === 0n) return undefined;
    const bytes = length > 0 ? this.#sspi.copy(pointer, length) : undefined;
    this.#sspi.FreeContextBuffer(pointer);
    return bytes;
  }

  #question() {
    return { principal: this.#ticket.principal || undefined, spn: this.#spn };
  }

  #failure(status: number): WinRMError {
    return sspiFailure(status, this.#question());
  }

  #free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    if (this.#hasContext) this.#sspi.DeleteSecurityContext(this.#context);
    this.#ticket.release();
  }
}
