import * as z from 'zod/mini';

/** A way to sign in that was not used, and why. */
const refusedMechanismSchema = z.readonly(
  z.strictObject({
    /** `Kerberos`, `NTLM`. */
    mechanism: z.string(),
    /** A sentence. */
    why: z.string(),
  }),
);
export type RefusedMechanism = z.infer<typeof refusedMechanismSchema>;

/** How a proxy that wanted an account was signed in to. */
const proxySignInSchema = z.readonly(
  z.strictObject({
    mechanism: z.string(),
    account: z.optional(z.string()),
    spn: z.optional(z.string()),
    why: z.string(),
    refused: z.readonly(z.array(refusedMechanismSchema)),
  }),
);
export type ProxySignInReport = z.infer<typeof proxySignInSchema>;

/** How one connection was signed in, or tried to be, for the person who wonders why. Holds no token and no password. */
export const signInReportSchema = z.readonly(
  z.strictObject({
    /** The name in the Authorization header: `Negotiate`, `Kerberos`, `NTLM`, `Basic`. */
    scheme: z.string(),
    /** `Kerberos in Negotiate`, `NTLM`. */
    mechanism: z.string(),
    /** As the mechanism names it: `alice@LAB.TEST`, `LAB\alice`. */
    account: z.optional(z.string()),
    /** The service that a Kerberos ticket was got for: `HTTP/web01.lab.test`. */
    spn: z.optional(z.string()),
    /** Whether the sign-in is bound to the certificate of the TLS connection. */
    isBound: z.boolean(),
    /** Why this one: a sentence. */
    why: z.string(),
    /** What would have come before it, in the order tried. */
    refused: z.readonly(z.array(refusedMechanismSchema)),
    /** At the proxy before the computer, with the proxy's own account. */
    proxy: z.optional(proxySignInSchema),
  }),
);
export type SignInReport = z.infer<typeof signInReportSchema>;
