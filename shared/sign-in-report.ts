/** A way to sign in that was not used, and why. */
export interface RefusedMechanism {
  /** `Kerberos`, `NTLM`. */
  readonly mechanism: string;
  /** A sentence. */
  readonly why: string;
}

/** How one connection was signed in, for the person who wonders why. Holds no token and no password. */
export interface SignInReport {
  /** The name in the Authorization header: `Negotiate`, `Kerberos`, `NTLM`, `Basic`. */
  readonly scheme: string;
  /** `Kerberos in Negotiate`, `NTLM`. */
  readonly mechanism: string;
  /** As the mechanism names it: `alice@LAB.TEST`, `LAB\alice`. */
  readonly account?: string;
  /** The service that a Kerberos ticket was got for: `HTTP/web01.lab.test`. */
  readonly spn?: string;
  /** Whether the sign-in is bound to the certificate of the TLS connection. */
  readonly isBound: boolean;
  /** Why this one: a sentence. */
  readonly why: string;
  /** What would have come before it, in the order tried. */
  readonly refused: readonly RefusedMechanism[];
}
