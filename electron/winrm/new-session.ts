import { SESSION_OPTION_DEFAULTS } from '../../shared/computer.ts';
import type { Guid, PSSession } from '../../shared/session.ts';
import type { WSManClient } from './client.ts';
import { isFault, toErrorInfo, WinRMError, withSignIn } from './error.ts';
import { lostNoProof } from './no-proof-lost.ts';
import { wasNotCarriedOut, wasNotMade } from './not-carried-out.ts';
import { initRunspacePool } from './psrp/init-runspace-pool.ts';
import type { ClientMachine } from './psrp/primitive-dictionary.ts';
import { withVersionTable } from './psrp/primitive-dictionary.ts';
import { PROTOCOL_VERSION } from './psrp/runspace-pool.ts';
import type { PoolReader } from './psrp/runspace-pool.ts';
import type { PSObject } from './psrp/value.ts';
import { isRetried } from './retried-create.ts';
import type { Wait } from './wait.ts';
import { FAULT, isGone } from './wsman/fault-codes.ts';
import { identify } from './wsman/identify.ts';
import { openPool, requireTime, within } from './wsman/open-pool.ts';
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
  /** Milliseconds for all of it, from the first question to the pool that is open. */
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
  readonly wait: Wait;
  /** See RemoteComputer's Conceal. */
  readonly said: <T>(said: T) => T;
  /** Is told of a session that failed and is there all the same, or may be. */
  readonly onPerhapsMade?: ((made: NewSession, left: Unremoved) => void) | undefined;
}

/** What is known of a session that failed and could not be removed again. */
export interface Unremoved {
  /** `perhaps` where nobody heard what became of its Create; `made` where that of its Delete is not known; `there` for certain. */
  readonly isThere: 'perhaps' | 'made' | 'there';
  /** What stood against its removal, a sentence; none where the computer did not have it yet. */
  readonly why?: string;
}

const DEFAULT_CONFIGURATION = 'Microsoft.PowerShell';

/** Each second, a Create that was cut off may have come there. */
const REMOVE_AGAIN_MS = 1_000;

const UNDO_LIMIT_MS = 5_000;
const UNDO_AT_ONCE_MS = 3_000;

/**
 * As far as the shell of a session is known to be there. `hardly` where the computer has something against a Create
 * after one that, by its answer, made nothing: what stands against it may be the shell that that one made all the same.
 */
type Known = 'no' | 'hardly' | 'perhaps' | 'yes';

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
  const until = now() + (options.openTimeoutMs ?? SESSION_OPTION_DEFAULTS.openTimeout);
  const leftMs = () => until - now();
  const shell: ShellRef = { shellId: how.instanceId, resourceUri: resourceUriOf(how.configurationName) };
  // What cannot travel is refused before anybody is asked.
  const args = withVersionTable(how.applicationArguments, PROTOCOL_VERSION, deps.machine);
  const { creationXml, rest } = initRunspacePool(how.instanceId, args);
  const unnamed = whyNoSessionName(how.name);
  if (unnamed !== undefined) throw new WinRMError('invalid', unnamed);
  await signInFirst(client, leftMs, signal);
  let isThere: Known = 'perhaps';
  let made = shell;
  let wasLost = false;
  let isAgain = false;
  try {
    const unsent = () => (isThere = wasLost ? 'perhaps' : 'no');
    const lost = () => (wasLost = true);
    const again = () => (isAgain = true);
    const { noMachineProfile = false } = options;
    const asked = createShell({ ...shell, ...kept, noMachineProfile, name: how.name, creationXml });
    const inTime = within(asked, leftMs);
    const listed = await client.run(inTime, signal, { unsent, lost, again }).catch((error: unknown) => {
      const isFaulted = error instanceof WinRMError && error.kind === 'fault';
      if (!wasLost && wasNotMade(error)) isThere = isAgain && isFaulted ? 'hardly' : 'no';
      throw error;
    });
    isThere = 'yes';
    const { shellId } = listed.shell;
    if (shellId.toLowerCase() !== shell.shellId.toLowerCase()) made = { ...shell, shellId };
    if (made !== shell) throw namedElsewhere();
    signal?.throwIfAborted();
    await client.run(openPool(shell, { rest, reader, leftMs }), signal);
    return toSession(deps, how, { ...deps.said(listed.shell), ...shell });
  } catch (error) {
    const limitMs = undoLimitMs(signal);
    const removals = [...new Set([shell, made])].map((one) => removal(deps, one, isThere, limitMs));
    const left = (await Promise.all(removals)).find((one) => one !== undefined);
    if (left) deps.onPerhapsMade?.(how, left);
    throw worded(left ? error : withNothingLeft(error, isThere), shell, deps.computerName);
  }
}

