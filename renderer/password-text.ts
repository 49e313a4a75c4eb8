import type { PasswordMode, PasswordQuestion } from '../shared/password-question.ts';

/** What the password window says in each of its modes. */
export interface PasswordText {
  readonly title: string;
  /** What went before that makes it necessary. */
  readonly why?: string;
  readonly where: string;
  readonly note: string;
  readonly submit: string;
  /** The offer to keep it in the vault, and what `note` says instead once that is taken. */
  readonly remember?: string;
  readonly remembered?: string;
}

const TITLES: Record<PasswordMode, string> = {
  signIn: 'Sign in',
  newCredential: 'New credential',
  newPassword: 'New password',
  send: 'Send the password?',
  passphrase: 'Open the certificate',
  export: 'Use this certificate?',
};
const SUBMITS: Record<PasswordMode, string> = {
  signIn: 'Sign in',
  newCredential: 'Add',
  newPassword: 'Replace',
  send: 'Send',
  passphrase: 'Open',
  export: 'Use it',
};
const IN_MEMORY = 'Kept in memory until the app ends, never in a file.';

/** @returns the sentences of a question; its computers are listed below, unless there is but one */
export function passwordText({
  mode,
  computers,
  username,
  credential = '',
  file = '',
  thumbprint = '',
  reason,
  vault,
}: PasswordQuestion): PasswordText {
  const [only] = computers;
  const asked = computers.length === 1 ? only!.name : `${computers.length} computers`;
  const kept = vault === undefined ? IN_MEMORY : `Kept in ${vault}, and never shown again.`;
  const text = { title: TITLES[mode], submit: SUBMITS[mode], ...(reason !== undefined && { why: reason }) };
  switch (mode) {
    case 'signIn':
      return {
        ...text,
        where: `To ask ${asked}.`,
        note: IN_MEMORY,
        ...(vault !== undefined && { remember: `Remember in ${vault}`, remembered: kept }),
      };
    case 'newCredential':
      return { ...text, where: `For the credential ${credential}.`, note: kept };
    case 'newPassword':
      return { ...text, where: `For the credential ${credential}, ${username}.`, note: kept };
    case 'passphrase':
      return { ...text, where: `Of the file ${file}, for the credential ${credential}.`, note: kept };
    case 'export':
      return {
        ...text,
        where: `For the credential ${credential}, the certificate ${thumbprint} and its private key would be taken out of Windows’ store.`,
        note: 'The key is in the memory of this app from then on, and in no file.',
      };
    case 'send':
      return {
        ...text,
        where: `The password of ${credential}, ${username}, would leave this machine to ask ${asked}.`,
        note: 'Negotiate would prove it instead of sending it.',
      };
  }
}
