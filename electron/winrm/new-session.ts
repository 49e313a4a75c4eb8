import { SESSION_OPTION_DEFAULTS } from '../../shared/computer.ts';
import type { ErrorKind } from '../../shared/error.ts';
import type { Guid, PSSession } from '../../shared/session.ts';
import type { WSManClient } from './client.ts';
import { isFault, WinRMError } from './error.ts';
import { initRunspacePool } from './psrp/init-runspace-pool.ts';
import type { ClientMachine } from './psrp/primitive-dictionary.ts';
import { withVersionTable } from './psrp/primitive-dictionary.ts';
import { PROTOCOL_VERSION } from './psrp/runspace-pool.ts';
import type { PoolReader } from './psrp/runspace-pool.ts';
import type { PSObject } from './psrp/value.ts';
import { FAULT, isGone } from './wsman/fault-codes.ts';
import { identify } from './wsman/identify.ts';
import { openPool } from './wsman/open-pool.ts';
import { createShell, deleteShell } from './wsman/pool.ts';
import type { DisconnectOptions, ShellRef } from './wsman/pool.ts';
import { configurationNameOf } from './wsman/query.ts';
import { POWERSHELL_PREFIX } from './wsman/request.ts';

/** What is asked of a session that is to be made. */
export interface NewSession {
  /** As others will see it. */
  readonly name: string;
  /** Chosen here, so that it can be found and ended whatever becomes of the answer. */
  readonly instanceId: Guid;
  /** `Microsoft.PowerShell` unless given; a whole ResourceUri also. */
  readonly configurationName?: string | undefined;
  /** A PSPrimitiveDictionary, which commands find in `$PSSenderInfo.ApplicationArguments`. */
  readonly applicationArguments?: PSObject | undefined;
}

/** What of PSSessionOption counts when a session is made. */
export interface NewSessionDefaults {
  readonly noMachineProfile?: boolean;
  /** Milliseconds for the Create, and then for the pool to open. */
  readonly openTimeoutMs?: number;
}

export interface NewSessionDeps {
  readonly client: WSManClient;
  readonly computerName: string;
  readonly reader: PoolReader;
  readonly machine: ClientMachine;
  readonly options: NewSessionDefaults;
  /** IdleTimeout and OutputBufferingMode. */
  readonly kept?: DisconnectOptions | undefined;
  readonly now: () => number;
  readonly nextId: () => number;
  /** Is told that nobody knows whether a session that failed is there all the same. */
  readonly onPerhapsMade?: ((made: NewSession) => void) | undefined;
}

const DEFAULT_CONFIGURATION = 'Microsoft.PowerShell';
const REMOVE_LIMIT_MS = 5_000;
/** Who stops it waits for what making and removing have left to do. */
const REMOVE_AT_ONCE_MS = 3_000;
/** Words of the computer's own by which it made none. */
const NOT_MADE: ReadonlySet<ErrorKind> = new Set([
  'denied',
  'fault',
  'invalid',
  'unauthenticated',
  'untrusted',
]);

/** A computer or service that starts, or one that has no answer to Identify. */
const MAY_GO_ON: ReadonlySet<ErrorKind> = new Set(['unreachable', 'fault']);

/** As far as the shell of a session is known to be there. */
type Known = 'no' | 'perhaps' | 'yes';

/**
 * Makes a session: Create, then Receive until its pool is open. Of one that fails nothing is left: its shell is deleted
 * wherever it may be there, within five seconds.
 *
 * @returns the session as its client sees it, Opened and Available
 * @throws WinRMError as openPool, and the computer's fault; the signal's reason when it is stopped
 */
