import { WinRMError } from '../error.ts';
import type { NtlmClient } from './ntlm.ts';
import type { SealedMessage, SecurityContext } from './security-context.ts';
import {
  decodeNegTokenResp,
  encodeMechTypeList,
  encodeNegTokenInit,
  encodeNegTokenResp,
  NEG_STATE,
  NTLM_OID,
  sameBytes,
} from './spnego-message.ts';
import type { NegTokenResp } from './spnego-message.ts';

const MECH_TYPES = encodeMechTypeList([NTLM_OID]);

/**
 * The client's side of Negotiate with NTLM inside, its first token sent along at once.
 *
 * The list of mechanisms is signed both ways, as Windows does when NTLM carries a MIC; after that NTLM's key streams
 * begin anew, while its counts go on (MS-SPNG 3.3.5.1). A server's missing signature is forgiven: with one mechanism offered there
 * is nothing to talk us down to.
 *
 * @see RFC 4178
 */
export class SpnegoClient implements SecurityContext {
  readonly scheme = 'Negotiate';
  readonly mechanism = 'NTLM in Negotiate';
  readonly #ntlm: NtlmClient;
  #next: 'offer' | 'answer' | 'end' | 'done' = 'offer';

  constructor(ntlm: NtlmClient) {
    this.#ntlm = ntlm;
  }

  get complete(): boolean {
    return this.#next === 'done';
  }

  step(token?: Uint8Array): Uint8Array | undefined {
    if (this.#next === 'offer') {
      this.#next = 'answer';
      return encodeNegTokenInit(MECH_TYPES, this.#ntlm.step() ?? new Uint8Array());
    }
    if (!token || this.complete)
      throw new WinRMError('protocol', 'The computer broke off its Negotiate sign-in.');
    const response = decodeNegTokenResp(token);
    if (response.negState === NEG_STATE.reject) throw rejected();
    return this.#next === 'answer' ? this.#answer(response) : this.#end(response);
  }

  wrap(plain: Uint8Array): SealedMessage {
    return this.#ntlm.wrap(plain);
  }

  unwrap(sealed: SealedMessage): Uint8Array {
    return this.#ntlm.unwrap(sealed);
  }

  #answer({ negState, supportedMech, responseToken }: NegTokenResp): Uint8Array {
    const chosen = supportedMech === undefined || sameBytes(supportedMech, NTLM_OID);
    if (!chosen || !responseToken || negState === NEG_STATE.acceptCompleted) {
      throw new WinRMError(
        'protocol',
        'The computer answered the Negotiate sign-in with something other than NTLM.',
      );
    }
    const authenticate = this.#ntlm.step(responseToken);
    const { sealing } = this.#ntlm;
    const mechListMic = sealing.sign(MECH_TYPES);
    sealing.restartOutgoing();
    this.#next = 'end';
    return encodeNegTokenResp({
      negState: NEG_STATE.acceptIncomplete,
      ...(authenticate ? { responseToken: authenticate } : {}),
      mechListMic,
    });
  }

  #end({ negState, responseToken, mechListMic }: NegTokenResp): undefined {
    if (negState !== NEG_STATE.acceptCompleted || responseToken?.length) {
      throw new WinRMError('protocol', 'The computer does not come to an end with its Negotiate sign-in.');
    }
    if (mechListMic) {
      this.#ntlm.sealing.verify(MECH_TYPES, mechListMic);
      this.#ntlm.sealing.restartIncoming();
    }
    this.#next = 'done';
  }
}

const rejected = () =>
  new WinRMError('unauthenticated', 'The computer refuses every way to sign in that was offered.', {
    causes: ['NTLM is switched off there.', 'The user name or the password is wrong.'],
    remedy: { text: 'Ask its administrator whether NTLM is allowed (Network security: Restrict NTLM).' },
    faultCode: 5,
    errorId: 'AccessDenied',
  });
