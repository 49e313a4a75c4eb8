import { WinRMError } from '../error.ts';
import { concat, utf16 } from './ntlm-keys.ts';

/** NegotiateFlags (MS-NLMP 2.2.2.5), those that we speak of. */
export const FLAG = {
  unicode: 0x1,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  targetTypeServer: 0x20000,
  extendedSessionSecurity: 0x80000,
  targetInfo: 0x800000,
  version: 0x2000000,
  bits128: 0x20000000,
  keyExchange: 0x40000000,
  bits56: 0x80000000,
} as const;

/** AvId (MS-NLMP 2.2.2.1). */
export const AV = {
  end: 0,
  computerName: 1,
  domainName: 2,
  flags: 6,
  timestamp: 7,
  targetName: 9,
  channelBindings: 10,
} as const;

/** MsvAvFlags: the AUTHENTICATE message carries a MIC. */
export const AV_FLAG_MIC = 2;

export interface AvPair {
  readonly id: number;
  readonly value: Uint8Array;
}

export interface Challenge {
  readonly flags: number;
  readonly serverChallenge: Uint8Array;
  readonly targetInfo: readonly AvPair[];
}

export interface Authenticate {
  readonly flags: number;
  readonly domain: string;
  readonly username: string;
  readonly workstation: string;
  readonly lmResponse: Uint8Array;
  readonly ntResponse: Uint8Array;
  readonly encryptedSessionKey: Uint8Array;
}

const SIGNATURE = new TextEncoder().encode('NTLMSSP\0');
/** No message of Windows comes near; http.sys refuses longer tokens. */
const MAX_MESSAGE = 65_536;
/** Where the MIC of an AUTHENTICATE stands, if there is one. */
export const MIC_OFFSET = 72;
export const MIC_LENGTH = 16;

const malformed = (what: string) =>
  new WinRMError('protocol', `The other side sent an NTLM message that cannot be read: ${what}.`, {
    causes: ['Something other than WinRM answers on this port.'],
  });

function open(message: Uint8Array, type: number, minLength: number): DataView {
  if (message.length > MAX_MESSAGE) throw malformed('it is too long');
  if (message.length < minLength) throw malformed('it is too short');
  if (SIGNATURE.some((byte, i) => message[i] !== byte)) throw malformed('it does not begin as one');
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  if (view.getUint32(8, true) !== type) throw malformed(`it is not of type ${type}`);
  return view;
}

/** Reads the field whose length and offset stand at `at`. */
function field(message: Uint8Array, view: DataView, at: number): Uint8Array {
  const length = view.getUint16(at, true);
  const offset = view.getUint32(at + 4, true);
  if (length > 0 && offset + length > message.length) throw malformed('a field reaches beyond its end');
  return length === 0 ? new Uint8Array() : message.slice(offset, offset + length);
}

function text(bytes: Uint8Array): string {
  if (bytes.length % 2 !== 0) throw malformed('a name has half a character');
  return Buffer.from(bytes).toString('utf16le');
}

/** MS-NLMP 2.2.1.1. No names are sent: the server has no use for them. */
export function encodeNegotiate(flags: number, version: Uint8Array): Uint8Array {
  return header(1, 40, (view, bytes) => {
    view.setUint32(12, flags, true);
    bytes.set(version, 32);
  });
}

/** @returns the NegotiateFlags @throws WinRMError 'protocol' */
export function decodeNegotiate(message: Uint8Array): number {
  return open(message, 1, 16).getUint32(12, true);
}

/** MS-NLMP 2.2.1.2. */
export function encodeChallenge(
  { flags, serverChallenge, targetInfo }: Challenge,
  targetName: string,
  version: Uint8Array,
): Uint8Array {
  const [name, info] = [utf16(targetName), encodeAvPairs(targetInfo)];
  const fixed = header(2, 56, (view, bytes) => {
    writeField(view, 12, name.length, 56);
    view.setUint32(20, flags, true);
    bytes.set(serverChallenge, 24);
    writeField(view, 40, info.length, 56 + name.length);
    bytes.set(version, 48);
  });
  return concat(fixed, name, info);
}

/** @throws WinRMError 'protocol' */
export function decodeChallenge(message: Uint8Array): Challenge {
  const view = open(message, 2, 32);
  const flags = view.getUint32(20, true);
  const info = flags & FLAG.targetInfo ? field(message, open(message, 2, 48), 40) : undefined;
  return { flags, serverChallenge: message.slice(24, 32), targetInfo: info ? decodeAvPairs(info) : [] };
}

/**
 * MS-NLMP 2.2.1.3, payload in Windows' order.
 *
 * @param withMic leaves room for the MIC, all zeros for now
 */
export function encodeAuthenticate(message: Authenticate, version: Uint8Array, withMic: boolean): Uint8Array {
  const names = [utf16(message.domain), utf16(message.username), utf16(message.workstation)] as const;
  const parts = [...names, message.lmResponse, message.ntResponse, message.encryptedSessionKey];
  const fixedLength = withMic ? MIC_OFFSET + MIC_LENGTH : MIC_OFFSET;
  const fixed = header(3, fixedLength, (view, bytes) => {
    let offset = fixedLength;
    // The fields stand in another order than what they point to.
    for (const [i, at] of [28, 36, 44, 12, 20, 52].entries()) {
      writeField(view, at, parts[i]!.length, offset);
      offset += parts[i]!.length;
    }
    view.setUint32(60, message.flags, true);
    bytes.set(version, 64);
  });
  return concat(fixed, ...parts);
}

/** @throws WinRMError 'protocol' */
export function decodeAuthenticate(message: Uint8Array): Authenticate {
  const view = open(message, 3, 64);
  return {
    flags: view.getUint32(60, true),
    lmResponse: field(message, view, 12),
    ntResponse: field(message, view, 20),
    domain: text(field(message, view, 28)),
    username: text(field(message, view, 36)),
    workstation: text(field(message, view, 44)),
    encryptedSessionKey: field(message, view, 52),
  };
}

export function encodeAvPairs(pairs: readonly AvPair[]): Uint8Array {
  const parts = [...pairs, { id: AV.end, value: new Uint8Array() }].map(({ id, value }) =>
    concat(Uint8Array.of(id, id >> 8, value.length, value.length >> 8), value),
  );
  return concat(...parts);
}

/** MS-NLMP knows eleven; more than these come from nobody who signs anybody in. */
const MAX_AV_PAIRS = 64;

/** Up to the end mark, which must be there. @throws WinRMError 'protocol' */
export function decodeAvPairs(bytes: Uint8Array): AvPair[] {
  const pairs: AvPair[] = [];
  const ids = new Set<number>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 4 <= bytes.length;) {
    const id = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (id === AV.end) return pairs;
    if (at + 4 + length > bytes.length) break;
    if (ids.has(id)) throw malformed('its target information says one thing twice');
    if (ids.size === MAX_AV_PAIRS) throw malformed('its target information says too much');
    ids.add(id);
    pairs.push({ id, value: bytes.slice(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  throw malformed('its target information has no end');
}

function header(type: number, length: number, fill: (view: DataView, bytes: Uint8Array) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(SIGNATURE);
  view.setUint32(8, type, true);
  fill(view, bytes);
  return bytes;
}

function writeField(view: DataView, at: number, length: number, offset: number): void {
  if (length > 0xffff) throw new WinRMError('invalid', 'A name is too long for NTLM.');
  view.setUint16(at, length, true);
  view.setUint16(at + 2, length, true);
  view.setUint32(at + 4, offset, true);
}
