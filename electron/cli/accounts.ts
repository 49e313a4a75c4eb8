import { isSignedInAsLoggedOn } from '../../shared/logged-on.ts';
import { destinationKey, destinationOf, revealedIn } from '../store/destination.ts';
import type { StoredCredential } from '../store/credentials.ts';
import { isClientCertificate, WinRMError } from '../winrm/index.ts';
import type { AnyCredential, Credential } from '../winrm/index.ts';
import { BindingError } from './binding/binding-error.ts';
import type { Cmdlet } from './binding/cmdlet.ts';
import { certificateFor, ofFile } from './certificate-account.ts';
import { credentialFor, LOGGED_ON } from './credential.ts';
import type { CommandIO } from './io.ts';
import { plainText } from './plain-text.ts';
import type { Request } from './request.ts';
import type { SavedCredentials } from './saved-credentials.ts';
import type { Target } from './target.ts';

/** As whom a computer is asked, or why it is not asked. */
export type Account = AnyCredential | typeof LOGGED_ON | WinRMError;

/**
 * Whose password goes to which target: the one that -Credential names, else what was saved for each. Every account is
 * asked for once. Where no account is named whoever is logged on signs in, and no password goes anywhere.
 *
 * @throws BindingError when nobody can be asked, or a named credential cannot be read here
 */
export async function accountsFor(
  cmdlet: Cmdlet,
  request: Request,
  targets: readonly Target[],
  { io, saved }: { readonly io: CommandIO; readonly saved: SavedCredentials },
): Promise<(target: Target) => Account> {
  const certificate = await certificateFor(request, io, saved);
  if (certificate) return () => certificate;
  if (request.userName !== undefined || request.profile === undefined) {
    const one = await given(cmdlet, request, io, saved);
    // Who names a computer knows where the password goes; a profile may have been edited by somebody else.
    return (target) =>
      request.profile !== undefined && isPassword(one.account) && !isAgreed(target, one.agreed)
        ? notAgreed(target, one.account.username)
        : one.account;
  }
  const accounts = new Map<Target, Account>();
  const toType = new Map<string, Target[]>();
  for (const target of targets) {
    const { signIn } = target;
    if (isSignedInAsLoggedOn(target)) {
      accounts.set(target, LOGGED_ON);
      continue;
    }
    const credential = signIn?.kind === 'credential' ? await saved.byId(signIn.credentialId) : undefined;
    const userName = signIn?.kind === 'ask' ? (signIn.username ?? '') : '';
    if (credential) accounts.set(target, await fromVault(target, credential, saved));
    else if (userName === '' && !request.passwordStdin) accounts.set(target, LOGGED_ON);
    else if (revealedAt(target) !== undefined) accounts.set(target, notAgreed(target, userName));
    else toType.set(userName, [...(toType.get(userName) ?? []), target]);
  }
  if (request.passwordStdin && toType.size > 1) throw severalAccounts([...toType.keys()]);
  for (const [userName, those] of toType) {
    const account = await credentialFor(cmdlet, { ...request, userName }, io);
    for (const target of those) accounts.set(target, account);
  }
  return (target) => accounts.get(target)!;
}

/** A certificate never leaves this machine, and a ticket proves. */
const isPassword = (account: Given['account']): account is Credential =>
  account !== LOGGED_ON && !isClientCertificate(account);

/** Whatever stays on this machine may be used; what does not, only where the person let it go. */
const isAgreed = (target: Target, agreed: readonly string[] = []): boolean =>
  revealedAt(target) === undefined || agreed.includes(destinationKey(destinationOf(target)));

const revealedAt = (target: Target): string | undefined => revealedIn(destinationOf(target));

/** One password is no other account's; sent for it, it would count towards that one's lock-out. */
function severalAccounts(userNames: readonly string[]): BindingError {
  const names = userNames.map((name) => (name === '' ? 'one without a user name' : plainText(name)));
  return new BindingError(
    'PasswordRequired',
    `--password-stdin hands in one password, and these computers are asked with several accounts: ${names.join(', ')}. Name one with -Credential, or save their passwords in the app.`,
  );
}

/** What is typed for an account must not go in readable form where only a file says so. */
function notAgreed(target: Target, userName: string): WinRMError {
  const whose = userName === '' ? 'Its password' : `The password of ${userName}`;
  return notSent(
    target,
    whose,
    'To say so yourself, ask it by its name with that way to sign in, instead of -Profile:',
    asNamed(target, userName),
  );
}

/** What a person may type who means it. */
function asNamed({ computerName, endpoint, options }: Target, userName: string): string | undefined {
  const words = [computerName, userName, options.authentication ?? ''];
  // Out of a file that somebody else may have written, into a shell.
  if (!words.every((word) => /^[\w.\\@:[\]-]*$/.test(word) && !word.startsWith('-'))) return undefined;
  const { scheme, port } = endpoint;
  return [
    `-ComputerName ${computerName}`,
    `-Authentication ${options.authentication}`,
    ...(scheme === 'https' ? ['-UseSSL'] : []),
    ...(port === (scheme === 'https' ? 5986 : 5985) ? [] : [`-Port ${port}`]),
    ...(scheme === 'http' && options.authentication === 'Basic'
      ? ["-SessionOption '@{NoEncryption=$true}'"]
      : []),
    ...(userName === '' ? [] : [`-Credential '${userName}'`]),
  ].join(' ');
}

const notSent = (target: Target, whose: string, remedy: string, command?: string): WinRMError =>
  new WinRMError(
    'denied',
    `${whose} would be ${revealedAt(target)}, which nobody has agreed to for ${target.computerName}.`,
    { remedy: { text: remedy, ...(command !== undefined && { command }) } },
  );

/** A saved credential of that name, else an account whose password is asked for. */
async function given(
  cmdlet: Cmdlet,
  request: Request,
  io: CommandIO,
  saved: SavedCredentials,
): Promise<Given> {
  const { userName } = request;
  const isAsked = request.passwordStdin || io.askPassword !== undefined;
  const named = userName ? await saved.named(userName, { isAsked }) : undefined;
  if (!named) return { account: await credentialFor(cmdlet, request, io) };
  // Who hands a password in has one of his own, for that account; or the passphrase of that file.
  if (request.passwordStdin && named.certificate?.source.kind === 'file')
    return { account: await ofFile(named.certificate.source.path, io, request) };
  if (request.passwordStdin)
    return { account: await credentialFor(cmdlet, { ...request, userName: named.username }, io) };
  return { account: await saved.open(named), agreed: named.agreed };
}

interface Given {
  readonly account: AnyCredential | typeof LOGGED_ON;
  /** Where the person let it go in readable form. */
  readonly agreed?: readonly string[] | undefined;
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
  if (credential.certificate || isAgreed(target, credential.agreed))
    return saved.open(credential).catch(unavailable);
  return notSent(
    target,
    `The password of the credential '${credential.name}'`,
    `Sign in to it in the app, which asks, or ask it by its name: -ComputerName ${target.computerName} -Credential '${credential.name}'.`,
  );
}