export async function createSession(
  deps: NewSessionDeps,
  how: NewSession,
  signal?: AbortSignal,
): Promise<PSSession> {
  signal?.throwIfAborted();
  const { client, options, kept, reader, now } = deps;
  const shell: ShellRef = { shellId: how.instanceId, resourceUri: resourceUriOf(how.configurationName) };
  await signInFirst(client, signal);
  const args = withVersionTable(how.applicationArguments, PROTOCOL_VERSION, deps.machine);
  const { creationXml, rest } = initRunspacePool(how.instanceId, args);
  let isThere: Known = 'perhaps';
  let made = shell;
  let wasLost = false;
  try {
    const unsent = () => (isThere = wasLost ? 'perhaps' : 'no');
    const lost = () => (wasLost = true);
    const asked = createShell({ ...shell, ...kept, ...options, name: how.name, creationXml });
    const listed = await client.run(asked, signal, { unsent, lost }).catch((error: unknown) => {
      if (!wasLost && isRefusal(error)) isThere = 'no';
      throw error;
    });
    isThere = 'yes';
    const { shellId } = listed.shell;
    if (shellId.toLowerCase() !== shell.shellId.toLowerCase()) made = { ...shell, shellId };
    if (made !== shell) throw namedElsewhere();
    signal?.throwIfAborted();
    const until = now() + (options.openTimeoutMs ?? SESSION_OPTION_DEFAULTS.openTimeout);
    await client.run(openPool(shell, { rest, reader, leftMs: () => until - now() }), signal);
    return toSession(deps, how, { ...listed.shell, ...shell });
  } catch (error) {
    const limitMs = signal?.aborted ? REMOVE_AT_ONCE_MS : REMOVE_LIMIT_MS;
    const gone = [...new Set([shell, made])].map((one) => isRemoved(client, one, isThere, limitMs));
    if ((await Promise.all(gone)).includes(false)) deps.onPerhapsMade?.(how);
    throw worded(error, shell, deps.computerName);
  }
}

/**
 * A computer that took a password and never said what it thinks of it is not shown it again by itself, so a Create that
 * brings the first one along, and whose answer is lost, could be neither tried again nor undone. So a question that
 * changes nothing brings it. Where nobody is there yet the Create finds the same, and is tried more often.
 */
async function signInFirst(client: WSManClient, signal: AbortSignal | undefined): Promise<void> {
  if (client.signIn) return;
  await client.run(identify(), signal).catch((error: unknown) => {
    const isLost = error instanceof WinRMError && error.info.network === 'after';
    if (signal?.aborted || isLost || !(error instanceof WinRMError) || !MAY_GO_ON.has(error.kind))
      throw error;
  });
}

/** @returns whether it is certain that none is there */
async function isRemoved(
  client: WSManClient,
  shell: ShellRef,
  isThere: Known,
  limitMs: number,
): Promise<boolean> {
  if (isThere === 'no') return true;
  try {
    await client.run(deleteShell(shell), AbortSignal.timeout(limitMs));
    return true;
  } catch (error) {
    // Of a Create that was not answered: it may be on its way still.
    return isThere === 'yes' && isGone(error);
  }
}

const isRefusal = (error: unknown) =>
  error instanceof WinRMError && (NOT_MADE.has(error.kind) || error.info.network === 'before');

/** Before WinRM 3.0 the computer chose it, and no other connection could be disconnected from. */
const namedElsewhere = () =>
  new WinRMError(
    'protocol',
    'The computer named the session itself, as WinRM 2.0 does, whose sessions end with the connection that made them.',
  );

const resourceUriOf = (configurationName = DEFAULT_CONFIGURATION) =>
  configurationName.toLowerCase().includes(POWERSHELL_PREFIX)
    ? configurationName
    : `${POWERSHELL_PREFIX}${configurationName || DEFAULT_CONFIGURATION}`;

/** As PowerShell words an unknown configuration when it makes a session (WSManTransportManagerUtils). */
function worded(error: unknown, { resourceUri }: ShellRef, computerName: string): unknown {
  if (!isFault(error) || error.faultCode !== FAULT.invalidResourceUri) return error;
  const { cause, info } = error;
  return new WinRMError(
    error.kind,
    `The WS-Management service cannot process the request. Cannot find the ${configurationNameOf(resourceUri)} session configuration in the WSMan: drive on the ${computerName} computer.`,
    { ...info, ...(cause === undefined ? {} : { cause }) },
  );
}

function toSession(
  { computerName, nextId }: NewSessionDeps,
  { name, instanceId }: NewSession,
  shell: PSSession['shell'] & ShellRef,
): PSSession {
  return {
    id: nextId(),
    name,
    computerName,
    instanceId,
    state: 'Opened',
    availability: 'Available',
    configurationName: configurationNameOf(shell.resourceUri),
    shell,
    commands: [],
  };
}
