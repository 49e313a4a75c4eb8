import { z } from 'zod';
import { AUTHENTICATION_MECHANISMS, sessionOptionSchema } from './computer.ts';
import type { SessionOption } from './computer.ts';
import type { PSSession } from './session.ts';
import { wildcard } from './wildcard.ts';

/** The values of -State (SessionFilterState). */
export const SESSION_FILTER_STATES = ['All', 'Opened', 'Disconnected', 'Closed', 'Broken'] as const;

const filterShape = {
  /** Wildcard patterns; any of them may match. */
  name: z.array(z.string()).optional(),
  /** GUIDs, compared without regard to case. */
  instanceId: z.array(z.string()).optional(),
  state: z.enum(SESSION_FILTER_STATES).optional(),
  /** Short, or the whole resource URI; no wildcards. */
  configurationName: z.string().optional(),
};

/** Which of a computer's sessions are meant: the part of a query that PowerShell, too, works out on its own side. */
export const sessionFilterSchema = z.strictObject(filterShape);
export type SessionFilter = z.infer<typeof sessionFilterSchema>;

/**
 * Get-PSSession's ComputerName and ConnectionUri sets as a value: what the prompt parses to, a saved view keeps and
 * "Copy as PowerShell" prints. `credential` is a user name, never more. Times are milliseconds.
 */
export const sessionQuerySchema = z.strictObject({
  ...filterShape,
  computerName: z.array(z.string().min(1)).min(1).optional(),
  connectionUri: z.array(z.string().min(1)).min(1).optional(),
  applicationName: z.string().optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  useSSL: z.boolean().optional(),
  allowRedirection: z.boolean().optional(),
  authentication: z.enum(AUTHENTICATION_MECHANISMS).optional(),
  certificateThumbprint: z.string().optional(),
  credential: z.string().optional(),
  sessionOption: sessionOptionSchema.optional(),
  throttleLimit: z.number().int().optional(),
});
export type SessionQuery = z.infer<typeof sessionQuerySchema>;

const SHELL_URI_PREFIX = 'http://schemas.microsoft.com/powershell/';

/** Whether Get-PSSession would list this session under the filter. @throws WildcardError */
export function matches(session: PSSession, filter: SessionFilter): boolean {
  const { name, instanceId, state, configurationName } = filter;
  if (configurationName && toShellUri(configurationName) !== toShellUri(session.configurationName))
    return false;
  if (state && state !== 'All' && state !== session.state) return false;
  if (instanceId) return instanceId.some((id) => id.toLowerCase() === session.instanceId.toLowerCase());
  return name === undefined || name.some((pattern) => wildcard(pattern)(session.name));
}

/** PowerShell puts its prefix before a name that does not hold it already, and ignores case. */
function toShellUri(configurationName: string): string {
  const uri = configurationName.toLowerCase();
  return uri.includes(SHELL_URI_PREFIX) ? uri : SHELL_URI_PREFIX + uri;
}

/** In the order in which the reference's syntax lists them. */
const PARAMETERS = [
  ['computerName', 'ComputerName'],
  ['connectionUri', 'ConnectionUri'],
  ['name', 'Name'],
  ['instanceId', 'InstanceId'],
  ['state', 'State'],
  ['configurationName', 'ConfigurationName'],
  ['applicationName', 'ApplicationName'],
  ['port', 'Port'],
  ['useSSL', 'UseSSL'],
  ['allowRedirection', 'AllowRedirection'],
  ['authentication', 'Authentication'],
  ['certificateThumbprint', 'CertificateThumbprint'],
  ['credential', 'Credential'],
  ['sessionOption', 'SessionOption'],
  ['throttleLimit', 'ThrottleLimit'],
] as const satisfies readonly (readonly [keyof SessionQuery, string])[];

/** The query as a line that real PowerShell and `pssm` both take, with the same meaning. */
export function toPowerShell(query: SessionQuery): string {
  const words = PARAMETERS.flatMap(([field, parameter]) => {
    const value = query[field];
    if (value === undefined || value === false) return [];
    return value === true ? [`-${parameter}`] : [`-${parameter} ${toArgument(value)}`];
  });
  return ['Get-PSSession', ...words].join(' ');
}

function toArgument(value: string | number | readonly string[] | SessionOption): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoted(value);
  return isList(value) ? value.map(quoted).join(', ') : toHashTable(value);
}

const isList = (value: readonly string[] | SessionOption): value is readonly string[] => Array.isArray(value);

/** Bare only what no reader of PowerShell can take for something else; a typographic quote ends a string, too. */
function quoted(text: string): string {
  const isBare = /^[A-Za-z][\w.*?\\-]*(?:@[\w.-]+)?$/.test(text) || /^https?:\/\/[\w.:/-]+$/.test(text);
  return isBare ? text : `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;
}

function toHashTable(option: SessionOption): string {
  const entries = Object.entries(option).map(([field, value]) => {
    const name = `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
    if (typeof value === 'boolean') return `${name}=$${value}`;
    return `${name}='${typeof value === 'number' ? toTimeSpan(value) : value}'`;
  });
  return `@{${entries.join('; ')}}`;
}

/** PowerShell reads a bare number in a hash table as ticks, a TimeSpan's text as what it says. */
function toTimeSpan(ms: number): string {
  if (ms < 0) return `-${toTimeSpan(-ms)}`;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const days = Math.floor(ms / 86_400_000);
  const clock = `${two((ms / 3_600_000) % 24)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
  const rest = ms % 1000;
  return `${days ? `${days}.` : ''}${clock}${rest ? `.${String(rest).padStart(3, '0')}` : ''}`;
}
