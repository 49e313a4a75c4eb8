import * as z from 'zod/mini';
import { AUTHENTICATION_MECHANISMS } from './authentication.ts';
import { LONGEST_NAME, LONGEST_PATH, MOST_PLACES } from './computer-limits.ts';
import { PROXY_ACCESS_TYPES, PROXY_AUTHENTICATIONS } from './proxy-access.ts';

// Apart from the schemas, so that the window can use them without loading zod.
export { AUTHENTICATION_MECHANISMS } from './authentication.ts';
export { PROXY_ACCESS_TYPES, PROXY_AUTHENTICATIONS } from './proxy-access.ts';
export type { ProxyAccessType, ProxyAuthentication } from './proxy-access.ts';
export type { AuthenticationMechanism } from './authentication.ts';
export { endpointUrl, placeOf, toEndpoint, toldUrl, withoutBrackets } from './endpoint.ts';
export type { Endpoint } from './endpoint.ts';

/** BCP 47, as .NET names its cultures. */
const culture = z.string().check(z.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/));
/** Bytes; 0 is without a limit, PowerShell's $null. */
const byteLimit = z.int().check(z.nonnegative(), z.maximum(Number.MAX_SAFE_INTEGER));

/** PowerShell's own most, and a timer's: 24 days. What a file or a prompt has beyond means as long as can be. */
const MOST_MS = 2_147_483_647;
const withinMost = z.overwrite((ms: number) => Math.min(ms, MOST_MS));
const span = z.int().check(z.nonnegative(), withinMost);

