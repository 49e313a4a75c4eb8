import type { ConnectionOptions } from './computer.ts';

/** Whether a computer is signed in to as whoever is logged on here: no account is asked for, and none that is known is used. */
export const isSignedInAsLoggedOn = ({ options }: { readonly options: ConnectionOptions }): boolean =>
  options.authentication === 'NegotiateWithImplicitCredential';
