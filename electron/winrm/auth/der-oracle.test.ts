import * as asn1js from 'asn1js';
import { expect, test } from 'vitest';
import { der, readDer, readSequence } from './der.ts';

/** Values and damaged values each; all of it comes out the same every time. */
const COUNT = 100_000;
const LIMIT_MS = 120_000;
const CONSTRUCTED = 0x20;

/** What is written and read: a tag byte, and what it holds. */
interface Tree {
  readonly tag: number;
  readonly content: readonly Tree[] | Uint8Array;
}

/** Whole numbers below a limit, by mulberry32. */
function dice(seed: number) {
  let state = seed;
  return (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}
type Dice = ReturnType<typeof dice>;

const CLASSES = [0x40, 0x80, 0xc0];
const LENGTHS = [0, 1, 2, 7, 30, 126, 127, 128, 129, 254, 255, 256, 257];

/** What SPNEGO and TSRequest are made of, and tags of every other class. */
function randomTree(roll: Dice, depth = 0): Tree {
  const isInner = depth < 5 && roll(depth + 2) === 0;
  const isUniversal = roll(2) === 0;
  const number = roll(31);
  if (isInner) {
    const tag = isUniversal ? (roll(4) ? 0x30 : 0x31) : CLASSES[roll(3)]! | CONSTRUCTED | number;
    return { tag, content: Array.from({ length: roll(5) }, () => randomTree(roll, depth + 1)) };
  }
  const tag = isUniversal ? 0x04 : CLASSES[roll(3)]! | number;
  const length = roll(2000) === 0 ? 65_530 + roll(12) : LENGTHS[roll(LENGTHS.length)]!;
  const content = new Uint8Array(length).fill(roll(256));
  for (let i = 0; i < Math.min(length, 8); i++) content[i] = roll(256);
  return { tag, content };
}

const isInner = (content: Tree['content']): content is readonly Tree[] => !(content instanceof Uint8Array);

const written = ({ tag, content }: Tree): Uint8Array =>
  isInner(content) ? der(tag, ...content.map(written)) : der(tag, content);

const read = ({ tag, content }: { readonly tag: number; readonly content: Uint8Array }): Tree => ({
  tag,
  content: tag & CONSTRUCTED ? readSequence({ tag, content }).map(read) : content,
});

/** undefined where it is refused */
function ours(bytes: Uint8Array): Tree | undefined {
  try {
    return read(readDer(bytes));
  } catch {
    return undefined;
  }
}

function writtenByOther({ tag, content }: Tree): asn1js.BaseBlock {
  const idBlock = { tagClass: (tag >> 6) + 1, tagNumber: tag & 0x1f };
  if (!isInner(content)) {
    const valueHex = content.slice().buffer;
    return tag === 0x04 ? new asn1js.OctetString({ valueHex }) : new asn1js.Primitive({ idBlock, valueHex });
  }
  const value = content.map(writtenByOther);
  if (tag === 0x30) return new asn1js.Sequence({ value });
  return tag === 0x31 ? new asn1js.Set({ value }) : new asn1js.Constructed({ idBlock, value });
}

/**
 * As the other implementation reads it, for which BER will do; undefined where it refuses it, or where the same written in
 * DER would be other bytes: an indefinite or a long length, a tag of several bytes, something behind the end.
 */
function others(bytes: Uint8Array): Tree | undefined {
  try {
    const { offset, result } = asn1js.fromBER(bytes.slice());
    const tree = offset === -1 ? undefined : treeOf(result);
    return tree && Buffer.compare(written(tree), bytes) === 0 ? tree : undefined;
  } catch {
    return undefined; // it throws at dates that are none
  }
}

function treeOf({ valueBeforeDecodeView: whole, idBlock, lenBlock, valueBlock }: Block): Tree | undefined {
  const tag = whole[0] ?? 0;
  if (idBlock.blockLength !== 1) return undefined;
  if (!(tag & CONSTRUCTED))
    return { tag, content: whole.subarray(idBlock.blockLength + lenBlock.blockLength) };
  const value: unknown = 'value' in valueBlock ? valueBlock.value : undefined;
  if (!Array.isArray(value)) return undefined; // it takes the parts of such a type together
  const parts = (value as Block[]).map(treeOf);
  return parts.every((part) => part !== undefined) ? { tag, content: parts } : undefined;
}

/** What it does not declare: `lenBlock` has another name in its declarations. */
interface Block {
  readonly valueBeforeDecodeView: Uint8Array;
  readonly idBlock: { readonly blockLength: number };
  readonly lenBlock: { readonly blockLength: number };
  readonly valueBlock: object;
}

function isSame(one: Tree | undefined, other: Tree | undefined): boolean {
  if (!one || !other || one.tag !== other.tag) return one === other;
  const [a, b] = [one.content, other.content];
  if (!isInner(a) || !isInner(b)) return !isInner(a) && !isInner(b) && Buffer.compare(a, b) === 0;
  return a.length === b.length && a.every((part, i) => isSame(part, b[i]));
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test(
  '100,000 values are written as another implementation writes them, and each reads what the other wrote',
  { timeout: LIMIT_MS },
  () => {
    const roll = dice(5);
    for (let i = 0; i < COUNT; i++) {
      const tree = randomTree(roll);
      const bytes = written(tree);
      const other = new Uint8Array(writtenByOther(tree).toBER());
      if (Buffer.compare(bytes, other) !== 0) expect.fail(`${hex(bytes)} instead of ${hex(other)}`);
      if (!isSame(ours(other), tree) || !isSame(others(bytes), tree))
        expect.fail(`${hex(bytes)} is read otherwise`);
    }
  },
);

/** Some bytes changed, taken away or put in, most of them where tags and lengths are. */
function damaged(roll: Dice): Uint8Array {
  const bytes = [...written(randomTree(roll)).subarray(0, 400)];
  for (let n = 1 + roll(3); n > 0; n--) {
    const at = roll(2) ? roll(Math.min(8, bytes.length)) : roll(bytes.length);
    const what = roll(4);
    if (what === 0) bytes[at] = roll(256);
    else if (what === 1) bytes.splice(at, 1 + roll(2));
    else if (what === 2) bytes.splice(at, 0, roll(256));
    else bytes[at] = (bytes[at] ?? 0) ^ (1 << roll(8));
  }
  return Uint8Array.from(bytes);
}

/** Types whose contents the other implementation judges: an INTEGER, a date. We read their bytes, and whoever wants them judges. */
const isJudgedByOther = ({ tag, content }: Tree): boolean =>
  (tag < 0x40 && ![0x04, 0x30, 0x31].includes(tag)) || (isInner(content) && content.some(isJudgedByOther));

test(
  'of 100,000 damaged values the same are refused and the rest is read alike, but for what lies in types that are not read here',
  { timeout: LIMIT_MS },
  () => {
    const roll = dice(6);
    const counts = { both: 0, neither: 0, oursAlone: 0 };
    for (let i = 0; i < COUNT; i++) {
      const bytes = damaged(roll);
      const [one, other] = [ours(bytes), others(bytes)];
      if (one && !other && isJudgedByOther(one)) counts.oursAlone++;
      else if (!isSame(one, other)) expect.fail(`${hex(bytes)}: ${one ? 'read here' : 'refused here'}`);
      else counts[one ? 'both' : 'neither']++;
    }
    // So that it is known that both kinds were met.
    expect(Math.min(counts.both, counts.neither)).toBeGreaterThan(COUNT / 10);
  },
);
