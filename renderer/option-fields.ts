import { AUTHENTICATION_MECHANISMS } from '../shared/authentication.ts';
import type { ConnectionOptions } from '../shared/computer.ts';
import { choice, port, words } from './option-inputs.ts';
import type { OptionInput, OptionValue } from './option-inputs.ts';

type Options = Required<Omit<ConnectionOptions, 'pinnedCertificate' | 'redirectTo' | 'sessionOption'>>;
type Session = Required<NonNullable<ConnectionOptions['sessionOption']>>;
export type OptionFieldId = keyof Options | keyof Session;

export interface OptionField {
  readonly id: OptionFieldId;
  readonly label: string;
  /** What it does, in one sentence. */
  readonly sentence: string;
  /** What counts where nobody set it, in words. */
  readonly fallback: (effective: { readonly useSSL: boolean }) => string;
  readonly input: OptionInput;
}

const MECHANISMS: Readonly<Record<string, string>> = {
  NegotiateWithImplicitCredential: 'Negotiate, as the logged-on account',
  Credssp: 'CredSSP',
};

/** How a computer is reached. */
export const CONNECTION_FIELDS: readonly OptionField[] = [
  {
    id: 'authentication',
    label: 'Authentication',
    sentence:
      'Default is Kerberos for a computer’s name and an account of a domain, else, and for this machine itself, NTLM. Basic and CredSSP give the password to the computer, the others never do.',
    fallback: () => 'Default',
    input: choice(...AUTHENTICATION_MECHANISMS.map((name) => [name, MECHANISMS[name] ?? name] as const)),
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
    label: 'Basic and Digest over http',
    sentence:
      'Allowed, anyone on the way can read the password with Basic, guess at it with Digest, and read what is asked with both.',
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

const UNCHECKED: OptionInput = {
  kind: 'choice',
  choices: [[false, 'Checked']],
  besides: [[true, 'Not checked']],
};

/** Switched off by a profile file alone: here they can be had again, and whether they are missing is shown. */
const CHECK_FIELDS: readonly OptionField[] = [
  {
    id: 'skipCACheck',
    label: 'Certificate’s signer',
    sentence:
      'Not checked (SkipCACheck), anyone could stand in for the computer, and each use warns; only the file of the saved computers can say so, and pinning the certificate is better.',
    fallback: () => 'Checked',
    input: UNCHECKED,
  },
  {
    id: 'skipCNCheck',
    label: 'Certificate’s name',
    sentence:
      'Not checked (SkipCNCheck), another computer could answer, and each use warns; only the file of the saved computers can say so, and pinning the certificate is better.',
    fallback: () => 'Checked',
    input: UNCHECKED,
  },
];

/** How a computer is reached; what is not checked of it stands apart, to be seen without unfolding anything. */
export function reachingFields(isSkipped: (id: OptionFieldId) => boolean) {
  const unchecked = CHECK_FIELDS.filter(({ id }) => isSkipped(id));
  return {
    unchecked,
    connection: [...CONNECTION_FIELDS, ...CHECK_FIELDS.filter((one) => !unchecked.includes(one))],
  };
}

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