/** New-PSSessionOption's fields with PowerShell's names. Times are milliseconds, sizes bytes. */
export const sessionOptionSchema = z.strictObject({
  openTimeout: z.optional(span),
  operationTimeout: z.optional(span),
  cancelTimeout: z.optional(span),
  idleTimeout: z.optional(z.int().check(z.minimum(-1), withinMost)),
  noEncryption: z.optional(z.boolean()),
  skipCACheck: z.optional(z.boolean()),
  skipCNCheck: z.optional(z.boolean()),
  skipRevocationCheck: z.optional(z.boolean()),
  /** The Kerberos service is `HTTP/computer:port`. */
  includePortInSPN: z.optional(z.boolean()),
  outputBufferingMode: z.optional(z.enum(['None', 'Drop', 'Block'])),
  /** How often a computer may send on to another place; −1 as often as it likes. Counts where redirection is allowed. */
  maximumConnectionRedirectionCount: z.optional(z.int().check(z.minimum(-1), z.maximum(2_147_483_647))),
  /** How often the creation of a session is tried again; see RETRIED_FAULTS. */
  maxConnectionRetryCount: z.optional(z.int().check(z.nonnegative(), z.maximum(2_147_483_647))),
  maximumReceivedObjectSize: z.optional(byteLimit),
  maximumReceivedDataSizePerCommand: z.optional(byteLimit),
  noCompression: z.optional(z.boolean()),
  noMachineProfile: z.optional(z.boolean()),
  useUTF16: z.optional(z.boolean()),
  /** In which language a computer words what it says itself. */
  uiCulture: z.optional(culture),
  /** How it writes dates and numbers. */
  culture: z.optional(culture),
  proxyAccessType: z.optional(z.enum(PROXY_ACCESS_TYPES)),
  proxyAuthentication: z.optional(z.enum(PROXY_AUTHENTICATIONS)),
  /** The id of a named credential, for the proxy alone; at a prompt what -Credential takes. */
  proxyCredential: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
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
export const placeSchema = z.string().check(z.regex(/^https?:\/\/[^\s/?#@\\]{1,260}:\d{1,5}$/));

export const connectionOptionsSchema = z.strictObject({
  useSSL: z.optional(z.boolean()),
  port: z.optional(z.int().check(z.minimum(1), z.maximum(65_535))),
  applicationName: z.optional(z.string().check(z.maxLength(LONGEST_PATH))),
  authentication: z.optional(z.enum(AUTHENTICATION_MECHANISMS)),
  /** Basic sends the password as good as in clear, and from Digest's proofs it can be guessed; over http both need this. */
  allowBasicOverHttp: z.optional(z.boolean()),
  /** Before version 5 somebody on the way can sign in with CredSSP in our place (CVE-2018-0886); it needs this. */
  allowOldCredssp: z.optional(z.boolean()),
  /** SHA-256 over the DER of the one certificate that is trusted, whoever signed it. Lower-case hex. */
  pinnedCertificate: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  /** Where this computer may send on to, each allowed by a person: `https://web02:5986`, whatever the path. */
  redirectTo: z.optional(z.array(placeSchema).check(z.minLength(1), z.maxLength(MOST_PLACES))),
  configurationName: z.optional(z.string().check(z.maxLength(255))),
  sessionOption: z.optional(sessionOptionSchema),
});
export type ConnectionOptions = z.infer<typeof connectionOptionsSchema>;

const id = z.string().check(z.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
export const idSchema = id;
export const computerIdSchema = id;
export type ComputerId = z.infer<typeof id>;
export type GroupId = z.infer<typeof id>;
export type ViewId = z.infer<typeof id>;

/**
 * As whom to sign in: with a named credential of the vault, with one that is asked for when it is needed and lives as
 * long as the app, or, without any password, as whoever is logged on to this machine's domain. No password ever stands here.
 */
export const signInSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('credential'), credentialId: id }),
  z.strictObject({
    kind: z.literal('ask'),
    username: z.optional(z.string().check(z.minLength(1), z.maxLength(255))),
  }),
  z.strictObject({ kind: z.literal('loggedOn') }),
]);
export type SignIn = z.infer<typeof signInSchema>;

const notes = z.string().check(z.maxLength(4_000));

/** A folder of the tree. What it sets counts for all that stands below it, unless that sets it itself. */
export const groupSchema = z.strictObject({
  id,
  name: z.string().check(z.minLength(1), z.maxLength(LONGEST_NAME)),
  parentId: z.optional(id),
  options: connectionOptionsSchema,
  signIn: z.optional(signInSchema),
  /** Removing always asks, by a typed confirmation. */
  safeMode: z.optional(z.boolean()),
  /** Seconds between two refreshes of their own; 0 is never, also where a group above has them. */
  refreshEveryS: z.optional(z.union([z.literal(0), z.int().check(z.minimum(15), z.maximum(86_400))])),
  favourite: z.optional(z.boolean()),
  notes: z.optional(notes),
});
export type Group = z.infer<typeof groupSchema>;

/** Words without white space and separators, so that they can be typed into the filter. */
export const tagsSchema = z.array(z.string().check(z.regex(/^[^\s,;:"]{1,50}$/))).check(z.maxLength(50));

/**
 * White space and controls are in no computer's name, but would be of meaning where it is written into a request. A saved
 * computer with some stays, under a name that is nobody's and shows what is wrong, until a person gives it its own.
 */
const computerName = z.string().check(
  z.minLength(1),
  z.maxLength(255),
  z.overwrite((name) => name.replace(/[\s\p{Cc}]/gu, '\uFFFD')),
);

/** A computer that is looked after. `computerName` is what is asked and shown. */
export const computerSchema = z.strictObject({
  id,
  computerName,
  /** The groups it stands in; of two that set the same, the first counts. */
  groupIds: z.array(id).check(z.maxLength(50)),
  options: connectionOptionsSchema,
  signIn: z.optional(signInSchema),
  tags: tagsSchema,
  favourite: z.optional(z.boolean()),
  notes: z.optional(notes),
});
export type Computer = z.infer<typeof computerSchema>;

/** A filter with a name: a group whose members are found anew each time. */
export const viewSchema = z.strictObject({
  id,
  name: z.string().check(z.minLength(1), z.maxLength(LONGEST_NAME)),
  /** As it is typed into the filter box; see filter.ts. */
  filter: z.string().check(z.maxLength(2_000)),
  /** The group whose computers are looked at; absent: all. */
  groupId: z.optional(id),
});
export type View = z.infer<typeof viewSchema>;

/** The third knows sign-ins as whoever is logged on, which an app that knows the second alone must not take for damage. */
export const PROFILE_VERSION = 3;

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
