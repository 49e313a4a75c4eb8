import { TAG } from './der-values.ts';

/** One extension, not critical: the reason (RFC 5280 5.3.1), but for its code. */
const REASON = Buffer.from('300c300a0603551d1504030a01', 'hex');

/**
 * An entry as nearly every list has them: a serial number, a time, and at most a reason. A list may have a hundred
 * thousand, so it is read where it stands, without taking it apart.
 *
 * @returns where it ends; undefined for every other, which is to be read as what it is, or refused
 */
export function endOfCommonEntry(bytes: Buffer, at: number): number | undefined {
  const length = bytes[at + 1] ?? 0x80;
  const end = at + 2 + length;
  if (bytes[at] !== TAG.sequence || length >= 0x80 || end > bytes.length) return undefined;
  const from = at + 4;
  const to = from + (bytes[at + 3] ?? 0x80);
  if (bytes[at + 2] !== TAG.integer || !isShortest(bytes, from, to)) return undefined;
  const timeTag = bytes[to];
  if (timeTag !== TAG.utcTime && timeTag !== TAG.generalizedTime) return undefined;
  const timeLength = bytes[to + 1] ?? 0x80;
  const rest = to + 2 + timeLength;
  if (timeLength >= 0x80) return undefined;
  const isReason = end - rest === REASON.length + 1 && REASON.every((byte, i) => bytes[rest + i] === byte);
  return rest === end || isReason ? end : undefined;
}

/** A positive number in its one form. */
function isShortest(bytes: Buffer, from: number, to: number): boolean {
  const [first = 0x80, second = 0] = [bytes[from], bytes[from + 1]];
  return to > from && first < 0x80 && (first !== 0 || to - from === 1 || second >= 0x80);
}
