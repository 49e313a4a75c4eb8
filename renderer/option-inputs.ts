import { isIdleTimeout, OWN_IDLE_TIMEOUT } from '../shared/idle-timeout.ts';
import { parseSpan, spanText } from './span-text.ts';

export type OptionValue = string | number | boolean;

/** How a value is typed or chosen. `parse` gives undefined for what is no value. */
export type OptionInput =
  | {
      readonly kind: 'choice';
      readonly choices: readonly (readonly [OptionValue, string])[];
      /** What only a file sets, in words. */
      readonly besides?: readonly (readonly [OptionValue, string])[];
    }
  | {
      readonly kind: 'text';
      readonly parse: (text: string) => OptionValue | undefined;
      readonly show: (value: OptionValue) => string;
      /** What can be typed, said when something else was. */
      readonly wants: string;
    };

const NAME_MAX = 255;
/** What New-PSSessionOption takes at most, of milliseconds as of times. */
const INT32_MAX = 2_147_483_647;

export const choice = (...choices: readonly (readonly [OptionValue, string])[]): OptionInput => ({
  kind: 'choice',
  choices,
});
export const words: OptionInput = {
  kind: 'text',
  parse: (text) => (/^[^\p{Cc}]{1,255}$/u.test(text.trim()) ? text.trim() : undefined),
  show: String,
  wants: `a name of ${NAME_MAX} letters at most`,
};
export const span: OptionInput = {
  kind: 'text',
  parse: (text) => {
    const ms = parseSpan(text);
    return ms !== undefined && ms <= INT32_MAX ? ms : undefined;
  },
  show: (value) => spanText(Number(value)),
  wants: 'a span such as 90 s, 3 m or 1 h',
};
const OWN_TIME = 'As the computer has it';
/** WinRM keeps no session for less than a minute. */
export const idleSpan: OptionInput = {
  kind: 'text',
  parse: (text) => {
    if (text.trim() === String(OWN_IDLE_TIMEOUT) || text.trim() === OWN_TIME) return OWN_IDLE_TIMEOUT;
    const ms = parseSpan(text);
    return ms !== undefined && isIdleTimeout(ms) && ms <= INT32_MAX ? ms : undefined;
  },
  show: (value) => (value === OWN_IDLE_TIMEOUT ? OWN_TIME : spanText(Number(value))),
  wants: 'a span of a minute or more such as 2 h, or -1 for as the computer has it',
};
const UNITS: Readonly<Record<string, number>> = { '': 1, KB: 1_024, MB: 1_048_576, GB: 1_073_741_824 };
export const bytes: OptionInput = {
  kind: 'text',
  parse: (text) => {
    const [, number, unit = ''] = /^\s*(\d{1,12})\s*(?:([KMG]B)|bytes?)?\s*$/i.exec(text) ?? [];
    return number === undefined ? undefined : Number(number) * UNITS[unit.toUpperCase()]!;
  },
  show: (value) => {
    const size = Number(value);
    const unit = ['GB', 'MB', 'KB'].find((one) => size > 0 && size % UNITS[one]! === 0);
    return unit ? `${size / UNITS[unit]!} ${unit}` : `${size} bytes`;
  },
  wants: 'a size such as 200 MB, or 0 for no limit',
};
export const wholeNumber = ({ min }: { readonly min: number }): OptionInput => ({
  kind: 'text',
  parse: (text) => {
    const n = /^\s*-?\d{1,10}\s*$/.test(text) ? Number(text) : Number.NaN;
    return n >= min && n <= INT32_MAX ? n : undefined;
  },
  show: String,
  wants: `a whole number, ${min} or more`,
});
export const culture: OptionInput = {
  kind: 'text',
  parse: (text) => (/^[a-z]{2,8}(-[a-z\d]{1,8}){0,4}$/i.test(text.trim()) ? text.trim() : undefined),
  show: String,
  wants: 'a culture such as en-US or de-DE',
};
export const port: OptionInput = {
  kind: 'text',
  parse: (text) => {
    const n = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : 0;
    return n >= 1 && n <= 65_535 ? n : undefined;
  },
  show: String,
  wants: 'a port from 1 to 65535',
};
