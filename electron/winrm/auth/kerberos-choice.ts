import type { AuthenticationMechanism } from '../../../shared/authentication.ts';
import { WinRMError } from '../error.ts';
import { bareInRealm, principalOf } from './kerberos-principal.ts';

/** Whether Kerberos is used for a sign-in, decided before anything is asked of anybody. */
export type KerberosChoice =
  | { readonly use: 'never'; readonly why: string }
  /** As whom; absent: as whoever is logged on here. */
  | { readonly use: 'first' | 'only'; readonly principal?: string; readonly why: string };

export interface ChoiceInput {
  readonly mechanism: AuthenticationMechanism;
  readonly hostname: string;
  /** Of an IP address no domain knows a service. */
  readonly isAddress: boolean;
  /** The account that was given; absent: the logged-on one is meant. */
  readonly username?: string | undefined;
  /** Of this machine; asked for only where the account's own name does not tell. */
  readonly defaultRealm: () => string | undefined;
}

/**
 * As PowerShell chooses: Kerberos where the computer has a name and the account a domain, else NTLM; with the account of
 * whoever is logged on Kerberos alone, since nobody but Windows knows that one's password.
 *
 * @throws WinRMError 'invalid' or 'unauthenticated' for what cannot be meant
 */
export function chooseKerberos(input: ChoiceInput): KerberosChoice {
  const { mechanism, username, hostname } = input;
  if (username === undefined) return loggedOn(input);
  if (mechanism === 'NegotiateWithImplicitCredential') {
    throw new WinRMError(
      'invalid',
      'NegotiateWithImplicitCredential signs in as whoever is logged on, never with an account that was given.',
      { remedy: { text: 'Leave the account out, or choose Negotiate.' } },
    );
  }
  if (mechanism === 'Kerberos') {
    const principal = principalOf(username, input) ?? bareInRealm(username, input.defaultRealm);
    if (principal === undefined) throw noDomainAccount(username);
    return { use: 'only', principal, why: 'Kerberos was asked for.' };
  }
  if (input.isAddress) return never(`${hostname} is an address: Kerberos knows computers by their names.`);
  if (mechanism === 'Default' && isThisMachine(hostname))
    return never(`${hostname} is this machine itself, which needs no Kerberos.`);
  const principal = principalOf(username, input);
  if (principal === undefined)
    return never(`${username} names no domain, so it is taken for an account of the computer itself.`);
  return { use: 'first', principal, why: 'The computer has a name and the account a domain.' };
}

function loggedOn({ mechanism, isAddress, hostname }: ChoiceInput): KerberosChoice {
  if (isAddress && mechanism !== 'Kerberos') {
    throw new WinRMError(
      'unauthenticated',
      `${hostname} is an address: without a user name and password only a computer’s name can be asked.`,
      {
        remedy: { text: 'Ask it by its name in the domain, or give a user name and password.' },
        faultCode: 2150859195,
        errorId: 'CannotUseIPAddress',
      },
    );
  }
  return { use: 'only', why: 'No account was given, so whoever is logged on here signs in.' };
}

const never = (why: string): KerberosChoice => ({ use: 'never', why });

const isThisMachine = (hostname: string) => /^localhost\.?$/i.test(hostname);

function noDomainAccount(username: string): WinRMError {
  return new WinRMError(
    'invalid',
    `${username} is no account of a domain, so it cannot sign in by Kerberos.`,
    {
      remedy: { text: 'Write it as user@domain or DOMAIN\\user, or choose Negotiate.' },
    },
  );
}
