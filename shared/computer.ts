import { z } from 'zod';
import { AUTHENTICATION_MECHANISMS } from './authentication.ts';

// Apart from the schemas, so that the window can use them without loading zod.
export { AUTHENTICATION_MECHANISMS, SPOKEN_MECHANISMS } from './authentication.ts';
export type { AuthenticationMechanism } from './authentication.ts';
export { endpointUrl, toEndpoint } from './endpoint.ts';
export type { Endpoint } from './endpoint.ts';

/**
 * New-PSSessionOption's fields that this version obeys, with PowerShell's names. Times are milliseconds, sizes bytes.
 */
export const sessionOptionSchema = z.strictObject({
  openTimeout: z.number().int().nonnegative().optional(),
  operationTimeout: z.number().int().nonnegative().optional(),
  cancelTimeout: z.number().int().nonnegative().optional(),
  idleTimeout: z.number().int().min(-1).optional(),
  noEncryption: z.boolean().optional(),
  skipCACheck: z.boolean().optional(),
  skipCNCheck: z.boolean().optional(),
  outputBufferingMode: z.enum(['None', 'Drop', 'Block']).optional(),
});
export type SessionOption = z.infer<typeof sessionOptionSchema>;

/** PowerShell's defaults (PSSessionOption). */
export const SESSION_OPTION_DEFAULTS = {
  openTimeout: 180_000,
  operationTimeout: 180_000,
  cancelTimeout: 60_000,
} as const;

export const connectionOptionsSchema = z.strictObject({
  useSSL: z.boolean().optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  applicationName: z.string().max(255).optional(),
  authentication: z.enum(AUTHENTICATION_MECHANISMS).optional(),
  /** Basic sends the password as good as in clear; over http it needs this. */
  allowBasicOverHttp: z.boolean().optional(),
  /** SHA-256 over the DER of the one certificate that is trusted, whoever signed it. Lower-case hex. */
  pinnedCertificate: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  configurationName: z.string().max(255).optional(),
  sessionOption: sessionOptionSchema.optional(),
});
export type ConnectionOptions = z.infer<typeof connectionOptionsSchema>;

const id = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
export const computerIdSchema = id;
export type ComputerId = z.infer<typeof id>;

/** A computer that is looked after. `computerName` is what is asked and shown. */
export const computerSchema = z.strictObject({
  id,
  computerName: z.string().min(1).max(255),
  options: connectionOptionsSchema,
  /** The account to sign in with; its password never stands here. */
  username: z.string().max(255).optional(),
});
export type Computer = z.infer<typeof computerSchema>;

export const PROFILE_VERSION = 1;

/** The saved computers: what the profile file holds. No secret is ever part of it. */
export const profileSchema = z.strictObject({
  version: z.literal(PROFILE_VERSION),
  computers: z.array(computerSchema),
});
export type Profile = z.infer<typeof profileSchema>;
