/**
 * What the small window asks: whom to sign in as, a new credential's password, an old one's new password, or whether a
 * password may go where it would be readable; for the passphrase of a certificate's file; or whether the key of a
 * certificate may be taken out of Windows' store.
 */
export type PasswordMode = 'signIn' | 'newCredential' | 'newPassword' | 'send' | 'passphrase' | 'export';

/** What the password window is told: for whom it asks. No secret goes this way. */
export interface PasswordQuestion {
  readonly mode: PasswordMode;
  readonly computers: readonly AskedComputer[];
  readonly username: string;
  /** The named credential that it is about. */
  readonly credential?: string;
  /** The name of the file whose passphrase is asked for. */
  readonly file?: string;
  /** Of the certificate in Windows' store that is asked about: SHA-1, hex. */
  readonly thumbprint?: string;
  /** Why it is asked again. */
  readonly reason?: string;
  /** Where passwords are kept; absent where they are in memory only. */
  readonly vault?: string;
}

export interface AskedComputer {
  /** As it is asked: `web01`, or `https://web01:444` where that is not WinRM's own. */
  readonly name: string;
  /** What happens to the password on the way there, if it does not stay on this machine. */
  readonly revealed?: string;
}

/** What the password window hands back, once. */
export interface PasswordAnswer {
  readonly username: string;
  /** Empty where only leave was asked for. */
  readonly password: string;
  /** To be kept in the vault, under a name. */
  readonly remember: boolean;
}

export const PASSWORD_CHANNELS = { question: 'password.question', answer: 'password.answer' } as const;
