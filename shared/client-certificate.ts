import * as z from 'zod/mini';

/** What is shown of a client certificate. Times are epoch milliseconds. */
export const clientCertificateSchema = z.strictObject({
  subject: z.string().check(z.maxLength(1_000)),
  issuer: z.string().check(z.maxLength(1_000)),
  /** SHA-1 over the DER, as Windows and -CertificateThumbprint write it: upper-case hex. */
  thumbprint: z.string().check(z.regex(/^[0-9A-F]{40}$/)),
  validFrom: z.number(),
  validTo: z.number(),
});
export type ClientCertificateInfo = z.infer<typeof clientCertificateSchema>;

/**
 * Where a certificate with its private key lies: a file, whose passphrase is in the vault unless it has none, or the
 * store of Windows.
 */
export const certificateSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    path: z.string().check(z.minLength(1), z.maxLength(4_096)),
    hasPassphrase: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('windowsStore') }),
]);
export type CertificateSource = z.infer<typeof certificateSourceSchema>;

/** Of a named credential. */
export const keptCertificateSchema = z.extend(clientCertificateSchema, { source: certificateSourceSchema });
export type KeptCertificate = z.infer<typeof keptCertificateSchema>;

/** A thumbprint as it is compared: people copy it with spaces, colons and an invisible mark before it. */
export const plainThumbprint = (text: string): string => text.replace(/[^0-9A-Fa-f]/g, '').toUpperCase();
