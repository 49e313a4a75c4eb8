/** The values of -Authentication. */
export const AUTHENTICATION_MECHANISMS = [
  'Default',
  'Basic',
  'Negotiate',
  'NegotiateWithImplicitCredential',
  'Credssp',
  'Digest',
  'Kerberos',
] as const;
export type AuthenticationMechanism = (typeof AUTHENTICATION_MECHANISMS)[number];
