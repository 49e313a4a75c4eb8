import { SESSION_OPTION_DEFAULTS } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import { GatheredBytes } from '../gathered-bytes.ts';
import { broken } from './broken.ts';

/** ObjectId u64, FragmentId u64, flags u8, length u32; all big-endian (MS-PSRP 2.2.4). */
export const FRAGMENT_HEADER_BYTES = 21;
const START = 1;
const END = 2;
const MAXIMUM_OBJECT_BYTES = SESSION_OPTION_DEFAULTS.maximumReceivedObjectSize;
/** Streams of one pipeline interleave a few messages at most. */
const MAXIMUM_OPEN_OBJECTS = 1024;
/** They bring nothing and take time, and packed they are as many as somebody likes. */
const MAXIMUM_EMPTY = 1024;

/**
 * Cuts a message into fragments of at most `maxBytes` each, headers included. ObjectIds are the sender's to count.
 *
 * @see MS-PSRP 2.2.4
 */
export function fragment(objectId: bigint, message: Uint8Array, maxBytes: number): Uint8Array[] {
  const room = Math.max(1, maxBytes - FRAGMENT_HEADER_BYTES);
  const fragments: Uint8Array[] = [];
  for (let at = 0, fragmentId = 0n; at < message.length || at === 0; at += room, fragmentId++) {
    const data = message.subarray(at, at + room);
    const bytes = new Uint8Array(FRAGMENT_HEADER_BYTES + data.length);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, objectId);
    view.setBigUint64(8, fragmentId);
    view.setUint8(16, (at === 0 ? START : 0) | (at + room >= message.length ? END : 0));
    view.setUint32(17, data.length);
    bytes.set(data, FRAGMENT_HEADER_BYTES);
    fragments.push(bytes);
  }
  return fragments;
}

/** A message that is still growing. */
interface Unfinished {
  /** Absent until there is more than one piece. */
  gathered?: GatheredBytes;
  whole?: Uint8Array;
  next: bigint;
}

/** The fragment whose data is being received. */
interface Header {
  readonly objectId: bigint;
  readonly isEnd: boolean;
  /** Undefined when it is passed over. */
  readonly object: Unfinished | undefined;
  left: number;
}

export interface DefragmenterOptions {
  /** MaximumReceivedObjectSize: what one message may measure; 200 MB as in PowerShell unless given, 0 is without a limit. */
  readonly maximumObjectBytes?: number;
  /** MaximumReceivedDataSizePerCommand: what a stream may bring in all; without a limit unless given. */
  readonly maximumStreamBytes?: number;
  /**
   * The stream was taken up from an earlier client, which may have received the beginning of an object: fragments before
   * the first start are passed over, as PowerShell does after it connects (ReceiveDataCollection.PrepareForStreamConnect).
   */
  readonly joinsMidStream?: boolean;
}

/**
 * Puts messages together again from a stream of fragments, cut anywhere. Only the fragments of one object are ordered:
 * ObjectIds start anywhere, have gaps, and objects may interleave. Whole messages are views of the bytes that it is given.
 */
export class Defragmenter {
  readonly #maximum: number;
  readonly #maximumStream: number;
  #received = 0;
  readonly #open = new Map<bigint, Unfinished>();
  readonly #start = new Uint8Array(FRAGMENT_HEADER_BYTES);
  #started = 0;
  #current: Header | undefined;
  /** Bytes in all unfinished messages. */
  #held = 0;
  /** Fragments in a row that brought nothing. */
  #empty = 0;
  #awaitsStart: boolean;
  #hasSkipped = false;

  constructor({
    maximumObjectBytes = MAXIMUM_OBJECT_BYTES,
    maximumStreamBytes = 0,
    joinsMidStream = false,
  }: DefragmenterOptions = {}) {
    this.#maximum = maximumObjectBytes || Infinity;
    this.#maximumStream = maximumStreamBytes || Infinity;
    this.#awaitsStart = joinsMidStream;
  }

  /** Whether the end of an object was passed over, whose beginning went to an earlier client. */
  get hasSkipped(): boolean {
    return this.#hasSkipped;
  }