/**
 * A computer that took a password and never said what it thinks of it is not shown it again by itself, so a Create that
 * brings the first one along, and whose answer is lost, could be neither tried again nor undone. So a question that
 * changes nothing brings it. Where nobody is there yet the Create finds the same, and is tried more often.
 */
async function signInFirst(
  client: WSManClient,
  leftMs: () => number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (client.signIn) return requireTime(leftMs, 'asking');
  await client.run(within(identify(), leftMs, 'signIn'), signal).catch((error: unknown) => {
    // Anything but these may have been shown a proof that nobody judged, which the tries of a Create would repeat.
    const isTriedAgain = isRetried(error) && wasNotMade(error) && lostNoProof(error);
    const mayGoOn =
      error instanceof WinRMError &&
      (error.kind === 'fault' || error.info.network === 'before' || isTriedAgain);
    if (signal?.aborted || !mayGoOn) throw error;
    // What did not come in all of the time says so itself.
    if (leftMs() <= 0 && error.kind !== 'fault') throw error;
  });
  requireTime(leftMs, 'asking');
}

/** Milliseconds for undoing what was half done. Who stopped it waits for that; see Leaving. */
export const undoLimitMs = (signal: AbortSignal | undefined): number =>
  signal?.aborted ? UNDO_AT_ONCE_MS : UNDO_LIMIT_MS;

/**
 * One that is not there yet may be on its way still, and is asked for again until the time is over.
 *
 * @returns undefined once it is certain that none is there
 */
async function removal(
  { client, wait }: NewSessionDeps,
  shell: ShellRef,
  isThere: Known,
  limitMs: number,
): Promise<Unremoved | undefined> {
  if (isThere === 'no') return undefined;
  const limit = AbortSignal.timeout(limitMs);
  for (let spentMs = 0; ; spentMs += REMOVE_AGAIN_MS) {
    try {
      await client.run(deleteShell(shell), limit);
      return undefined;
    } catch (error) {
      if (isGone(error)) {
        if (isThere !== 'perhaps') return undefined;
        if (spentMs + REMOVE_AGAIN_MS < limitMs) await wait(REMOVE_AGAIN_MS, limit);
        if (spentMs + REMOVE_AGAIN_MS < limitMs && !limit.aborted) continue;
        return { isThere: 'perhaps' };
      }
      const why = limit.aborted ? 'The computer did not answer in time.' : toErrorInfo(error).message;
      if (isThere !== 'yes') return { isThere: 'perhaps', why };
      return { isThere: wasNotCarriedOut(error) ? 'there' : 'made', why };
    }
  }
}

/**
 * Whoever hears that a request was lost wonders whether it was carried out, and whoever hears that a shell is there already
 * looks for it; of this one nothing is left. What has a remedy of its own, as a quota that is used up, keeps it.
 */
function withNothingLeft(error: unknown, wasThere: Known): unknown {
  if (!(error instanceof WinRMError)) return error;
  const isAlreadyThere = wasThere === 'hardly' && !error.info.remedy;
  if (error.info.network !== 'after' && !isAlreadyThere) return error;
  const info = { ...error.info, remedy: { text: 'Try again: nothing is left of this session.' } };
  return withSignIn(new WinRMError(error.kind, error.message, { ...info, cause: error }), error.signIn);
}

/**
 * Why no session can have that name, a sentence; undefined where one can. XML has no place for most control characters,
 * and nobody would see the others.
 */
export const whyNoSessionName = (name: string): string | undefined =>
  /[\p{Cc}\p{Cs}]/u.test(name) ? 'The name of a session cannot hold control characters.' : undefined;

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

/**
 * As PowerShell words an unknown configuration when it makes a session. Of the two codes that it calls InvalidResourceUri
 * it does so for this one alone (WSManTransportManagerUtils.ConstructTransportErrorEventArgs).
 */
function worded(error: unknown, { resourceUri }: ShellRef, computerName: string): unknown {
  if (!isFault(error) || error.faultCode !== FAULT.invalidResourceUri) return error;
  const { cause, info } = error;
  const unknown = new WinRMError(
    error.kind,
    `The WS-Management service cannot process the request. Cannot find the ${configurationNameOf(resourceUri)} session configuration in the WSMan: drive on the ${computerName} computer.`,
    { ...info, ...(cause === undefined ? {} : { cause }) },
  );
  return withSignIn(unknown, error.signIn);
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
