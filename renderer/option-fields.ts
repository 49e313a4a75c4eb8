import { AUTHENTICATION_MECHANISMS } from '../shared/authentication.ts';
import type { ConnectionOptions } from '../shared/computer.ts';
import { isIdleTimeout, OWN_IDLE_TIMEOUT } from '../shared/idle-timeout.ts';
import { parseSpan, spanText } from './span-text.ts';

export type OptionValue = string | number | boolean;

type Options = Required<Omit<ConnectionOptions, 'pinnedCertificate' | 'sessionOption'>>;
type Session = Required<NonNullable<ConnectionOptions['sessionOption']>>;
export type OptionFieldId = keyof Options | keyof Session;

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

export interface OptionField {
  readonly id: OptionFieldId;
  readonly label: string;
  /** What it does, in one sentence. */
  readonly sentence: string;
  /** What counts where nobody set it, in words. */
  readonly fallback: (effective: { readonly useSSL: boolean }) => string;
  readonly input: OptionInput;
}

const NAME_MAX = 255;
/** What New-PSSessionOption takes at most. */
const MAX_MS = 2_147_483_647;

export const choice = (...choices: readonly (readonly [OptionValue, string])[]): OptionInput => ({
  kind: 'choice',
  choices,
});
const words: OptionInput = {
  kind: 'text',
  parse: (text) => (/^[^\p{Cc}]{1,255}$/u.test(text.trim()) ? text.trim() : undefined),
  show: String,
  wants: `a name of ${NAME_MAX} letters at most`,
};
const span: OptionInput = {
  kind: 'text',
  parse: (text) => {
    const ms = parseSpan(text);
    return ms !== undefined && ms <= MAX_MS ? ms : undefined;
  },
  show: (value) => spanText(Number(value)),
  wants: 'a span such as 90 s, 3 m or 1 h',
};
const OWN_TIME = 'As the computer has it';
/** WinRM keeps no session for less than a minute. */
const idleSpan: OptionInput = {
  kind: 'text',
  parse: (text) => {
    if (text.trim() === String(OWN_IDLE_TIMEOUT) || text.trim() === OWN_TIME) return OWN_IDLE_TIMEOUT;
    const ms = parseSpan(text);
    return ms !== undefined && isIdleTimeout(ms) && ms <= MAX_MS ? ms : undefined;
  },
  show: (value) => (value === OWN_IDLE_TIMEOUT ? OWN_TIME : spanText(Number(value))),
  wants: 'a span of a minute or more such as 2 h, or -1 for as the computer has it',
};
const UNITS: Readonly<Record<string, number>> = { '': 1, KB: 1_024, MB: 1_048_576, GB: 1_073_741_824 };
const bytes: OptionInput = {
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
const culture: OptionInput = {
  kind: 'text',
  parse: (text) => (/^[a-z]{2,8}(-[a-z\d]{1,8}){0,4}$/i.test(text.trim()) ? text.trim() : undefined),
  show: String,
  wants: 'a culture such as en-US or de-DE',
};
const port: OptionInput = {
  kind: 'text',
  parse: (text) => {
    const n = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : 0;
    return n >= 1 && n <= 65_535 ? n : undefined;
  },
  show: String,
  wants: 'a port from 1 to 65535',
};

const MECHANISMS: Readonly<Record<string, string>> = {
  Default: 'Default (Kerberos or NTLM)',
  Credssp: 'CredSSP',
};
/** The window signs in with accounts that are given. */
const WITH_ACCOUNT = AUTHENTICATION_MECHANISMS.filter((name) => name !== 'NegotiateWithImplicitCredential');

/** How a computer is reached. */
export const CONNECTION_FIELDS: readonly OptionField[] = [
  {
    id: 'authentication',
    label: 'Authentication',
    sentence:
      'How the account is proven; Basic and CredSSP give the password to the computer, the others never do.',
    fallback: () => 'Negotiate',
    input: choice(...WITH_ACCOUNT.map((name) => [name, MECHANISMS[name] ?? name] as const)),
  },
  {
    id: 'useSSL',
    label: 'Transport',
    sentence: 'Over http the messages are sealed by the sign-in, over https by TLS.',
    fallback: () => 'http',
    input: choice([false, 'http'], [true, 'https']),
  },
  {
    id: 'port',
    label: 'Port',
    sentence: 'Where WinRM listens on the computer.',
    fallback: ({ useSSL }) => (useSSL ? '5986' : '5985'),
    input: port,
  },
  {
    id: 'allowBasicOverHttp',
    label: 'Basic over http',
    sentence: 'Allowed, anyone on the way can read the password.',
    fallback: () => 'Refused, unless Encryption is off',
    input: choice([false, 'Refused'], [true, 'Allowed']),
  },
  {
    id: 'allowOldCredssp',
    label: 'Old CredSSP',
    sentence:
      'Allowed, somebody on the way can sign in to a computer without the update of 2018 in your place.',
    fallback: () => 'Refused',
    input: choice([false, 'Refused'], [true, 'Allowed']),
  },
  {
    id: 'configurationName',
    label: 'Configuration',
    sentence: 'Only sessions of this configuration are listed.',
    fallback: () => 'All',
    input: words,
  },
  {
    id: 'applicationName',
    label: 'Application name',
    sentence: 'The path behind the port that WinRM answers under.',
    fallback: () => 'wsman',
    input: words,
  },
];

/** New-PSSessionOption's fields, by PowerShell's names. */
export const SESSION_FIELDS: readonly OptionField[] = [
  {
    id: 'openTimeout',
    label: 'Open time-out',
    sentence:
      'How long a computer may take to accept the connection; unless it is set, 5 s of it for TCP; 0 is without end.',
    fallback: () => '3 m',
    input: span,
  },
  {
    id: 'operationTimeout',
    label: 'Operation time-out',
    sentence: 'How long it may take to answer one request; 0 is without end.',
    fallback: () => '3 m',
    input: span,
  },
  {
    id: 'cancelTimeout',
    label: 'Cancel time-out',
    sentence: 'How long it may take to stop what it does; 0 is without end.',
    fallback: () => '1 m',
    input: span,
  },
  {
    id: 'idleTimeout',
    label: 'Idle time-out',
    sentence: 'How long a session is kept on its computer after it was left, a minute or more.',
    fallback: () => 'As the session has it',
    input: idleSpan,
  },
  {
    id: 'outputBufferingMode',
    label: 'Output buffering',
    sentence:
      'With its buffer full, a session that was left waits (Block) or loses its oldest output (Drop).',
    fallback: () => 'As the session has it',
    input: choice(['None', 'None'], ['Block', 'Block'], ['Drop', 'Drop']),
  },
  {
    id: 'noEncryption',
    label: 'Encryption',
    sentence:
      'Off allows Basic and Digest over http, unless Basic over http is refused; whatever else signs in seals its messages all the same.',
    fallback: () => 'On',
    input: choice([false, 'On'], [true, 'Off']),
  },
  {
    id: 'uiCulture',
    label: 'Language',
    sentence: 'In which language the computer words what it says itself, as its errors.',
    fallback: () => 'en-US',
    input: culture,
  },
  {
    id: 'culture',
    label: 'Culture',
    sentence: 'How the computer writes dates and numbers in what it says itself.',
    fallback: () => 'en-US',
    input: culture,
  },
  {
    id: 'maximumReceivedObjectSize',
    label: 'Largest object',
    sentence: 'A session that sends a larger one is not read any further; 0 is no limit.',
    fallback: () => '200 MB',
    input: bytes,
  },
  {
    id: 'maximumReceivedDataSizePerCommand',
    label: 'Most output',
    sentence: 'A command that sends more in all is not read any further; 0 is no limit.',
    fallback: () => 'No limit',
    input: bytes,
  },
  {
    id: 'useUTF16',
    label: 'Encoding',
    sentence: 'In which letters requests are sent; every WinRM reads both.',
    fallback: () => 'UTF-8',
    input: choice([false, 'UTF-8'], [true, 'UTF-16']),
  },
  {
    id: 'includePortInSPN',
    label: 'Port in service name',
    sentence: 'For a computer on which several services answer, each on a port and as an account of its own.',
    fallback: () => 'Left out',
    input: choice([false, 'Left out'], [true, 'Included']),
  },
];

const UNCHECKED: OptionInput = {
  kind: 'choice',
  choices: [[false, 'Checked']],
  besides: [[true, 'Not checked']],
};

/** Switched off by a profile file alone: here they can be had again, and that they are missing is shown. */
export const CHECK_FIELDS: readonly OptionField[] = [
  {
    id: 'skipCACheck',
    label: 'Certificate’s signer',
    sentence:
      'The file of the saved computers has it not checked, so anyone could stand in for the computer.',
    fallback: () => 'Checked',
    input: UNCHECKED,
  },
  {
    id: 'skipCNCheck',
    label: 'Certificate’s name',
    sentence: 'The file of the saved computers has it not checked, so another computer could answer.',
    fallback: () => 'Checked',
    input: UNCHECKED,
  },
];

const CONNECTION_IDS: ReadonlySet<string> = new Set(CONNECTION_FIELDS.map(({ id }) => id));
const isOfSession = (id: OptionFieldId): id is keyof Session => !CONNECTION_IDS.has(id);

export function readOption(options: ConnectionOptions, id: OptionFieldId): OptionValue | undefined {
  return isOfSession(id) ? options.sessionOption?.[id] : options[id];
}

const without = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

/** @param value undefined inherits it */
export function writeOption(
  options: ConnectionOptions,
  id: OptionFieldId,
  value: OptionValue | undefined,
): ConnectionOptions {
  if (!isOfSession(id)) return without({ ...options, [id]: value });
  const sessionOption = without({ ...options.sessionOption, [id]: value });
  const isEmpty = Object.keys(sessionOption).length === 0;
  return without({ ...options, sessionOption: isEmpty ? undefined : sessionOption });
}

/** A value as its field shows it. */
export function optionText({ input }: OptionField, value: OptionValue): string {
  if (input.kind === 'text') return input.show(value);
  return [...input.choices, ...(input.besides ?? [])].find(([one]) => one === value)?.[1] ?? String(value);
}
