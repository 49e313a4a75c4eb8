import { isProvedToProxy } from '../store/destination.ts';
import { isClientCertificate } from '../winrm/index.ts';
import type { AnyCredential, Credential } from '../winrm/index.ts';
import { BindingError } from './binding/binding-error.ts';
import type { CommandIO } from './io.ts';
import { plainText } from './plain-text.ts';
import type { Request } from './request.ts';
import type { SavedCredentials } from './saved-credentials.ts';
import type { Target } from './target.ts';

/**
 * Whose password the proxy of a target is shown: a saved credential's, or one that is asked for by itself. It is never
 * the one that the computer is shown, nor the line of --password-stdin.
 *
 * @throws BindingError when nobody can be asked, a credential cannot be read here, or a file alone says that a proxy may read it
 */
export async function proxyAccountsFor(
  { profile }: Request,
  targets: readonly Target[],
  { io, saved }: { readonly io: CommandIO; readonly saved: SavedCredentials },
): Promise<(target: Target) => Credential | undefined> {
  const accounts = new Map<string, Credential>();
  for (const target of targets) {
    const name = nameOf(target);
    if (name === undefined || accounts.has(name)) continue;
    accounts.set(name, profile ? await ofProfile(target, name, saved) : await named(name, io, saved));
  }
  return (target) => accounts.get(nameOf(target) ?? '');
}

const nameOf = ({ options }: Target) => options.sessionOption?.proxyCredential;

async function named(name: string, io: CommandIO, saved: SavedCredentials): Promise<Credential> {
  const known = await saved.named(name);
  if (known) return withPassword(await saved.open(known), name);
  if (!io.askPassword) {
    throw new BindingError(
      'PasswordRequired',
      'There is no terminal to ask for the proxy’s password at. Save it in the app and give the credential’s name as ProxyCredential.',
    );
  }
  const password = await io.askPassword(`Password of ${plainText(name)} for the proxy: `);
  if (password === '') throw new BindingError('PasswordRequired', 'The password is empty. Nothing was sent.');
  return { username: name, password };
}

function withPassword(credential: AnyCredential, name: string): Credential {
  if (!isClientCertificate(credential)) return credential;
  throw new BindingError(
    'CredentialUnavailable',
    `'${name}' is a client certificate, and a proxy is shown a password.`,
  );
}

async function ofProfile(target: Target, id: string, saved: SavedCredentials): Promise<Credential> {
  const credential = await saved.byId(id);
  if (!credential) {
    throw new BindingError(
      'CredentialUnavailable',
      `The credential for the proxy before ${target.computerName} is not there any more.`,
    );
  }
  if (!isProvedToProxy(target)) {
    throw new BindingError(
      'CredentialUnavailable',
      `The proxy before ${target.computerName} would read the password of '${credential.name}' (Basic), which a file alone cannot allow. Choose Negotiate or Digest for it.`,
    );
  }
  return withPassword(await saved.open(credential), credential.name);
}
