import * as z from 'zod/mini';
import { signInReportSchema } from './sign-in-report.ts';

/**
 * What went wrong, as far as the reader can act on it:
 * unreachable (name, route, port) · untrusted (TLS) · unauthenticated (who are you) ·
 * denied (you may not) · timeout · cancelled · fault (the server's own WS-Man fault) ·
 * protocol (the server broke the spec) · invalid (we asked wrongly) · internal (our bug).
 */
const ERROR_KINDS = [
  'unreachable',
  'untrusted',
  'unauthenticated',
  'denied',
  'timeout',
  'cancelled',
  'fault',
  'protocol',
  'invalid',
  'internal',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** Something to do about an error: a sentence and, where there is one, a command to copy. */
export const remedySchema = z.strictObject({ text: z.string(), command: z.optional(z.string()) });
export type Remedy = z.infer<typeof remedySchema>;

/** A certificate as it is shown before it is trusted. Times are epoch milliseconds. */
export const certificateInfoSchema = z.strictObject({
  subject: z.string(),
  issuer: z.string(),
  /** SHA-256 over the DER, lower-case hex without separators: what a pin compares. */
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  validFrom: z.number(),
  validTo: z.number(),
  names: z.array(z.string()),
});
export type CertificateInfo = z.infer<typeof certificateInfoSchema>;

/** What is wrong with a certificate: who signed it, whom it is made out to, its dates, that it is not the pinned one, all it rests on, that it was revoked, or that this could not be checked. */
const DISTRUSTS = ['signer', 'name', 'dates', 'pin', 'chain', 'revoked', 'revocation'] as const;
export type Distrust = (typeof DISTRUSTS)[number];

/** An error as it crosses IPC and rests in stores: plain data, never secrets, never a stack. */
export const errorInfoSchema = z.strictObject({
  kind: z.enum(ERROR_KINDS),
  /** One sentence for the person at the screen. */
  message: z.string(),
  /** Why it may be, most likely first. */
  causes: z.optional(z.array(z.string())),
  remedy: z.optional(remedySchema),
  /** WSManFault Code, unsigned, e.g. 2150858793 (operation timed out). */
  faultCode: z.optional(z.int().check(z.nonnegative())),
  /** PowerShell's word for it, the first part of a FullyQualifiedErrorId, e.g. `AccessDenied`. */
  errorId: z.optional(z.string()),
  /** The server's or the system's own words, to be shown folded. */
  detail: z.optional(z.string()),
  /** Present on `untrusted`: what the computer showed, so that it can be pinned. */
  certificate: z.optional(certificateInfoSchema),
  /** Present on `untrusted`, with the certificate. */
  distrust: z.optional(z.enum(DISTRUSTS)),
  /** Present where a sign-in failed that had chosen its mechanism. */
  signIn: z.optional(signInReportSchema),
  /** Where the computer sent on to and was not followed, though it could be if a person allows it: `https://web02:5986`. */
  redirectsTo: z.optional(z.string()),
});
export type ErrorInfo = z.infer<typeof errorInfoSchema>;
