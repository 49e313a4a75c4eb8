import type { OptionField } from './option-fields.ts';
import { bytes, choice, culture, idleSpan, span, wholeNumber } from './option-inputs.ts';

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
      'Off allows Basic and Digest over http, unless these are refused; whatever else signs in seals its messages all the same.',
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
    id: 'skipRevocationCheck',
    label: 'Revocation',
    sentence:
      'Whether a certificate was revoked is asked of who issued it, and without an answer the computer is not trusted; a pinned one is not asked about.',
    fallback: () => 'Checked',
    input: choice([false, 'Checked'], [true, 'Not checked']),
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
  {
    id: 'maximumConnectionRedirectionCount',
    label: 'Most redirections',
    sentence:
      'How often in a row the computer may send on to places that you allowed for it; 0 is never, -1 is 50 times.',
    fallback: () => '5',
    input: wholeNumber({ min: -1 }),
  },
  {
    id: 'maxConnectionRetryCount',
    label: 'Connection retries',
    sentence:
      'How often pssm New-PSSession tries again to make a session there. A query is never repeated, and this window makes no sessions.',
    fallback: () => '5',
    input: wholeNumber({ min: 0 }),
  },
  {
    id: 'noMachineProfile',
    label: 'User profile',
    sentence:
      'Whether the computer loads the account’s Windows profile for a session that pssm New-PSSession makes. This window makes no sessions.',
    fallback: () => 'Loaded',
    input: choice([false, 'Loaded'], [true, 'Not loaded']),
  },
];

/** Said where the others stand: there is nothing to choose. */
export interface OptionFact {
  readonly label: string;
  readonly value: string;
  readonly sentence: string;
}

export const SESSION_FACTS: readonly OptionFact[] = [
  {
    label: 'Compression',
    value: 'Never asked for',
    sentence:
      'NoCompression would change nothing; a session of another client that packs what it says is read all the same.',
  },
];
