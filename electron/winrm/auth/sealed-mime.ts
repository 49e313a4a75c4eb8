import { WinRMError } from '../error.ts';
import { concat } from './ntlm-keys.ts';
import type { SealedMessage } from './security-context.ts';

const BOUNDARY = 'Encrypted Boundary';

/** Under `Kerberos` its own; under Negotiate, with Kerberos in it too, and for bare NTLM the first. */
export type SealedProtocol = 'SPNEGO' | 'Kerberos';

const protocolName = (protocol: SealedProtocol) => `application/HTTP-${protocol}-session-encrypted`;

/** The Content-Type of a sealed body. */
export const sealedType = (protocol: SealedProtocol): string =>
  `multipart/encrypted;protocol="${protocolName(protocol)}";boundary="${BOUNDARY}"`;
export const SEALED_TYPE = sealedType('SPNEGO');

export interface SealedPart extends SealedMessage {
  /** Of what was sealed, e.g. `application/soap+xml;charset=UTF-8`. */
  readonly contentType: string;
  /** Of what was sealed, in bytes. */
  readonly plainLength: number;
}

/** One message as WinRM carries it in clear HTTP (MS-WSMV 2.2.9.1). */
export function writeSealed(
  { header, data, contentType, plainLength }: SealedPart,
  protocol: SealedProtocol = 'SPNEGO',
): Uint8Array {
  const text = new TextEncoder();
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, header.length, true);
  return concat(
    text.encode(
      `--${BOUNDARY}\r\n\tContent-Type: ${protocolName(protocol)}\r\n\tOriginalContent: type=${contentType};Length=${plainLength}\r\n` +
        `--${BOUNDARY}\r\n\tContent-Type: application/octet-stream\r\n`,
    ),
    size,
    header,
    data,
    text.encode(`--${BOUNDARY}--\r\n`),
  );
}

/** Longer than every line between the sealed pieces. */
const MAX_LINE = 1024;

/**
 * Takes a sealed body apart. Lengths are believed and then checked; the sealed bytes are never searched, since they
 * may hold the boundary by chance.
 *
 * @throws WinRMError 'protocol'
 */
export function readSealed(body: Uint8Array, httpContentType: string): SealedPart[] {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(httpContentType);
  const cursor = new Cursor(body, boundary?.[1] ?? boundary?.[2] ?? BOUNDARY);
  const parts: SealedPart[] = [];
  cursor.delimiter();
  do parts.push(readPart(cursor));
  while (cursor.delimiter() === 'next');
  return parts;
}

function readPart(cursor: Cursor): SealedPart {
  let original: RegExpExecArray | null = null;
  while (!cursor.atDelimiter) {
    const line = cursor.line();
    original ??= /^\s*OriginalContent:\s*type=(.+?);\s*Length=(\d{1,10})\s*$/i.exec(line);
  }
  if (cursor.delimiter() !== 'next' || !original?.[1]) throw malformed('it does not say what was sealed');
  if (!/^\s*Content-Type:\s*application\/octet-stream\s*$/i.test(cursor.line()))
    throw malformed('its sealed part has another type');
  const header = cursor.take(cursor.uint32());
  const plainLength = Number(original[2]);
  return { header, data: cursor.take(plainLength), contentType: original[1], plainLength };
}

class Cursor {
  readonly #body: Uint8Array;
  readonly #boundary: string;
  #at = 0;

  constructor(body: Uint8Array, boundary: string) {
    this.#body = body;
    this.#boundary = boundary;
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
    const text = this.#peek(MAX_LINE);
    const length = text.indexOf('\r\n');
    if (length < 0) throw malformed('a line has no end');
    this.#at += length + 2;
    return text.slice(0, length);
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
    return Buffer.from(
      this.#body.buffer,
      this.#body.byteOffset + this.#at,
      Math.min(length, this.#body.length - this.#at),
    ).toString('latin1');
  }
}

const malformed = (what: string) =>
  new WinRMError('protocol', `The other side sent a sealed message that cannot be taken apart: ${what}.`);
