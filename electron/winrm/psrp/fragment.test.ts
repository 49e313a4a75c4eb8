import { describe, expect, test } from 'vitest';
import { Defragmenter, fragment, FRAGMENT_HEADER_BYTES } from './fragment.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const message = (length: number, seed = 1) => Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff);
const refused = expect.objectContaining({ name: 'WinRMError', kind: 'protocol' });

/** A stream of numbers that is the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state ^ (state >>> 12)) >>> 0) % sides;
  };
}

describe('fragment', () => {
  test('writes the header of MS-PSRP 2.2.4', () => {
    const [first, second, ...others] = fragment(5n, Uint8Array.of(1, 2, 3, 4, 5), FRAGMENT_HEADER_BYTES + 3);
    expect(hex(first ?? new Uint8Array())).toBe(
      '0000000000000005' + '0000000000000000' + '01' + '00000003' + '010203',
    );
    expect(hex(second ?? new Uint8Array())).toBe(
      '0000000000000005' + '0000000000000001' + '02' + '00000002' + '0405',
    );
    expect(others).toEqual([]);
  });

  test('marks a message in one piece as both start and end', () => {
    const [only] = fragment(1n, Uint8Array.of(7), 32_768);
    expect(only?.[16]).toBe(3);
  });

  test('never makes a fragment larger than asked for', () => {
    const sizes = fragment(1n, message(100_000), 32_768).map((one) => one.length);
    expect(sizes).toEqual([32_768, 32_768, 32_768, 1780]);
  });
});

describe('Defragmenter', () => {
  const messages = [message(0x1000), message(50, 2), message(70_000, 3), message(1, 4)];
  const stream = Buffer.concat(messages.flatMap((one, i) => fragment(BigInt(i * 7 + 40), one, 999)));

  test('gives messages back that arrive a byte at a time', () => {
    const defragmenter = new Defragmenter();
    const found = [...stream].flatMap((byte) => defragmenter.receive(Uint8Array.of(byte)));
    expect(found.map(hex)).toEqual(messages.map(hex));
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('gives messages back that arrive cut at random (%i)', (seed) => {
    const defragmenter = new Defragmenter();
    const roll = dice(seed);
    const found: Uint8Array[] = [];
    for (let at = 0; at < stream.length;) {
      const end = at + roll(seed * 300);
      found.push(...defragmenter.receive(stream.subarray(at, end)));
      at = end;
    }
    expect(found.map(hex)).toEqual(messages.map(hex));
  });

  test('puts interleaved messages together, whatever their numbers', () => {
    const a = fragment(2n ** 63n, message(3000, 1), 500);
    const b = fragment(3n, message(2500, 2), 500);
    const mixed = a.flatMap((one, i) => [one, ...(b[i] ? [b[i]] : [])]);
    const found = new Defragmenter().receive(Buffer.concat(mixed));
    expect(found.map(hex).sort()).toEqual([hex(message(3000, 1)), hex(message(2500, 2))].sort());
  });

  test('takes a number again once its message is complete', () => {
    const defragmenter = new Defragmenter();
    const one = Buffer.concat(fragment(1n, message(10), 25));
    expect([...defragmenter.receive(one), ...defragmenter.receive(one)]).toHaveLength(2);
  });

  test('passes a fragment without data over', () => {
    const empty = Buffer.from('0000000000000001' + '0000000000000001' + '00' + '00000000', 'hex');
    const [first, second] = fragment(1n, Uint8Array.of(1, 2), FRAGMENT_HEADER_BYTES + 1);
    const last = Buffer.from(second ?? []);
    last[15] = 2;
    const found = new Defragmenter().receive(Buffer.concat([first ?? new Uint8Array(), empty, last]));
    expect(found.map(hex)).toEqual(['0102']);
  });

  const header = (id: number, flags: number, length: number) =>
    Buffer.from(
      `0000000000000001000000000000000${id}0${flags}${length.toString(16).padStart(8, '0')}`,
      'hex',
    );

  test.each([
    ['a fragment in the middle of nothing', Buffer.concat([header(1, 0, 0)])],
    ['a start that is not the first', Buffer.concat([header(1, 1, 0)])],
    ['a gap', Buffer.concat([header(0, 1, 0), header(2, 0, 0)])],
    ['a repetition', Buffer.concat([header(0, 1, 0), header(1, 0, 0), header(1, 0, 0)])],
    ['a length beyond all bounds, before its data', header(0, 1, 0x0fffffff)],
  ])('refuses %s', (_, bytes) => {
    expect(() => new Defragmenter().receive(bytes)).toThrow(refused);
  });

  test('bits that are reserved are ignored (MS-PSRP 2.2.4)', () => {
    const [bytes = new Uint8Array()] = fragment(1n, message(3), 1_000);
    bytes[16] = 0xff;
    expect(new Defragmenter().receive(bytes)).toHaveLength(1);
  });

  test('refuses an endless stream of nothing', () => {
    const nothing = new Uint8Array(2_000 * FRAGMENT_HEADER_BYTES);
    expect(() => new Defragmenter({ joinsMidStream: true }).receive(nothing)).toThrow(refused);
  });

  test('refuses a message that grows beyond the size handed in', () => {
    const defragmenter = new Defragmenter({ maximumObjectBytes: 1000 });
    expect(defragmenter.receive(Buffer.concat(fragment(1n, message(1000), 200)))).toHaveLength(1);
    expect(() => defragmenter.receive(Buffer.concat(fragment(1n, message(1001), 200)))).toThrow(refused);
  });

  test('counts unfinished messages together', () => {
    const defragmenter = new Defragmenter({ maximumObjectBytes: 1000 });
    const half = (id: bigint) => fragment(id, message(1200), 621)[0] ?? new Uint8Array();
    defragmenter.receive(half(1n));
    expect(() => defragmenter.receive(half(2n))).toThrow(refused);
  });

  // Of the server of PowerShell 7.6: an object of 100 KB comes in four fragments, of which another client had two.
  test('taken up in the middle of an object, gives what begins after it, and says that one is missing', () => {
    const [, , third, fourth] = fragment(9n, message(100_000), 32_768);
    const next = fragment(10n, message(40, 3), 32_768);
    const rest = Buffer.concat([third, fourth, ...next].map((one) => one ?? new Uint8Array()));
    for (const size of [1, 20, 21, 22, 40_000, rest.length]) {
      const defragmenter = new Defragmenter({ joinsMidStream: true });
      const found: Uint8Array[] = [];
      for (let at = 0; at < rest.length; at += size)
        found.push(...defragmenter.receive(rest.subarray(at, at + size)));
      expect(found.map(hex)).toEqual([hex(message(40, 3))]);
      expect(defragmenter.hasSkipped).toBe(true);
    }
    expect(() => new Defragmenter().receive(rest)).toThrow(refused);
  });

  test('taken up between two objects, nothing is missing, and order is demanded from the first start on', () => {
    const defragmenter = new Defragmenter({ joinsMidStream: true });
    expect(defragmenter.receive(Buffer.concat(fragment(1n, message(10), 25)))).toHaveLength(1);
    expect(defragmenter.hasSkipped).toBe(false);
    expect(() => defragmenter.receive(header(1, 0, 0))).toThrow(refused);
  });

  test('a start replaces what was begun under its number, and that counts no more', () => {
    const defragmenter = new Defragmenter({ maximumObjectBytes: 1000 });
    const [half = new Uint8Array()] = fragment(1n, message(1200), 821);
    defragmenter.receive(half);
    const found = defragmenter.receive(Buffer.concat(fragment(1n, message(900, 7), 500)));
    expect(found.map(hex)).toEqual([hex(message(900, 7))]);
  });

  test('refuses to hold a great many unfinished messages, empty ones too', () => {
    const defragmenter = new Defragmenter();
    const start = (id: number) => {
      const bytes = header(0, 1, 0);
      bytes.writeUInt32BE(id, 4);
      return bytes;
    };
    expect(() => {
      for (let id = 0; id < 2000; id++) defragmenter.receive(start(id));
    }).toThrow(refused);
  });
});
