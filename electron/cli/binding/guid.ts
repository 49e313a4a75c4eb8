import { ConversionError } from './conversion-error.ts';

const LENGTH = 'Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).';

/** .NET's five spellings of a GUID, to lower case with dashes and without braces. @throws ConversionError */
export function toGuid(text: string): string {
  const trimmed = text.trim();
  const fail = (reason: string) =>
    new ConversionError(`Cannot convert value "${text}" to type "System.Guid". Error: "${reason}"`);
  if (trimmed.length < 32) throw fail('Unrecognized Guid format.');
  const digits = /^\{0x/i.test(trimmed) ? fromHexadecimals(trimmed) : withoutBraces(trimmed);
  if (digits === undefined) throw fail(LENGTH);
  if (!/^[\da-f]{32}$/i.test(digits)) throw fail('Guid string should only contain hexadecimal characters.');
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function withoutBraces(text: string): string | undefined {
  const bare = /^(?:\{(.*)\}|\((.*)\))$/.exec(text);
  const inner = bare?.[1] ?? bare?.[2] ?? text;
  if (/^[^-]{32}$/.test(inner) && !bare) return inner;
  return /^[^-]{8}(?:-[^-]{4}){3}-[^-]{12}$/.test(inner) ? inner.replaceAll('-', '') : undefined;
}

/** `{0xb6631d8e,0x65a0,0x49f2,{0x90,…}}` */
function fromHexadecimals(text: string): string | undefined {
  const parts = text.replace(/[{}\s]/g, '').split(',');
  const widths = [8, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2];
  if (parts.length !== widths.length) return undefined;
  return parts.map((part, index) => part.replace(/^0x/i, '').padStart(widths[index] ?? 0, '0')).join('');
}
