/** The elements of CLIXML by a hash of their ends, so that a tag is the very string that a `switch` compares with. */
const TAGS: (string | undefined)[] = [];
const slot = (first: number, last: number, length: number) => (first + last + length * 5) & 0xff;
for (const tag of [
  'S',
  'I32',
  'I64',
  'B',
  'Db',
  'DT',
  'G',
  'Nil',
  'Obj',
  'MS',
  'Props',
  'T',
  'TN',
  'TNRef',
  'ToString',
  'LST',
  'DCT',
  'En',
  'Ref',
]) {
  TAGS[slot(tag.charCodeAt(0), tag.charCodeAt(tag.length - 1), tag.length)] = tag;
}

/** The tag that stands there: of the usual ones always the same string, without copying it out of the text. */
export function tagOf(text: string, start: number, end: number): string {
  const known = TAGS[slot(text.charCodeAt(start), text.charCodeAt(end - 1), end - start)];
  if (known?.length === end - start && text.startsWith(known, start)) return known;
  return text.slice(start, end);
}