  /**
   * Takes the next bytes of the stream; returns the messages that they complete, in order of completion.
   *
   * @throws WinRMError 'protocol' at a fragment out of order, or at messages beyond the allowed size, before they are held
   */
  receive(bytes: Uint8Array): Uint8Array[] {
    return [...this.messages(bytes)];
  }

  /** The same one after the other: what was whole before something is broken is not lost with it. */
  *messages(bytes: Uint8Array): Generator<Uint8Array> {
    this.#received += bytes.length;
    if (this.#received > this.#maximumStream)
      throw tooMuch(`more than ${this.#maximumStream} bytes in all`, 'MaximumReceivedDataSizePerCommand');
    for (let at = 0; at < bytes.length || this.#current?.left === 0;) {
      if (!this.#current) {
        const taken = Math.min(FRAGMENT_HEADER_BYTES - this.#started, bytes.length - at);
        this.#start.set(bytes.subarray(at, at + taken), this.#started);
        this.#started += taken;
        at += taken;
        if (this.#started < FRAGMENT_HEADER_BYTES) break;
        this.#started = 0;
        this.#current = this.#header();
        continue;
      }
      const { object, objectId, isEnd } = this.#current;
      const piece = bytes.subarray(at, at + this.#current.left);
      if (object) this.#add(object, piece);
      this.#current.left -= piece.length;
      at += piece.length;
      if (this.#current.left > 0) break;
      this.#current = undefined;
      if (object && isEnd) yield this.#finish(objectId, object);
    }
  }

  #add(object: Unfinished, piece: Uint8Array): void {
    this.#held += piece.length;
    if (!object.gathered && this.#isWhole(piece)) object.whole = piece;
    else (object.gathered ??= new GatheredBytes()).add(kept(piece));
  }

  /** The piece is all of a message, which leaves at once. */
  #isWhole({ length }: Uint8Array): boolean {
    return this.#current?.isEnd === true && this.#current.left === length;
  }

  #header(): Header {
    const view = new DataView(this.#start.buffer);
    const objectId = view.getBigUint64(0);
    const fragmentId = view.getBigUint64(8);
    const flags = view.getUint8(16); // six bits are reserved, and ignored (MS-PSRP 2.2.4)
    const length = view.getUint32(17);
    const isStart = (flags & START) !== 0;
    const isEnd = (flags & END) !== 0;
    this.#empty = length === 0 ? this.#empty + 1 : 0;
    if (this.#empty > MAXIMUM_EMPTY) throw broken('one fragment without data after the other');
    if (!isStart && this.#awaitsStart) {
      this.#hasSkipped = true;
      return { objectId, isEnd, object: undefined, left: length };
    }
    this.#awaitsStart = false;
    const object = isStart ? this.#begin(objectId) : this.#open.get(objectId);
    if (fragmentId !== object?.next) throw broken('fragments of a message out of order');
    object.next++;
    if (this.#held + length > this.#maximum)
      throw tooMuch(`a message of more than ${this.#maximum} bytes`, 'MaximumReceivedObjectSize');
    return { objectId, isEnd, object, left: length };
  }

  /** A start replaces what was begun under its number: what is missing of that will not come any more. */
  #begin(objectId: bigint): Unfinished {
    this.#held -= this.#open.get(objectId)?.gathered?.length ?? 0;
    const object: Unfinished = { next: 0n };
    this.#open.set(objectId, object);
    if (this.#open.size > MAXIMUM_OPEN_OBJECTS)
      throw broken('too many messages at once, none of them finished');
    return object;
  }

  #finish(objectId: bigint, { whole, gathered }: Unfinished): Uint8Array {
    this.#open.delete(objectId);
    const message = whole ?? plain(gathered?.bytes());
    this.#held -= message.length;
    return message;
  }
}

const plain = (bytes: Buffer = Buffer.alloc(0)) =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);

const tooMuch = (what: string, option: string) =>
  new WinRMError('protocol', `The computer sent ${what}, which is not read (${option}).`, {
    remedy: { text: `If so much is expected of it, allow more: ${option}.` },
  });

/** A small piece must not keep the whole answer that it came in. */
function kept(piece: Uint8Array): Uint8Array {
  return piece.length * 2 < piece.buffer.byteLength ? piece.slice() : piece;
}
