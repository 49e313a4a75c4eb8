import { destinationKey, destinationOf, revealedIn } from '../store/destination.ts';
import type { StoredCredential } from '../store/credentials.ts';
import { WinRMError } from '../winrm/index.ts';
import type { Credential } from '../winrm/index.ts';
import { BindingError } from './binding/binding-error.ts';
import type { Cmdlet } from './binding/cmdlet.ts';
import { credentialFor } from './credential.ts';
import type { CommandIO } from './io.ts';
import type { Request } from './request.ts';
import type { SavedCredentials } from './saved-credentials.ts';
import type { Target } from './target.ts';

/** With whose password a computer is asked, or why it is not asked. */
export type Account = Credential | WinRMError;

/**
 * Whose password goes to which target: the one that -Credential names, else what was saved for each. Every account is
 * asked for once.
 *
 * @throws BindingError when nobody can be asked, or a named credential cannot be read here
 */
export async function accountsFor(
  cmdlet: Cmdlet,
  request: Request,
  targets: readonly Target[],
  { io, saved }: { readonly io: CommandIO; readonly saved: SavedCredentials },
): Promise<(target: Target) => Account> {
  if (request.userName !== undefined || request.profile === undefined) {
    const one = await given(cmdlet, request, io, saved);
    return () => one;
  }
  const typed = new Map<string, Credential>();
  const accounts = new Map<Target, Account>();
  for (const target of targets) {
    const { signIn } = target;
    const credential = signIn?.kind === 'credential' ? await saved.byId(signIn.credentialId) : undefined;
    if (credential) accounts.set(target, await fromVault(target, credential, saved));
    else {
      const userName = signIn?.kind === 'ask' ? (signIn.username ?? '') : '';
      const known = typed.get(userName);
      const account = known ?? (await credentialFor(cmdlet, { ...request, userName }, io));
      typed.set(userName, account);
      accounts.set(target, account);
    }
  }
  return (target) => accounts.get(target)!;
}

/** A saved credential of that name, else an account whose password is asked for. */
async function given(
  cmdlet: Cmdlet,
  request: Request,
  io: CommandIO,
  saved: SavedCredentials,
): Promise<Credential> {
  const { userName } = request;
  const named = userName ? await saved.named(userName) : undefined;
  if (!named) return credentialFor(cmdlet, request, io);
  // Who hands a password in has one of his own, for that account.
  if (request.passwordStdin) return credentialFor(cmdlet, { ...request, userName: named.username }, io);
  return saved.open(named);
}

/** One credential that cannot be read keeps nobody from asking the others. */
function unavailable(error: unknown): WinRMError {
  if (error instanceof BindingError) return new WinRMError('unauthenticated', error.message);
  throw error;
}

/** A profile can be edited without the person who owns the password: what would leave this machine needs his word. */
async function fromVault(
  target: Target,
  credential: StoredCredential,
  saved: SavedCredentials,
): Promise<Account> {
  const destination = destinationOf(target);
  const revealed = revealedIn(destination);
  if (revealed === undefined || credential.agreed?.includes(destinationKey(destination)))
    return saved.open(credential).catch(unavailable);
  return new WinRMError(
    'denied',
    `The password of the credential '${credential.name}' would be ${revealed}, which nobody has agreed to for ${target.computerName}.`,
    {
      remedy: {
        text: `Sign in to it in the app, which asks, or name the credential here: -Credential '${credential.name}'.`,
      },
    },
  );
}
