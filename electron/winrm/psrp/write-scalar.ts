import { WinRMError } from '../error.ts';
import { encodeText } from './clixml-text.ts';
import { formatDateTime } from './date-time.ts';
import { formatDouble, formatSingle } from './floating.ts';
import { formatTimeSpan } from './time-span.ts';
import type { PSScalar } from './value.ts';

export interface WrittenScalar {
  readonly tag: string;
  /** Markup between the tags. Absent where PowerShell writes `<tag />`. */
  readonly content: string | undefined;
}

const NUMBER_TAGS = { SByte: 'SB', Byte: 'By', Int16: 'I16', UInt16: 'U16', UInt32: 'U32' } as const;

/** The element of a primitive (MS-PSRP 2.2.5.1), exactly as PowerShell writes it. */
export function writeScalar(
  value: Exclude<PSScalar, { type: 'ProgressRecord' }> | string | boolean | number | bigint,
): WrittenScalar {
  switch (typeof value) {
    case 'string':
      return { tag: 'S', content: encodeText(value) };
    case 'boolean':
      return { tag: 'B', content: String(value) };
    case 'number':
      if ((value | 0) !== value)
        throw new WinRMError('internal', 'A number that is no Int32 was given without its type.');
      return { tag: 'I32', content: String(value) };
    case 'bigint':
      return { tag: 'I64', content: String(value) };
  }
  switch (value.type) {
    case 'SByte':
    case 'Byte':
    case 'Int16':
    case 'UInt16':
    case 'UInt32':
      return { tag: NUMBER_TAGS[value.type], content: String(value.value) };
    case 'Single':
      return { tag: 'Sg', content: formatSingle(value.value) };
    case 'Double':
      return { tag: 'Db', content: formatDouble(value.value) };
    case 'UInt64':
      return { tag: 'U64', content: String(value.value) };
    case 'Decimal':
      return { tag: 'D', content: value.value };
    case 'Char':
      return { tag: 'C', content: String(value.value.charCodeAt(0)) };
    case 'Guid':
      return { tag: 'G', content: value.value };
    case 'Version':
      return { tag: 'Version', content: value.value };
    case 'Uri':
      return { tag: 'URI', content: encodeText(value.value) };
    case 'Xml':
      return { tag: 'XD', content: encodeText(value.value) };
    case 'ScriptBlock':
      return { tag: 'SBK', content: encodeText(value.value) };
    case 'Bytes':
      return {
        tag: 'BA',
        content: value.value.length > 0 ? Buffer.from(value.value).toString('base64') : undefined,
      };
    case 'DateTime':
      return { tag: 'DT', content: formatDateTime(value) };
    case 'TimeSpan':
      return { tag: 'TS', content: formatTimeSpan(value.ticks) };
    case 'SecureString':
      return { tag: 'SS', content: encodeText(value.encrypted) };
  }
}
