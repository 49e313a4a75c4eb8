import { WinRMError } from '../../error.ts';
import { der, readDer, readSequence } from '../der.ts';

/** The newest version of CredSSP, which is ours. */
export const CREDSSP_VERSION = 6;

/** One message of CredSSP (MS-CSSP 2.2.1). */
export interface TsRequest {
  readonly version: number;
  /** Of SPNEGO, or of NTLM without it. */
  readonly negoToken?: Uint8Array | undefined;
  /** TSCredentials, sealed. */
  readonly authInfo?: Uint8Array | undefined;
  /** What binds the sign-in to the key of TLS, sealed. */
  readonly pubKeyAuth?: Uint8Array | undefined;
  /** NTSTATUS, unsigned; of versions 3, 4 and 6. */
  readonly errorCode?: number | undefined;
  /** Of versions 5 and 6: 32 bytes of the client's. */
  readonly clientNonce?: Uint8Array | undefined;
}

const octets = (tag: number, value: Uint8Array | undefined) => (value ? [der(tag, der(0x04, value))] : []);

export function encodeTsRequest(request: TsRequest): Uint8Array {
  const { version, negoToken, authInfo, pubKeyAuth, errorCode, clientNonce } = request;
  return der(
    0x30,
    der(0xa0, integer(version)),
    ...(negoToken ? [der(0xa1, der(0x30, der(0x30, ...octets(0xa0, negoToken))))] : []),
    ...octets(0xa2, authInfo),
    ...octets(0xa3, pubKeyAuth),
    ...(errorCode === undefined ? [] : [der(0xa4, integer(errorCode))]),
    ...octets(0xa5, clientNonce),
  );
}

/** A number of 32 bits without sign, in the fewest bytes. */
function integer(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256))
    bytes.unshift(rest % 256);
  if ((bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  return der(0x02, Uint8Array.from(bytes));
}

/** The last field that we know, and the last that a message could have. */
const [LAST_KNOWN, LAST] = [0xa5, 0xbe];

/**
 * A newer version may have fields that we do not know: they stand behind those that we do, and are skipped.
 *
 * @throws WinRMError 'protocol' for anything that is not exactly one message
 */
export function decodeTsRequest(message: Uint8Array): TsRequest {
  const fields = new Map<number, Uint8Array>();
  let last = 0x9f;
  for (const { tag, content } of readSequence(readDer(message, 0x30))) {
    if (tag <= last || tag > LAST) throw malformed('its fields are out of order');
    last = tag;
    if (tag <= LAST_KNOWN) fields.set(tag, content);
  }
  const read = (tag: number) => {
    const field = fields.get(tag);
    return field && readDer(field, 0x04).content;
  };
  const [version, error] = [fields.get(0xa0), fields.get(0xa4)];
  if (!version) throw malformed('it says no version');
  return {
    version: readVersion(version),
    negoToken: readNegoToken(fields.get(0xa1)),
    authInfo: read(0xa2),
    pubKeyAuth: read(0xa3),
    errorCode: error && readStatus(error),
    clientNonce: read(0xa5),
  };
}

function readVersion(field: Uint8Array): number {
  const { content } = readDer(field, 0x02);
  const [first = 0x80, second = 0x80] = content;
  const isShortest = content.length === 1 || first !== 0 || second >= 0x80;
  if (content.length > 4 || first >= 0x80 || !isShortest) throw malformed('its version is no number');
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** An NTSTATUS is written with or without its sign, as the server's library likes. */
function readStatus(field: Uint8Array): number {
  const { content } = readDer(field, 0x02);
  if (content.length === 0 || content.length > 5) throw malformed('its error is no number');
  const negative = (content[0] ?? 0) >= 0x80 ? -1 : 0;
  return content.reduce((value, byte) => (value << 8) | byte, negative) >>> 0;
}

/** A list of tokens in the grammar, of which there is always one. */
function readNegoToken(field: Uint8Array | undefined): Uint8Array | undefined {
  if (!field) return undefined;
  const [item, ...more] = readSequence(readDer(field, 0x30));
  const [token, ...rest] = readSequence(item, 0x30);
  if (more.length > 0 || rest.length > 0 || token?.tag !== 0xa0) throw malformed('it has not one token');
  return readDer(token.content, 0x04).content;
}

const malformed = (what: string) =>
  new WinRMError('protocol', `The other side sent a CredSSP message that cannot be read: ${what}.`);
