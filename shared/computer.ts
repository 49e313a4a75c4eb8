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
  /** The Kerberos service is `HTTP/computer:port`. */
  includePortInSPN: z.boolean().optional(),
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
export const idSchema = id;
export const computerIdSchema = id;
export type ComputerId = z.infer<typeof id>;
export type GroupId = z.infer<typeof id>;
export type ViewId = z.infer<typeof id>;

/**
 * With whose password to sign in: a named credential of the vault, or one that is asked for when it is needed and lives
 * as long as the app. No password ever stands here.
 */
export const signInSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('credential'), credentialId: id }),
  z.strictObject({ kind: z.literal('ask'), username: z.string().min(1).max(255).optional() }),
]);
export type SignIn = z.infer<typeof signInSchema>;

const notes = z.string().max(4_000);

/** A folder of the tree. What it sets counts for all that stands below it, unless that sets it itself. */
export const groupSchema = z.strictObject({
  id,
  name: z.string().min(1).max(100),
  parentId: id.optional(),
  options: connectionOptionsSchema,
  signIn: signInSchema.optional(),
  /** Removing always asks, by a typed confirmation. */
  safeMode: z.boolean().optional(),
  /** Seconds between two refreshes of their own; 0 is never, also where a group above has them. */
  refreshEveryS: z.union([z.literal(0), z.number().int().min(15).max(86_400)]).optional(),
  favourite: z.boolean().optional(),
  notes: notes.optional(),
});
export type Group = z.infer<typeof groupSchema>;

/** A computer that is looked after. `computerName` is what is asked and shown. */
export const computerSchema = z.strictObject({
  id,
  computerName: z.string().min(1).max(255),
  /** The groups it stands in; of two that set the same, the first counts. */
  groupIds: z.array(id).max(50),
  options: connectionOptionsSchema,
  signIn: signInSchema.optional(),
  tags: z.array(z.string().regex(/^[^\s,;:"]{1,50}$/)).max(50),
  favourite: z.boolean().optional(),
  notes: notes.optional(),
});
export type Computer = z.infer<typeof computerSchema>;

/** A filter with a name: a group whose members are found anew each time. */
export const viewSchema = z.strictObject({
  id,
  name: z.string().min(1).max(100),
  /** As it is typed into the filter box; see filter.ts. */
  filter: z.string().max(2_000),
  /** The group whose computers are looked at; absent: all. */
  groupId: id.optional(),
});
export type View = z.infer<typeof viewSchema>;

export const PROFILE_VERSION = 2;

/** The saved computers: what the profile file holds. No secret is ever part of it. */
export const profileSchema = z.strictObject({
  version: z.literal(PROFILE_VERSION),
  groups: z.array(groupSchema),
  computers: z.array(computerSchema),
  views: z.array(viewSchema),
});
export type Profile = z.infer<typeof profileSchema>;
/** What of a profile is edited. */
export type ProfileContent = Omit<Profile, 'version'>;
