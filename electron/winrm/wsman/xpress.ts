import { WinRMError } from '../error.ts';

/** 512 code lengths of four bits. */
const TABLE_BYTES = 256;
const LONGEST_CODE = 15;
const END_OF_BLOCK = 256;
const CHUNK_BYTES = 65_536;
const HEADER_BYTES = 4;

const broken = () =>
  new WinRMError('protocol', 'The computer sent compressed output that cannot be unpacked.');

/**
 * Reads what a shell with compression says: blocks of at most 64 KB, each after its length and its packed length, both
 * less one. Where they are the same the block lies there as it is. Each is unpacked when it is asked for: together they
 * may be 245 times as large as what they came in.
 *
 * @throws WinRMError 'protocol' for what is cut short, too long, or no code
 * @see MS-WSMV 3.2.4.1.19, note 134
 */
export function* unpackedBlocks(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    if (at + HEADER_BYTES > bytes.length) throw broken();
    const length = view.getUint16(at, true) + 1;
    const packedLength = view.getUint16(at + 2, true) + 1;
    at += HEADER_BYTES;
    if (packedLength > length || at + packedLength > bytes.length) throw broken();
    const packed = bytes.subarray(at, at + packedLength);
    yield packedLength === length ? packed : unpack(packed, length);
    at += packedLength;
  }
}

/** The same for what is sent to such a shell; nothing is made smaller, which the format allows. */
export function packBlocks(bytes: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const data = bytes.subarray(at, at + CHUNK_BYTES);
    const header = new Uint8Array(HEADER_BYTES);
    const view = new DataView(header.buffer);
    view.setUint16(0, data.length - 1, true);
    view.setUint16(2, data.length - 1, true);
    blocks.push(header, data);
  }
  return Buffer.concat(blocks);
}

/**
 * Xpress's LZ77+Huffman.
 *
 * @param length how many bytes come out
 * @see MS-XCA 2.2.4
 */
export function unpack(packed: Uint8Array, length: number): Uint8Array {
  if (packed.length < TABLE_BYTES + 4) throw broken();
  const symbols = decodingTable(packed);
  const output = new Uint8Array(length);
  const input = new BitReader(packed, TABLE_BYTES);
  for (let at = 0; at < length;) {
    const entry = symbols[input.peek(LONGEST_CODE)]!;
    input.skip(entry & 0xf);
    const symbol = entry >> 4;
    if (symbol < END_OF_BLOCK) {
      output[at++] = symbol;
      continue;
    }
    // The mark of the end is also the shortest match; there is room for more only if it is that.
    const offsetBits = (symbol - END_OF_BLOCK) >> 4;
    const matchLength = lengthOf(input, symbol & 0xf);
    const offset = (1 << offsetBits) | input.take(offsetBits);
    if (offset > at || at + matchLength > length) throw broken();
    for (const end = at + matchLength; at < end; at++) output[at] = output[at - offset]!;
  }
  if (input.isBeyond) throw broken();
  return output;
}

function lengthOf(input: BitReader, short: number): number {
  if (short < 15) return short + 3;
  const byte = input.byte();
  if (byte < 255) return byte + 18;
  const word = input.word();
  if (word < 15) throw broken();
  return word + 3;
}

/** For every 15 bits the symbol that they begin with, times 16, and how many of them are its own. */
function decodingTable(packed: Uint8Array): Uint16Array {
  const table = new Uint16Array(1 << LONGEST_CODE);
  let at = 0;
  for (let bits = 1; bits <= LONGEST_CODE; bits++) {
    const span = 1 << (LONGEST_CODE - bits);
    for (let symbol = 0; symbol < 2 * TABLE_BYTES; symbol++) {
      const pair = packed[symbol >> 1]!;
      if ((symbol & 1 ? pair >> 4 : pair & 0xf) !== bits) continue;
      if (at + span > table.length) throw broken();
      table.fill((symbol << 4) | bits, at, at + span);
      at += span;
    }
  }
  // Codes that leave something open would be read as nothing, for ever.
  if (at !== table.length) throw broken();
  return table;
}

/** Bits from words of 16, the highest first; bytes and words of lengths lie between them. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** As many as are known, from the top of 32. */
  #bits = 0;
  /** Known beyond the first 16. */
  #extra = 16;
  #missing = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#bits = (this.#next16() << 16) | this.#next16();
  }

  /** More was read than there was, but for the words that are read ahead. */
  get isBeyond(): boolean {
    return this.#missing > 4;
  }

  peek(count: number): number {
    return this.#bits >>> (32 - count);
  }

  skip(count: number): void {
    this.#bits = count === 0 ? this.#bits : this.#bits << count;
    this.#extra -= count;
    if (this.#extra >= 0) return;
    this.#bits |= this.#next16() << -this.#extra;
    this.#extra += 16;
  }

  take(count: number): number {
    if (count === 0) return 0;
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  byte(): number {
    if (this.#at >= this.#bytes.length) throw broken();
    return this.#bytes[this.#at++]!;
  }

  word(): number {
    const low = this.byte();
    return low | (this.byte() << 8);
  }

  #next16(): number {
    const low = this.#bytes[this.#at++];
    const high = this.#bytes[this.#at++];
    if (low === undefined) this.#missing++;
    if (high === undefined) this.#missing++;
    return (low ?? 0) | ((high ?? 0) << 8);
  }
}
