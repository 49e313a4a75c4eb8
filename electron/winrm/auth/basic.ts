import { WinRMError } from '../error.ts';

/** Who signs in. The password lives here and in the tokens made of it, nowhere else. */
export interface Credential {
  /** `user`, `DOMAIN\user` or `user@domain.example`. */
  readonly username: string;
  readonly password: string;
}

/**
 * The Authorization header of RFC 7617, in UTF-8.
 *
 * @throws WinRMError 'invalid' for a user name with a colon, which the scheme cannot carry
 */
export function basicAuthorization({ username, password }: Credential): string {
  if (username.includes(':')) {
    throw new WinRMError('invalid', 'A user name with a colon cannot sign in with Basic.', {
      remedy: { text: 'Use Negotiate for this account.' },
    });
  }
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}
