import type { KerberosSession } from '../../auth/kerberos-provider.ts';
import { joinSealed, splitWrapped } from '../../auth/kerberos-token.ts';
import type { SealedMessage } from '../../auth/security-context.ts';
import { WinRMError } from '../../error.ts';
import { messageChanged, notMutual, whyGivenUp } from './context-failures.ts';
import { kdcBehind } from './down-kdcs.ts';
import { KDC_LIMIT_MS } from './held-ticket.ts';
import type { HeldTicket } from './held-ticket.ts';
import { bufferOf, handleIn, OIDS, room } from './gssapi-library.ts';
import type { Gssapi } from './gssapi-library.ts';
import { failureOf, isError } from './gssapi-status.ts';
import { callAside, GivenUp } from './native-calls.ts';
import { serviceName } from './service-name.ts';

/** RFC 2744 3.1: mutual authentication, replay and sequence detection, confidentiality, integrity; never delegation. */
const MUTUAL = 2;
const CONFIDENTIAL = 16;
const INTEGRITY = 32;
const REQUESTED = MUTUAL | 4 | 8 | CONFIDENTIAL | INTEGRITY;
const REQUIRED = MUTUAL | CONFIDENTIAL | INTEGRITY;
const CONTINUE_NEEDED = 1;
const DEFAULT_QOP = 0;
/** One context of GSS-API with one service. */
export class GssapiSession implements KerberosSession {
  readonly #gss: Gssapi;
  readonly #ticket: HeldTicket<bigint>;
  readonly #spn: string;
  readonly #channelBinding: Uint8Array | undefined;
  readonly #context = room();
  readonly #name = room();
  /** What the name points to: read anew by each step. */
  #nameMemory: Buffer | undefined;
  #isBusy = false;
  #isReleased = false;
  #isFree = false;
  complete = false;

  constructor(gss: Gssapi, ticket: HeldTicket<bigint>, spn: string, channelBinding: Uint8Array | undefined) {
    this.#gss = gss;
    this.#ticket = ticket;
    this.#spn = spn;
    this.#channelBinding = channelBinding;
    ticket.hold();
  }

  async step(token?: Uint8Array, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    if (this.#isReleased || this.#isBusy) throw new WinRMError('internal', 'A Kerberos context is in use.');
    const gss = this.#gss;
    const [minor, output, flags] = [room(4), room(16), room(4)];
    this.#isBusy = true;
    try {
      if (handleIn(this.#name) === 0n) this.#importName();
      const major = await callAside({
        fn: gss.gss_init_sec_context,
        args: [
          ...[minor, this.#ticket.handle, this.#context, handleIn(this.#name), OIDS.kerberos, REQUESTED, 0],
          ...[bindings(this.#channelBinding), token ? bufferOf(token) : null, null, output, flags, null],
        ],
        waitsFor: token ? undefined : kdcBehind(this.#ticket.principal, this.#spn),
        keep: [this.#nameMemory],
        limitMs: KDC_LIMIT_MS,
        signal,
        late: () => {
          gss.takeBuffer(output);
          this.#isBusy = false;
          this.#free();
        },
      });
      this.#isBusy = false;
      const answer = gss.takeBuffer(output);
      if (isError(major)) throw failureOf(gss, major, minor, this.#question());
      if ((major & CONTINUE_NEEDED) === 0) this.#accept(flags.readUInt32LE());
      return answer.length > 0 ? answer : undefined;
    } catch (error) {
      this.#isBusy = error instanceof GivenUp && error.goesOn;
      throw error instanceof GivenUp ? whyGivenUp(error, this.#question()) : error;
    } finally {
      if (this.#isReleased && !this.#isBusy) this.#free();
    }
  }

  wrap(plain: Uint8Array): SealedMessage {
    const [minor, output, isSealed] = [room(4), room(16), room(4)];
    const major = this.#gss.gss_wrap(
      ...[minor, handleIn(this.#context), 1, DEFAULT_QOP, bufferOf(plain), isSealed, output],
    );
    const token = this.#gss.takeBuffer(output);
    if (isError(major) || isSealed.readInt32LE() !== 1)
      throw failureOf(this.#gss, major, minor, this.#question());
    return splitWrapped(token, plain.length);
  }

  unwrap(sealed: SealedMessage): Uint8Array {
    const [minor, output, isSealed, qop] = [room(4), room(16), room(4), room(4)];
    const token = joinSealed(sealed);
    const major = this.#gss.gss_unwrap(
      ...[minor, handleIn(this.#context), bufferOf(token), output, isSealed, qop],
    );
    const plain = this.#gss.takeBuffer(output);
    // Information counts, too: that a token is old, a duplicate or out of order.
    if (major !== 0 || isSealed.readInt32LE() !== 1 || plain.length !== sealed.data.length)
      throw messageChanged();
    return plain;
  }

  sign(message: Uint8Array): Uint8Array {
    const [minor, output] = [room(4), room(16)];
    const major = this.#gss.gss_get_mic(
      ...[minor, handleIn(this.#context), DEFAULT_QOP, bufferOf(message), output],
    );
    const signature = this.#gss.takeBuffer(output);
    if (isError(major)) throw failureOf(this.#gss, major, minor, this.#question());
    return signature;
  }

  verify(message: Uint8Array, signature: Uint8Array): void {
    const major = this.#gss.gss_verify_mic(
      ...[room(4), handleIn(this.#context), bufferOf(message), bufferOf(signature), room(4)],
    );
    if (major !== 0) throw messageChanged();
  }

  release(): void {
    this.#isReleased = true;
    if (!this.#isBusy) this.#free();
  }

  /** What was agreed must be what was asked for: a computer that did not prove itself is not talked to. */
  #accept(flags: number): void {
    if ((flags & REQUIRED) !== REQUIRED) throw notMutual();
    this.complete = true;
  }

  #importName(): void {
    const minor = room(4);
    const { bytes, kind, keep } = serviceName(this.#spn, this.#gss);
    this.#nameMemory = keep;
    const major = this.#gss.gss_import_name(minor, bufferOf(bytes), kind, this.#name);
    if (isError(major)) throw failureOf(this.#gss, major, minor, this.#question());
  }

  #question() {
    return { principal: this.#ticket.principal || undefined, spn: this.#spn };
  }

  #free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    const minor = room(4);
    if (handleIn(this.#context) !== 0n) this.#gss.gss_delete_sec_context(minor, this.#context, null);
    if (handleIn(this.#name) !== 0n) this.#gss.gss_release_name(minor, this.#name);
    this.#ticket.release();
  }
}

const NOTHING = bufferOf(new Uint8Array());

const bindings = (data: Uint8Array | undefined) =>
  data
    ? {
        initiator_addrtype: 0,
        initiator_address: NOTHING,
        acceptor_addrtype: 0,
        acceptor_address: NOTHING,
        application_data: bufferOf(data),
      }
    : null;
