import { WinRMError } from '../error.ts';
import type { SealedMessage } from './security-context.ts';

/** RFC 4121 4.2.6.2: TOK_ID 05 04, Flags, Filler FF, EC, RRC, SND_SEQ. */
const TOKEN_HEADER = 16;
const CONFOUNDER = 16;
const SENT_BY_ACCEPTOR = 0x01;
const SEALED = 0x02;
const SUBKEY = 0x04;
const FILLER = 0xff;
/** What follows the text: a copy of the header and the checksum of AES-SHA1, aes128-sha256, aes256-sha384. */
const TRAILERS = [TOKEN_HEADER + 12, TOKEN_HEADER + 16, TOKEN_HEADER + 24];

/**
 * Splits a token of GSS_Wrap as WinRM carries it: the trailer is rotated before the sealed text, so that the header is
 * of one length for each cipher (60, 64 or 72 bytes) and the data exactly as long as the text.
 *
 * @param token of GSS_Wrap by the client, rotated or not
 * @param plainLength of the text that was wrapped
 * @throws WinRMError 'protocol' for a token that is not sealed, or is none of AES
 */
export function splitWrapped(token: Uint8Array, plainLength: number): SealedMessage {
  const { flags, extraCount, rotation } = readHeader(token);
  if ((flags & SENT_BY_ACCEPTOR) !== 0 || extraCount !== 0) throw notSealed();
  const trailer = token.length - TOKEN_HEADER - CONFOUNDER - plainLength;
  if (!TRAILERS.includes(trailer)) throw notSealed();
  const body = token.subarray(TOKEN_HEADER);
  const whole = new Uint8Array(token.length);
  whole.set(token.subarray(0, TOKEN_HEADER));
  new DataView(whole.buffer).setUint16(6, trailer);
  // As it is rotated right by `rotation` already, so much less is due.
  const due = (((trailer - rotation) % body.length) + body.length) % body.length;
  whole.set(body.subarray(body.length - due), TOKEN_HEADER);
  whole.set(body.subarray(0, body.length - due), TOKEN_HEADER + due);
  const headerLength = TOKEN_HEADER + trailer + CONFOUNDER;
  return { header: whole.subarray(0, headerLength), data: whole.subarray(headerLength) };
}

/**
 * The token for GSS_Unwrap, which obeys the rotation that the header tells of.
 *
 * @throws WinRMError 'protocol' unless it is sealed, of AES and by the server
 */
export function joinSealed({ header, data }: SealedMessage): Uint8Array {
  const { flags, extraCount } = readHeader(header);
  if ((flags & SENT_BY_ACCEPTOR) === 0) throw notSealed();
  if (!TRAILERS.includes(header.length - TOKEN_HEADER - CONFOUNDER - extraCount)) throw notSealed();
  const token = new Uint8Array(header.length + data.length);
  token.set(header);
  token.set(data, header.length);
  return token;
}

function readHeader(token: Uint8Array): { flags: number; extraCount: number; rotation: number } {
  if (token.length < TOKEN_HEADER) throw notSealed();
  const view = new DataView(token.buffer, token.byteOffset, TOKEN_HEADER);
  const flags = view.getUint8(2);
  // A token that is only signed carries its text in clear: never taken for a sealed one, whatever the library says of it.
  if (view.getUint16(0) !== 0x0504 || view.getUint8(3) !== FILLER || (flags & SEALED) === 0)
    throw notSealed();
  if ((flags & ~(SENT_BY_ACCEPTOR | SEALED | SUBKEY)) !== 0) throw notSealed();
  return { flags, extraCount: view.getUint16(4), rotation: view.getUint16(6) };
}

const notSealed = () =>
  new WinRMError('protocol', 'A message was not sealed by Kerberos in the way that was agreed.', {
    causes: [
      'Something between alters the traffic.',
      'The ticket is of an old kind (RC4, DES), which is not spoken: it takes AES.',
    ],
    faultCode: 2150859001,
  });
