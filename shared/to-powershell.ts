import type { SessionOption } from './computer.ts';
import type { SessionQuery } from './query.ts';

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

/**
 * The query as a line that real PowerShell and `pssm` both take, with the same meaning.
 *
 * @param cmdlet another that `pssm` has ask the computers in the same words
 */
export function toPowerShell(
  query: SessionQuery,
  cmdlet: 'Get-PSSession' | 'Disconnect-PSSession' = 'Get-PSSession',
): string {
  const words = PARAMETERS.flatMap(([field, parameter]) => {
    const value = query[field];
    if (value === undefined || value === false) return [];
    return value === true ? [`-${parameter}`] : [`-${parameter} ${toArgument(value)}`];
  });
  return [cmdlet, ...words].join(' ');
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
  return isBare ? text : inQuotes(text);
}

const inQuotes = (text: string) => `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;

const TIMES: ReadonlySet<string> = new Set([
  'openTimeout',
  'operationTimeout',
  'cancelTimeout',
  'idleTimeout',
]);
const LIMITS: ReadonlySet<string> = new Set([
  'maximumReceivedObjectSize',
  'maximumReceivedDataSizePerCommand',
]);

function toHashTable(option: SessionOption): string {
  const entries = Object.entries(option).flatMap(([field, value]) => {
    const name = field === 'uiCulture' ? 'UICulture' : `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
    if (value === undefined) return [];
    if (typeof value === 'boolean') return `${name}=$${value}`;
    if (typeof value === 'string') return `${name}=${inQuotes(value)}`;
    if (TIMES.has(field)) return `${name}='${toTimeSpan(value)}'`;
    return `${name}=${LIMITS.has(field) && value === 0 ? '$null' : value}`;
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
