import type { SealedMessage } from '../security-context.ts';
import type { DataLength } from '../sealed-mime.ts';

/** What WinRM seals at once with CredSSP, in bytes: what one record of TLS holds. */
export const PIECE_LENGTH = 16_384;

export function piecesOf(plain: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(plain.length / PIECE_LENGTH));
  return Array.from({ length: count }, (_, i) => plain.subarray(i * PIECE_LENGTH, (i + 1) * PIECE_LENGTH));
}

const HASH_LENGTHS: Readonly<Record<string, number>> = { SHA: 20, SHA256: 32, SHA384: 48 };
const BLOCK_LENGTH = 16;

/**
 * Where a record of TLS 1.2 is cut into WinRM's header and data: Windows' header has the length of its security
 * trailer, which is what the cipher adds. The other side joins the two again.
 *
 * @param cipher OpenSSL's standard name, e.g. `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`
 */
export function cutRecord(record: Uint8Array, plainLength: number, cipher: string): SealedMessage {
  const at = trailerLength(plainLength, cipher);
  return { header: record.subarray(0, at), data: record.subarray(at) };
}

function trailerLength(plainLength: number, cipher: string): number {
  if (!cipher.includes('_CBC_')) return cipher.endsWith('CCM_8') ? 8 : 16;
  const hash = HASH_LENGTHS[cipher.split('_').at(-1) ?? ''] ?? 20;
  return hash + BLOCK_LENGTH - ((plainLength + hash) % BLOCK_LENGTH);
}

/** Behind the last record comes the boundary, which begins like none: their types are 20 to 23 (RFC 5246 6.2.1). */
export const recordsLength: DataLength = (header, rest) => {
  const at = (i: number) => (i < header.length ? header[i] : rest[i - header.length]) ?? 0;
  let end = 0;
  while (at(end) >= 20 && at(end) <= 23) end += 5 + at(end + 3) * 256 + at(end + 4);
  return Math.max(0, end - header.length);
};
