import { WinRMError } from '../error.ts';
import type { SealedMessage, SecurityContext, Signing } from './security-context.ts';
import {
  decodeNegTokenResp,
  encodeMechTypeList,
  encodeNegTokenInit,
  encodeNegTokenResp,
  KERBEROS_OID,
  MS_KERBEROS_OID,
  NEG_STATE,
  NTLM_OID,
  sameBytes,
} from './spnego-message.ts';
import type { NegTokenResp } from './spnego-message.ts';

/** A mechanism that is offered, with its tokens and its keys. */
export type Negotiable = SecurityContext & Signing;

interface Offer {
  readonly oids: readonly Uint8Array[];
  readonly context: Negotiable;
}

/**
 * The client's side of Negotiate: Kerberos before NTLM, as far as they are to be had, the first one's token sent along
 * at once.
 *
 * The list of mechanisms is signed both ways where NTLM is used, as Windows does when NTLM carries a MIC, and where the
 * server asks for it. A server that takes another mechanism than the first must sign: whoever struck the first one out on
 * the way cannot, so it is not believed. That is known after NTLM's proof only, with whose key the signature is made: who
 * answers without any key has the proof by then, and can guess the password from it. Where a server takes the first
 * mechanism there was nothing to talk us down to, and a missing signature is forgiven.
 *
 * @see RFC 4178
 */
export class SpnegoClient implements SecurityContext {
  readonly scheme = 'Negotiate';
  readonly #offers: readonly Offer[];
  readonly #list: Uint8Array;
  #chosen: Offer | undefined;
  #next: 'offer' | 'choice' | 'answer' | 'end' | 'done' = 'offer';
  #hasSigned = false;
  #isSigned = false;
  #mustBeSigned = false;
  #isProof = false;
  #hasProven = false;

  /** @param mechanisms at least one of the two */
  constructor({ kerberos, ntlm }: { readonly kerberos?: Negotiable; readonly ntlm?: Negotiable }) {
    this.#offers = [
      ...(kerberos ? [{ oids: [KERBEROS_OID, MS_KERBEROS_OID], context: kerberos }] : []),
      ...(ntlm ? [{ oids: [NTLM_OID], context: ntlm }] : []),
    ];
    this.#list = encodeMechTypeList(this.#offers.flatMap(({ oids }) => oids));
  }

  get mechanism(): string {
    return `${this.#using.mechanism} in Negotiate`;
  }

  get complete(): boolean {
    return this.#next === 'done';
  }

  get provesPassword(): boolean {
    return this.#isProof;
  }

  /** By its signature of the list of mechanisms. */
  get isPeerProven(): boolean {
    return this.#isSigned;
  }

  async step(token?: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#next === 'offer') {
      const mechToken = (await this.#using.step()) ?? new Uint8Array();
      this.#next = 'choice';
      return encodeNegTokenInit(this.#list, mechToken);
    }
    if (!token || this.complete)
      throw new WinRMError('protocol', 'The computer broke off its Negotiate sign-in.');
    const response = decodeNegTokenResp(token);
    if (response.negState === NEG_STATE.reject) throw this.#using.refused?.() ?? rejected(this.#hasProven);
    if (response.negState === NEG_STATE.requestMic) this.#mustBeSigned = true;
    if (this.#next === 'choice' && this.#choose(response)) return this.#begin();
    return this.#next === 'end' ? this.#end(response) : this.#answer(response);
  }

  wrap(plain: Uint8Array): SealedMessage {
    return this.#using.wrap(plain);
  }

  unwrap(sealed: SealedMessage): Uint8Array {
    return this.#using.unwrap(sealed);
  }

  endUnheard(): void {
    if (this.#next !== 'end') throw endless();
    this.#finish();
  }

  release(): void {
    for (const { context } of this.#offers) context.release?.();
  }

  get #using(): Negotiable {
    const offer = this.#chosen ?? this.#offers[0];
    if (!offer) throw new WinRMError('internal', 'Negotiate was begun with nothing to offer.');
    return offer.context;
  }

  /** @returns whether it is another one than the first, whose token went along for nothing */
  #choose({ negState, supportedMech, responseToken }: NegTokenResp): boolean {
    const [first] = this.#offers;
    const chosen = supportedMech
      ? this.#offers.find(({ oids }) => oids.some((oid) => sameBytes(oid, supportedMech)))
      : first;
    this.#chosen = chosen;
    this.#next = 'answer';
    const isOther = chosen !== first;
    if (!chosen || (isOther && (responseToken?.length || negState === NEG_STATE.acceptCompleted))) {
      throw new WinRMError(
        'protocol',
        'The computer answered the Negotiate sign-in with something that was not offered.',
      );
    }
    if (isOther) this.#mustBeSigned = true;
    return isOther;
  }

  async #begin(): Promise<Uint8Array> {
    const responseToken = await this.#using.step();
    this.#isProof = this.#using.provesPassword;
    this.#hasProven ||= this.#isProof;
    return encodeNegTokenResp({
      negState: NEG_STATE.acceptIncomplete,
      ...(responseToken && { responseToken }),
    });
  }

  async #answer({ negState, responseToken, mechListMic }: NegTokenResp): Promise<Uint8Array | undefined> {
    const context = this.#using;
    if (!responseToken || context.complete) throw endless();
    const answer = await context.step(responseToken);
    this.#isProof = context.provesPassword && answer !== undefined;
    this.#hasProven ||= this.#isProof;
    if (mechListMic) this.#verify(mechListMic);
    if (negState === NEG_STATE.acceptCompleted) {
      if (answer || !context.complete) throw endless();
      return this.#finish();
    }
    if (!context.complete) {
      if (!answer) throw endless();
      return encodeNegTokenResp({ negState: NEG_STATE.acceptIncomplete, responseToken: answer });
    }
    this.#next = 'end';
    this.#hasSigned = true;
    return encodeNegTokenResp({
      negState: NEG_STATE.acceptIncomplete,
      ...(answer && { responseToken: answer }),
      mechListMic: context.sign(this.#list),
    });
  }

  #end({ negState, responseToken, mechListMic }: NegTokenResp): undefined {
    if (negState !== NEG_STATE.acceptCompleted || responseToken?.length) throw endless();
    if (mechListMic && !this.#isSigned) this.#verify(mechListMic);
    return this.#finish();
  }

  #verify(signature: Uint8Array): void {
    if (!this.#using.complete) throw endless();
    this.#using.verify(this.#list, signature);
    this.#isSigned = true;
  }

  #finish(): undefined {
    if (this.#mustBeSigned && !(this.#isSigned && this.#hasSigned)) {
      throw new WinRMError(
        'protocol',
        'The computer did not sign what was offered to it, so somebody on the way may have struck the better way out.',
      );
    }
    this.#next = 'done';
    return undefined;
  }
}

const endless = () =>
  new WinRMError('protocol', 'The computer does not come to an end with its Negotiate sign-in.');

/** @param hasProven whether the password was shown: else it cannot be what was refused */
const rejected = (hasProven: boolean) =>
  new WinRMError(
    hasProven ? 'unauthenticated' : 'denied',
    'The computer refuses every way to sign in that was offered.',
    {
      causes: [
        'NTLM is switched off there, and Kerberos was not to be had.',
        ...(hasProven ? ['The user name or the password is wrong.'] : []),
      ],
      remedy: { text: 'Ask its administrator whether NTLM is allowed (Network security: Restrict NTLM).' },
      faultCode: 5,
      errorId: 'AccessDenied',
    },
  );
