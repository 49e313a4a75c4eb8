import { der, readDer, readSequence } from '../auth/der.ts';
import type { Der } from '../auth/der.ts';

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/** What is signed, named or asked for, but not as the rules have it: its sentence says what. Never leaves the revocation check. */
export class Unfit extends Error {}

/** Its bytes as they travelled: strict DER has one form alone. */
export const rawOf = ({ tag, content }: Der): Uint8Array => der(tag, content);

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** @throws Unfit unless it has that tag */
export function contentOf(element: Der | undefined, tag: number): Uint8Array {
  if (element?.tag !== tag) throw new Unfit('it has another shape than it should');
  return element.content;
}

/** Content of an object identifier, in hex. @throws Unfit */
export const oidOf = (element: Der | undefined): string => hexOf(contentOf(element, TAG.oid));

/** Content of an integer, in hex, in its one shortest form. @throws Unfit */
export function integerOf(element: Der | undefined): string {
  const content = contentOf(element, TAG.integer);
  const [first = 0, second = 0] = content;
  const isLong = content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (content.length === 0 || isLong) throw new Unfit('a number in it is not in its shortest form');
  return hexOf(content);
}

/** Whole bytes of a BIT STRING. @throws Unfit where bits are left over */
export function bitsOf(element: Der | undefined): Uint8Array {
  const content = contentOf(element, TAG.bits);
  if (content[0] !== 0) throw new Unfit('it has another shape than it should');
  return content.subarray(1);
}

/** Whether a bit of named ones is set, such as keyUsage's or ReasonFlags'. @param content of a BIT STRING */
export const hasBit = (content: Uint8Array, bit: number): boolean =>
  ((content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0;

/** Epoch milliseconds. Only the form that RFC 5280 4.1.2.5 allows: seconds, no fractions, Z. @throws Unfit */
export function timeOf(element: Der | undefined): number {
  const isShort = element?.tag === TAG.utcTime;
  const text = Buffer.from(contentOf(element, isShort ? TAG.utcTime : TAG.generalizedTime)).toString(
    'latin1',
  );
  const year = isShort ? text.slice(0, 2) : text.slice(0, 4);
  const rest = text.slice(year.length);
  const parts = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(rest);
  if (!parts || !/^\d+$/.test(year)) throw new Unfit('a time in it cannot be read');
  const whole = isShort ? (Number(year) < 50 ? 2000 : 1900) + Number(year) : Number(year);
  const [, month, day, hour, minute, second] = parts;
  const iso = `${String(whole).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const ms = Date.parse(iso);
  if (!Number.isFinite(ms) || new Date(ms).toISOString() !== iso)
    throw new Unfit('a time in it cannot be read');
  return ms;
}

export interface Extension {
  readonly isCritical: boolean;
  /** What its OCTET STRING holds. */
  readonly value: Uint8Array;
}

/** By object identifier. @param list the SEQUENCE OF Extension @throws Unfit where one stands twice */
export function extensionsOf(list: Der | undefined): ReadonlyMap<string, Extension> {
  const found = new Map<string, Extension>();
  for (const one of list ? readSequence(list, TAG.sequence) : []) {
    const parts = readSequence(one, TAG.sequence);
    const isMarked = parts[1]?.tag === TAG.boolean;
    const oid = oidOf(parts[0]);
    if (found.has(oid)) throw new Unfit('an extension stands twice in it');
    found.set(oid, {
      isCritical: isMarked && parts[1]?.content[0] !== 0,
      value: contentOf(parts[isMarked ? 2 : 1], TAG.octets),
    });
  }
  return found;
}

/** What one explicit context tag holds. */
export const insideOf = (element: Der): Der => readDer(element.content);
