import { WinRMError } from '../error.ts';

/** One element of DER: its tag byte, what it holds, and how long it is altogether. */
export interface Der {
  readonly tag: number;
  readonly content: Uint8Array;
}

const malformed = (what: string) =>
  new WinRMError('protocol', `The other side sent DER that cannot be read: ${what}.`);

/** Reads the element that begins at `offset` and says where it ends. Lengths must be definite and in shortest form (X.690 10.1). */
function readAt(bytes: Uint8Array, offset: number): { element: Der; end: number } {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw malformed('it breaks off');
  if ((tag & 0x1f) === 0x1f) throw malformed('a tag has several bytes');
  let start = offset + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0) throw malformed('a length is indefinite');
    if (count > 4) throw malformed('a length is beyond reason');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += count;
    if (length < 0x80 || length < 256 ** (count - 1)) throw malformed('a length is not in its shortest form');
  }
  if (start + length > bytes.length) throw malformed('it breaks off');
  return { element: { tag, content: bytes.subarray(start, start + length) }, end: start + length };
}

/**
 * Reads exactly one element that fills `bytes`.
 *
 * @param tag the tag that it must have
 * @throws WinRMError 'protocol'
 */
export function readDer(bytes: Uint8Array, tag?: number): Der {
  const { element, end } = readAt(bytes, 0);
  if (end !== bytes.length) throw malformed('something follows its end');
  if (tag !== undefined && element.tag !== tag) throw malformed('something else was due here');
  return element;
}

/** The elements inside a constructed one. @throws WinRMError 'protocol' */
export function readSequence(outer: Der | undefined, tag?: number): Der[] {
  if (!outer || (tag !== undefined && outer.tag !== tag)) throw malformed('something else was due here');
  const elements: Der[] = [];
  for (let at = 0; at < outer.content.length;) {
    const { element, end } = readAt(outer.content, at);
    elements.push(element);
    at = end;
  }
  return elements;
}

/** The one that begins there, inside a constructed one. @throws WinRMError 'protocol' */
export const elementAt = ({ content }: Der, offset: number): Der => readAt(content, offset).element;

/** Writes one element around its parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const sizes: number[] = [];
  for (let rest = length; length >= 0x80 && rest > 0; rest = Math.floor(rest / 256))
    sizes.unshift(rest % 256);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 | sizes.length, ...sizes];
  const whole = new Uint8Array(head.length + length);
  whole.set(head);
  let offset = head.length;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
