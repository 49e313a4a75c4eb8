import { WinRMError } from '../error.ts';
import { NtlmAcceptor } from './ntlm-acceptor.ts';
import type { AcceptorOptions } from './ntlm-acceptor.ts';
import type { Ambient, SealedMessage } from './security-context.ts';
import {
  decodeNegTokenInit,
  decodeNegTokenResp,
  encodeNegTokenResp,
  NEG_STATE,
  NTLM_OID,
  sameBytes,
} from './spnego-message.ts';

/**
 * The server's side of `Negotiate` for the simulated computer: NTLM in SPNEGO, or bare, as the client begins. A new
 * one for each attempt.
 */
export class NegotiateAcceptor {
  readonly #ntlm: NtlmAcceptor;
  #mechTypeList: Uint8Array | undefined;
  #bare = false;

  constructor(options: AcceptorOptions, ambient: Ambient) {
    this.#ntlm = new NtlmAcceptor(options, ambient);
  }

  get complete(): boolean {
    return this.#ntlm.complete;
  }

  get account(): { readonly username: string; readonly domain: string } {
    return this.#ntlm.account;
  }

  /** @returns the token to answer with, if one is due @throws WinRMError 'unauthenticated' or 'protocol' */
  step(token: Uint8Array): Uint8Array | undefined {
    if (this.#bare || (!this.#mechTypeList && token[0] === 0x4e)) {
      this.#bare = true;
      return this.#ntlm.step(token);
    }
    return this.#mechTypeList ? this.#continue(token, this.#mechTypeList) : this.#begin(token);
  }

  wrap(plain: Uint8Array): SealedMessage {
    return this.#ntlm.sealing.wrap(plain);
  }

  unwrap(sealed: SealedMessage): Uint8Array {
    return this.#ntlm.sealing.unwrap(sealed);
  }

  #begin(token: Uint8Array): Uint8Array {
    const { mechTypeList, mechTypes, mechToken } = decodeNegTokenInit(token);
    const rank = mechTypes.findIndex((oid) => sameBytes(oid, NTLM_OID));
    if (rank < 0) throw new WinRMError('unauthenticated', 'No mechanism is offered that the computer knows.');
    this.#mechTypeList = mechTypeList;
    // The token sent along belongs to the first mechanism of the list.
    const responseToken = rank === 0 && mechToken ? this.#ntlm.step(mechToken) : undefined;
    return encodeNegTokenResp({
      negState: NEG_STATE.acceptIncomplete,
      supportedMech: NTLM_OID,
      ...(responseToken ? { responseToken } : {}),
    });
  }

  #continue(token: Uint8Array, mechTypeList: Uint8Array): Uint8Array {
    const { responseToken, mechListMic } = decodeNegTokenResp(token);
    if (!responseToken || this.complete)
      throw new WinRMError('protocol', 'The client broke off its sign-in.');
    const answer = this.#ntlm.step(responseToken);
    if (!this.complete) {
      return encodeNegTokenResp({
        negState: NEG_STATE.acceptIncomplete,
        ...(answer ? { responseToken: answer } : {}),
      });
    }
    if (!mechListMic) return encodeNegTokenResp({ negState: NEG_STATE.acceptCompleted });
    const { sealing } = this.#ntlm;
    sealing.verify(mechTypeList, mechListMic);
    sealing.restartIncoming();
    const own = sealing.sign(mechTypeList);
    sealing.restartOutgoing();
    return encodeNegTokenResp({ negState: NEG_STATE.acceptCompleted, mechListMic: own });
  }
}
