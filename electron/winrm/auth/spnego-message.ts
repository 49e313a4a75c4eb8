import { WinRMError } from '../error.ts';
import { der, readDer, readSequence } from './der.ts';
import type { Der } from './der.ts';

/** Object identifiers as DER content. */
const SPNEGO_OID = Uint8Array.of(0x2b, 6, 1, 5, 5, 2);
/** RFC 4121's, and the one that Windows 2000 wrote by mistake and Windows still names. */
export const KERBEROS_OID = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2);
export const MS_KERBEROS_OID = Uint8Array.of(0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 1, 2, 2);
export const NTLM_OID = Uint8Array.of(0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10);

/** NegState (RFC 4178 4.2.2). */
export const NEG_STATE = { acceptCompleted: 0, acceptIncomplete: 1, reject: 2, requestMic: 3 } as const;

export interface NegTokenInit {
  /** The MechTypeList as it travelled, which is what a mechListMIC signs. */
  readonly mechTypeList: Uint8Array;
  readonly mechTypes: readonly Uint8Array[];
  readonly mechToken: Uint8Array | undefined;
}

export interface NegTokenResp {
  readonly negState: number | undefined;
  readonly supportedMech: Uint8Array | undefined;
  readonly responseToken: Uint8Array | undefined;
  readonly mechListMic: Uint8Array | undefined;
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

export const encodeMechTypeList = (oids: readonly Uint8Array[]): Uint8Array =>
  der(0x30, ...oids.map((oid) => der(0x06, oid)));

/** The first token, in GSS-API's framing (RFC 2743 3.1, RFC 4178 4.2.1). */
export function encodeNegTokenInit(mechTypeList: Uint8Array, mechToken: Uint8Array): Uint8Array {
  const init = der(0x30, der(0xa0, mechTypeList), der(0xa2, der(0x04, mechToken)));
  return der(0x60, der(0x06, SPNEGO_OID), der(0xa0, init));
}

/** @throws WinRMError 'protocol' */
export function decodeNegTokenInit(token: Uint8Array): NegTokenInit {
  const [oid, choice, ...rest] = readSequence(readDer(token, 0x60));
  if (oid?.tag !== 0x06 || !sameBytes(oid.content, SPNEGO_OID) || choice?.tag !== 0xa0 || rest.length > 0)
    throw malformed();
  const fields = tagged(readDer(choice.content, 0x30));
  const list = fields.get(0xa0);
  if (!list) throw malformed();
  const mechTypes = readSequence(readDer(list, 0x30)).map(({ tag, content }) => {
    if (tag !== 0x06) throw malformed();
    return content;
  });
  return { mechTypeList: list, mechTypes, mechToken: octets(fields.get(0xa2)) };
}

/** Every later token, of either side (RFC 4178 4.2.2). */
export function encodeNegTokenResp({
  negState,
  supportedMech,
  responseToken,
  mechListMic,
}: Partial<NegTokenResp>): Uint8Array {
  const fields = [
    ...(negState === undefined ? [] : [der(0xa0, der(0x0a, Uint8Array.of(negState)))]),
    ...(supportedMech ? [der(0xa1, der(0x06, supportedMech))] : []),
    ...(responseToken ? [der(0xa2, der(0x04, responseToken))] : []),
    ...(mechListMic ? [der(0xa3, der(0x04, mechListMic))] : []),
  ];
  return der(0xa1, der(0x30, ...fields));
}

/** @throws WinRMError 'protocol' */
export function decodeNegTokenResp(token: Uint8Array): NegTokenResp {
  const fields = tagged(readDer(readDer(token, 0xa1).content, 0x30));
  const state = fields.get(0xa0);
  const mech = fields.get(0xa1);
  const negState = state && readDer(state, 0x0a).content;
  if (negState && (negState.length !== 1 || negState[0]! > NEG_STATE.requestMic)) throw malformed();
  return {
    negState: negState?.[0],
    supportedMech: mech && readDer(mech, 0x06).content,
    responseToken: octets(fields.get(0xa2)),
    mechListMic: octets(fields.get(0xa3)),
  };
}

/** The fields by tag; they must come in order and once. */
function tagged(sequence: Der): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  let last = 0x9f;
  for (const { tag, content } of readSequence(sequence)) {
    if (tag <= last || tag > 0xa3) throw malformed();
    fields.set((last = tag), content);
  }
  return fields;
}

const octets = (field: Uint8Array | undefined) => field && readDer(field, 0x04).content;

const malformed = () =>
  new WinRMError('protocol', 'The other side sent a Negotiate token that cannot be read.');
