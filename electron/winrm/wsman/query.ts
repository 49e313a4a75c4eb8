import { isOfConfiguration } from '../../../shared/configuration.ts';
import type { SessionFilter } from '../../../shared/query.ts';
import type { PSSession, Shell, ShellCommand, Unlisted } from '../../../shared/session.ts';
import { wildcard, WildcardError } from '../../../shared/wildcard.ts';
import { isFault, WinRMError } from '../error.ts';
import type { Exchange } from '../exchange.ts';
import { idleTimeoutAsPowerShell } from './duration.ts';
import { POWERSHELL_PREFIX, SHELL_URI } from './request.ts';
import { isGuid, listCommands, listShells } from './shell.ts';
import type { ListedShell } from './shell.ts';

export interface QueryContext {
  readonly computerName: string;
  /** Exactly what Get-PSSession lists, at the price of one more request a shell; else everything there is, in one. */
  readonly strict: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Counts up for as long as the process lives. */
  readonly nextId: () => number;
}

/** A -Name or -InstanceId that met nothing (PSSessionNameMatchFail, PSSessionIdMatchFail). */
export interface Miss {
  readonly kind: 'name' | 'instanceId';
  readonly value: string;
}

export interface SessionAnswer {
  readonly sessions: readonly PSSession[];
  readonly misses: readonly Miss[];
}

/**
 * The sessions of one computer, filtered in Get-PSSession's own order: configuration, state, then InstanceId or Name.
 *
 * @throws WinRMError 'invalid' for a malformed pattern, if there is a session to match it with;
 *   'protocol' in a strict query for a ShellId that is no GUID, which ends PowerShell's command as well
 */
export function* querySessions(filter: SessionFilter, context: QueryContext): Exchange<SessionAnswer> {
  const listed = yield* listShells();
  const survivors: PSSession[] = [];
  for (const one of listed) {
    const unlisted = unlistedByItself(one.shell);
    if (context.strict && unlisted) continue;
    if (context.strict) requireGuid(one.shell);
    if (!isOfConfiguration(one.shell.resourceUri, filter.configurationName)) continue;
    const commands = context.strict ? yield* commandsIfReadable(one.shell) : undefined;
    // Taken for a runspace pool with two or more commands, and for gone when they cannot be read.
    if (context.strict && (!commands || commands.length > 1)) continue;
    if (filter.state === undefined || filter.state === 'All' || filter.state === 'Disconnected') {
      survivors.push(toPSSession(one, context, unlisted ?? unlistedById(one.shell), commands));
    }
  }
  return chooseSessions(survivors, filter);
}

/**
 * Those of the ids, or of the names, in the order in which these were asked for; of one computer, or of several in the order
 * in which those were named, as PowerShell has it. What two patterns match is listed twice.
 *
 * @throws WinRMError 'invalid' for a malformed pattern, if there is a session to match it with
 */
export function chooseSessions(
  sessions: readonly PSSession[],
  { instanceId, name }: SessionFilter,
): SessionAnswer {
  if (sessions.length === 0) return { sessions: [], misses: [] }; // PowerShell reports no miss here
  if (instanceId) return byInstanceId(sessions, instanceId);
  return name ? byName(sessions, name) : { sessions, misses: [] };
}

/** As in PowerShell a fault hides the shell; all else is a failure of the whole query. */
function* commandsIfReadable({ shellId }: Shell): Exchange<ShellCommand[] | undefined> {
  try {
    return yield* listCommands(shellId);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

const startsWith = (text: string, prefix: string) =>
  text.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();

function unlistedByItself({ shellId, resourceUri, state }: Shell): Unlisted | undefined {
  if (resourceUri && !startsWith(resourceUri, POWERSHELL_PREFIX)) return 'otherShell';
  return shellId && resourceUri && state !== undefined ? undefined : 'incomplete';
}

/** At an id that is no GUID PowerShell's whole list ends; here it is that session which cannot be taken up. */
const unlistedById = ({ shellId }: Shell): Unlisted | undefined =>
  isGuid(shellId) ? undefined : 'incomplete';

/** `Microsoft.PowerShell`; `cmd` for a shell of another kind. */
export function configurationNameOf(resourceUri: string): string {
  const prefix = [POWERSHELL_PREFIX, `${SHELL_URI}/`].find((one) => startsWith(resourceUri, one));
  return prefix ? resourceUri.slice(prefix.length) : resourceUri;
}

function requireGuid({ shellId }: Shell): void {
  if (isGuid(shellId)) return;
  throw new WinRMError('protocol', 'The computer lists a session whose id is not a GUID.', {
    errorId: 'System.FormatException',
  });
}

function toPSSession(
  { shell, elementName, idleTimeout }: ListedShell,
  { computerName, strict, now, nextId }: QueryContext,
  unlisted: Unlisted | undefined,
  commands: ShellCommand[] | undefined,
): PSSession {
  const instanceId = shell.shellId.toLowerCase();
  const id = nextId();
  const disconnected = shell.state?.toLowerCase() === 'disconnected';
  const idleMs = strict ? idleTimeoutAsPowerShell(idleTimeout) : shell.idleTimeoutMs;
  const times = disconnected ? expiry(now(), shell.shellInactivityMs, idleMs) : {};
  return {
    id,
    name: shell.name === undefined ? elementName : shell.name || `Runspace${id}`,
    computerName,
    instanceId,
    state: 'Disconnected',
    availability: disconnected ? 'None' : 'Busy',
    configurationName: configurationNameOf(shell.resourceUri ?? ''),
    ...times,
    shell,
    ...(commands && { commands }),
    ...(unlisted && { unlisted }),
  };
}

/** Known only while the idle time-out has not run out. */
function expiry(now: number, inactivityMs: number | undefined, idleMs: number | undefined) {
  if (inactivityMs === undefined || idleMs === undefined || idleMs <= inactivityMs) return {};
  return { disconnectedOn: now - inactivityMs, expiresOn: now - inactivityMs + idleMs };
}

/** In the order asked; an id asked for twice is listed twice. */
function byInstanceId(sessions: readonly PSSession[], ids: readonly string[]): SessionAnswer {
  return pick(ids, 'instanceId', (id) =>
    sessions.filter(({ instanceId }) => instanceId === id.toLowerCase()),
  );
}

/** In the order of the patterns; a session that two of them match is listed twice. */
function byName(sessions: readonly PSSession[], patterns: readonly string[]): SessionAnswer {
  return pick(patterns, 'name', (pattern) => {
    const matches = compile(pattern);
    return sessions.filter(({ name }) => matches(name));
  });
}

function compile(pattern: string): (name: string) => boolean {
  try {
    return wildcard(pattern);
  } catch (error) {
    if (!(error instanceof WildcardError)) throw error;
    throw new WinRMError('invalid', error.message, { cause: error, errorId: error.errorId });
  }
}

function pick(
  values: readonly string[],
  kind: Miss['kind'],
  find: (value: string) => PSSession[],
): SessionAnswer {
  const found = values.map((value) => ({ value, sessions: find(value) }));
  return {
    sessions: found.flatMap(({ sessions }) => sessions),
    misses: found.filter(({ sessions }) => sessions.length === 0).map(({ value }) => ({ kind, value })),
  };
}
