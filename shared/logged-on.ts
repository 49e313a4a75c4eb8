import type { AuthenticationMechanism } from './authentication.ts';
import type { ConnectionOptions, SignIn } from './computer.ts';

/**
 * Whether a computer is signed in to as whoever is logged on here: it was chosen so, or it is what its authentication is
 * for. No account is asked for, and none that is known is used.
 */
export const isSignedInAsLoggedOn = ({
  options,
  signIn,
}: {
  readonly options: ConnectionOptions;
  readonly signIn?: SignIn | undefined;
}): boolean => signIn?.kind === 'loggedOn' || options.authentication === 'NegotiateWithImplicitCredential';

/** Whether a mechanism knows what a ticket is; the others need an account with its password. */
export const takesLoggedOn = (mechanism: AuthenticationMechanism): boolean =>
  mechanism !== 'Basic' && mechanism !== 'Digest' && mechanism !== 'Credssp';
