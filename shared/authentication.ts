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

/** The mechanisms that this version speaks; the others are refused with a sentence. */
export const SPOKEN_MECHANISMS: readonly AuthenticationMechanism[] = [
  'Default',
  'Basic',
  'Negotiate',
  'NegotiateWithImplicitCredential',
  'Kerberos',
];
