import { isHashTable, isList, isNumber, textOf } from './value.ts';
import type { Value } from './value.ts';

/** A text as it may be repeated: before an @ there may be a password, as in `http://alice:secret@web01`. */
export const repeatable = (text: string): string =>
  text.replace(/^([a-z][a-z\d+.-]*:\/\/)?(?=[^]*@)(?:(?<=:\/\/)|[^@]*:)[^]*@/i, '$1***@');

/** What a value was written as, part for part. */
export function textsIn(value: Value): string[] {
  if (isList(value)) return value.flatMap(textsIn);
  if (isHashTable(value)) return value.entries.flatMap(([, item]) => textsIn(item));
  return isNumber(value) && value.source !== undefined ? [textOf(value), value.source] : [textOf(value)];
}

/** A message that quotes a value, without what may be a password in it. */
export const withoutPasswordsOf = (value: Value, message: string): string =>
  textsIn(value).reduce(
    (text, part) => (repeatable(part) === part ? text : text.replaceAll(part, repeatable(part))),
    message,
  );
