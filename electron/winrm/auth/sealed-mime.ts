import { WinRMError } from '../error.ts';
import { concat } from './ntlm-keys.ts';
import type { SealedMessage } from './security-context.ts';

const BOUNDARY = 'Encrypted Boundary';

/** Under `Kerberos` and `CredSSP` their own; under Negotiate, with Kerberos in it too, and for bare NTLM the first. */
export type SealedProtocol = 'SPNEGO' | 'Kerberos' | 'CredSSP';

const protocolName = (protocol: SealedProtocol) => `application/HTTP-${protocol}-session-encrypted`;

/** The Content-Type of a sealed body, of one part or of many. */
export const sealedType = (protocol: SealedProtocol, isOfMany = false): string =>
  `multipart/${isOfMany ? 'x-multi-encrypted' : 'encrypted'};protocol="${protocolName(protocol)}";boundary="${BOUNDARY}"`;
export const SEALED_TYPE = sealedType('SPNEGO');

export interface SealedPart extends SealedMessage {
  /** Of what was sealed, e.g. `application/soap+xml;charset=UTF-8`. */
  readonly contentType: string;
  /** Of what was sealed, in bytes. */
  readonly plainLength: number;
}

/** One message, or its pieces, as WinRM carries it in clear HTTP (MS-WSMV 2.2.9.1). */
export function writeSealed(
  parts: SealedPart | readonly SealedPart[],
  protocol: SealedProtocol = 'SPNEGO',
): Uint8Array {
  const text = new TextEncoder();
  const all = 'header' in parts ? [parts] : parts;
  const written = all.flatMap(({ header, data, contentType, plainLength }) => {
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, header.length, true);
    const head =
      `--${BOUNDARY}\r\n\tContent-Type: ${protocolName(protocol)}\r\n\tOriginalContent: type=${contentType};Length=${plainLength}\r\n` +
      `--${BOUNDARY}\r\n\tContent-Type: application/octet-stream\r\n`;
    return [text.encode(head), size, header, data];
  });
  return concat(...written, text.encode(`--${BOUNDARY}--\r\n`));
}

/** Longer than every line between the sealed pieces. */
const MAX_LINE = 1024;
/** MS-WSMV 2.2.9.1 has two before each sealed piece; nobody's time is spent on more than some others beside them. */
const MAX_HEADER_LINES = 16;

/** How long the data of a part is, of which `header` is the beginning and `rest` all that follows. */
export type DataLength = (header: Uint8Array, rest: Uint8Array, plainLength: number) => number;

/** NTLM's and Kerberos' data is as long as what it holds. */
const AS_PLAIN: DataLength = (_, __, plainLength) => plainLength;

/**
 * Takes a sealed body apart. Lengths are believed and then checked; the sealed bytes are never searched, since they
 * may hold the boundary by chance.
 *
 * @throws WinRMError 'protocol'
 */
export function readSealed(
  body: Uint8Array,
  httpContentType: string,
  dataLength: DataLength = AS_PLAIN,
): SealedPart[] {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(httpContentType);
  const cursor = new Cursor(body, boundary?.[1] ?? boundary?.[2] ?? BOUNDARY);
  const parts: SealedPart[] = [];
  cursor.delimiter();
  do parts.push(readPart(cursor, dataLength));
  while (cursor.delimiter() === 'next');
  return parts;
}

function readPart(cursor: Cursor, dataLength: DataLength): SealedPart {
  let original: RegExpExecArray | null = null;
  for (let lines = 0; !cursor.atDelimiter; lines++) {
    if (lines === MAX_HEADER_LINES) throw malformed('its header has no end');
    const line = cursor.line();
    original ??= /^\s*OriginalContent:\s*type=(.+?);\s*Length=(\d{1,10})\s*$/i.exec(line);
  }
  if (cursor.delimiter() !== 'next' || !original?.[1]) throw malformed('it does not say what was sealed');
  if (!/^\s*Content-Type:\s*application\/octet-stream\s*$/i.test(cursor.line()))
    throw malformed('its sealed part has another type');
  const header = cursor.take(cursor.uint32());
  const plainLength = Number(original[2]);
  const data = cursor.take(dataLength(header, cursor.rest, plainLength));
  return { header, data, contentType: original[1], plainLength };
}

class Cursor {
  readonly #body: Uint8Array;
  readonly #boundary: string;
  #at = 0;

  constructor(body: Uint8Array, boundary: string) {
    this.#body = body;
    this.#boundary = boundary;
  }

  get rest(): Uint8Array {
    return this.#body.subarray(this.#at);
  }

  get atDelimiter(): boolean {
    return this.#delimiterEnd() !== undefined;
  }

  /** Passes a delimiter, which must be here. */
  delimiter(): 'next' | 'end' {
    const end = this.#delimiterEnd();
    if (end === undefined) throw malformed('a part is not as long as it says');
    this.#at = end;
    const rest = this.#peek(4);
    if (rest.startsWith('\r\n')) {
      this.#at += 2;
      return 'next';
    }
    const closed =
      rest.startsWith('--') &&
      (this.#body.length === end + 2 || (rest === '--\r\n' && this.#body.length === end + 4));
    if (!closed) throw malformed('something follows its end');
    return 'end';
  }

  line(): string {
    const text = this.#bytes(MAX_LINE);
    const length = text.indexOf('\r\n', 0, 'latin1');
    if (length < 0) throw malformed('a line has no end');
    this.#at += length + 2;
    return text.toString('latin1', 0, length);
  }

  uint32(): number {
    const bytes = this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  take(length: number): Uint8Array {
    if (length > this.#body.length - this.#at) throw malformed('it breaks off');
    return this.#body.subarray(this.#at, (this.#at += length));
  }

  /** Some servers write a space between the dashes and the boundary. */
  #delimiterEnd(): number | undefined {
    const text = this.#peek(this.#boundary.length + 3);
    for (const dashes of ['--', '-- ']) {
      if (text.startsWith(dashes + this.#boundary)) return this.#at + dashes.length + this.#boundary.length;
    }
    return undefined;
  }

  #peek(length: number): string {
    return this.#bytes(length).toString('latin1');
  }

  #bytes(most: number): Buffer {
    const { buffer, byteOffset, length } = this.#body;
    return Buffer.from(buffer, byteOffset + this.#at, Math.min(most, length - this.#at));
  }
}

const malformed = (what: string) =>
  new WinRMError('protocol', `The other side sent a sealed message that cannot be taken apart: ${what}.`);
