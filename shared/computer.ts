import { z } from 'zod';
import { AUTHENTICATION_MECHANISMS } from './authentication.ts';
import { PROXY_ACCESS_TYPES, PROXY_AUTHENTICATIONS } from './proxy-access.ts';

// Apart from the schemas, so that the window can use them without loading zod.
export { AUTHENTICATION_MECHANISMS } from './authentication.ts';
export { PROXY_ACCESS_TYPES, PROXY_AUTHENTICATIONS } from './proxy-access.ts';
export type { ProxyAccessType, ProxyAuthentication } from './proxy-access.ts';
export type { AuthenticationMechanism } from './authentication.ts';
export { endpointUrl, placeOf, toEndpoint } from './endpoint.ts';
export type { Endpoint } from './endpoint.ts';

/** BCP 47, as .NET names its cultures. */
const culture = z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/);
/** Bytes; 0 is without a limit, PowerShell's $null. */
const byteLimit = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** New-PSSessionOption's fields with PowerShell's names. Times are milliseconds, sizes bytes. */
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
  /** How often a computer may send on to another place; −1 as often as it likes. Counts where redirection is allowed. */
  maximumConnectionRedirectionCount: z.number().int().min(-1).max(2_147_483_647).optional(),
  /** How often the creation of a session is tried again; see RETRIED_FAULTS. */
  maxConnectionRetryCount: z.number().int().nonnegative().max(2_147_483_647).optional(),
  maximumReceivedObjectSize: byteLimit.optional(),
  maximumReceivedDataSizePerCommand: byteLimit.optional(),
  noCompression: z.boolean().optional(),
  noMachineProfile: z.boolean().optional(),
  useUTF16: z.boolean().optional(),
  /** In which language a computer words what it says itself. */
  uiCulture: culture.optional(),
  /** How it writes dates and numbers. */
  culture: culture.optional(),
  proxyAccessType: z.enum(PROXY_ACCESS_TYPES).optional(),
  proxyAuthentication: z.enum(PROXY_AUTHENTICATIONS).optional(),
  /** The id of a named credential, for the proxy alone; at a prompt what -Credential takes. */
  proxyCredential: z.string().min(1).max(255).optional(),
});
export type SessionOption = z.infer<typeof sessionOptionSchema>;

/** PowerShell's defaults (PSSessionOption). */
export const SESSION_OPTION_DEFAULTS = {
  openTimeout: 180_000,
  operationTimeout: 180_000,
  cancelTimeout: 60_000,
  maximumConnectionRedirectionCount: 5,
  maxConnectionRetryCount: 5,
  maximumReceivedObjectSize: 209_715_200,
} as const;

/** As placeOf writes it. */
export const placeSchema = z.string().regex(/^https?:\/\/[^\s/?#@\\]{1,260}:\d{1,5}$/);

export const connectionOptionsSchema = z.strictObject({
  useSSL: z.boolean().optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  applicationName: z.string().max(255).optional(),
  authentication: z.enum(AUTHENTICATION_MECHANISMS).optional(),
  /** Basic sends the password as good as in clear; over http it needs this. */
  allowBasicOverHttp: z.boolean().optional(),
  /** Before version 5 somebody on the way can sign in with CredSSP in our place (CVE-2018-0886); it needs this. */
  allowOldCredssp: z.boolean().optional(),
  /** SHA-256 over the DER of the one certificate that is trusted, whoever signed it. Lower-case hex. */
  pinnedCertificate: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** Where this computer may send on to, each allowed by a person: `https://web02:5986`, whatever the path. */
  redirectTo: z.array(placeSchema).min(1).max(50).optional(),
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
/** Words without white space and separators, so that they can be typed into the filter. */
export const tagsSchema = z.array(z.string().regex(/^[^\s,;:"]{1,50}$/)).max(50);

export const computerSchema = z.strictObject({
  id,
  computerName: z.string().min(1).max(255),
  /** The groups it stands in; of two that set the same, the first counts. */
  groupIds: z.array(id).max(50),
  options: connectionOptionsSchema,
  signIn: signInSchema.optional(),
  tags: tagsSchema,
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
