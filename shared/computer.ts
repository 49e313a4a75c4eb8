import { z } from 'zod';

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
export const SPOKEN_MECHANISMS: readonly AuthenticationMechanism[] = ['Default', 'Basic', 'Negotiate'];

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

/** Where to send the SOAP of one computer. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Begins with a slash. */
  readonly path: string;
}

/** WinRM's own ports: 5985, and 5986 with TLS. `.` is this machine. */
export function toEndpoint(computerName: string, options: ConnectionOptions): Endpoint {
  const scheme = options.useSSL ? 'https' : 'http';
  return {
    scheme,
    hostname: computerName === '.' ? 'localhost' : computerName.replace(/^\[(.*)\]$/, '$1'),
    port: options.port ?? (options.useSSL ? 5986 : 5985),
    path: `/${(options.applicationName || 'wsman').replace(/^\//, '')}`,
  };
}

/** `http://web01:5985/wsman`; an IPv6 address stands in brackets. */
export function endpointUrl({ scheme, hostname, port, path }: Endpoint): string {
  return `${scheme}://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}${path}`;
}
