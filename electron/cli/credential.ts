import type { Credential } from '../winrm/index.ts';
import { BindingError } from './binding/binding-error.ts';
import type { Cmdlet } from './binding/cmdlet.ts';
import type { CommandIO } from './io.ts';
import { plainText } from './plain-text.ts';
import type { Request } from './request.ts';

/** Whoever is logged on to this machine's domain: no password of theirs is known, a ticket is. */
export const LOGGED_ON = 'logged on';

/**
 * The account to sign in with; its password is asked for without echo, or read from stdin. Without a name the logged-on
 * account is meant, as in PowerShell.
 *
 * @throws BindingError when nobody can be asked, or the answer is empty
 */
export async function credentialFor(
  cmdlet: Cmdlet,
  request: Request,
  io: CommandIO,
): Promise<Credential | typeof LOGGED_ON> {
  const { userName, passwordStdin } = request;
  if (!userName && passwordStdin) {
    throw new BindingError(
      'CredentialRequired',
      `${cmdlet.name} needs -Credential with a user name: --password-stdin hands in a password and no account.`,
    );
  }
  if (!userName) return LOGGED_ON;
  // What Windows' editors and PowerShell put before a file's first letter is no part of a password.
  if (passwordStdin) return account(userName, await io.readPasswordLine());
  if (!io.askPassword) {
    throw new BindingError(
      'PasswordRequired',
      'There is no terminal to ask for the password at. Hand it over with --password-stdin.',
    );
  }
  return account(userName, await io.askPassword(`Password for user ${plainText(userName)}: `));
}

/** An empty password is no sign-in that could succeed, but one that counts towards lock-out. */
function account(username: string, password: string): Credential {
  if (password !== '') return { username, password };
  throw new BindingError('PasswordRequired', 'The password is empty. Nothing was sent.');
}
