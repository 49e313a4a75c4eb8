import { idsOf } from '../shared/contract.ts';
import type { Console, OutputBatch, SessionKey } from '../shared/contract.ts';
import { plainText } from '../shared/plain-text.ts';
import { isInUse } from '../shared/session.ts';
import type { PSSession, Shell, Unlisted } from '../shared/session.ts';
import type { KeptLines } from './kept-lines.ts';
import type { Commands } from './known-commands.ts';
import type { HeldSession, RemoteComputer } from './winrm/index.ts';

/** What is used of the engine's RemoteComputer and HeldSession; tests stand in here. */
export type Remote = Pick<RemoteComputer, 'list' | 'commands' | 'remove' | 'close'> & {
  readonly signIn?: RemoteComputer['signIn'];
  connect(session: PSSession, signal?: AbortSignal): Promise<Held>;
  /** Where it is asked now; absent where nobody can send on. */
  readonly url?: string;
};
export type Held = Pick<HeldSession, 'session' | 'commands' | 'receive' | 'watch' | 'disconnect' | 'remove'>;

/** A session that this app is or was connected to. */
export interface Entry {
  console: Console;
  readonly session: PSSession;
  readonly held: Held;
  readonly remote: Remote;
  /** Where it was taken up, as endpointOf has it. */
  readonly place: string | undefined;
  readonly kept: KeptLines;
  /** How many of its lines went out. */
  sent: number;
  /** We end it ourselves: what Receive then says is no news, unless that fails. */
  leaving?: { readonly to: 'left' | 'removed'; readonly done: Promise<void>; news?: () => void } | undefined;
  /** When its state last changed, epoch milliseconds: a listing from before knows less. */
  at: number;
  /** When its computer last said something here, epoch milliseconds. */
  heardAt: number;
  /** Who was in it, as its computer listed it while we were. */
  listedAs?: Who | undefined;
}

type Who = Pick<Shell, 'owner' | 'clientIP'>;

/** Of one that is being taken up. */
export function newConsole(ids: SessionKey, session: PSSession, connectedAt: number): Console {
  const { name, configurationName, computerName } = session;
  return {
    ...ids,
    name: plainText(name),
    computerName: plainText(computerName),
    configurationName: plainText(configurationName),
    connectedAt,
    state: 'idle',
  };
}

const NO_COMMANDS = 'Its commands could not be read, so nothing is received from it.';
/** Why nothing is received from a session that is held all the same. */
export const UNREADABLE: Readonly<Record<Unlisted, string>> = {
  severalCommands: 'It runs several commands, whose output cannot be received as one.',
  commandsUnreadable: NO_COMMANDS,
  incomplete: NO_COMMANDS,
  otherShell: NO_COMMANDS,
};

/** What runs in it, as far as is known from having been in it. */
export function knownOf({ console: { ended }, held: { session, commands } }: Entry): Commands {
  const { unlisted } = session;
  if (ended) return { commands: [] };
  return { ...(unlisted !== 'commandsUnreadable' && { commands }), ...(unlisted && { unlisted }) };
}

/** What the window has not heard yet. */
export function unsent(entry: Entry): OutputBatch {
  const { lines, dropped } = entry.kept.since(entry.sent);
  entry.sent = entry.kept.said;
  return { ...idsOf(entry.console), lines, ...(dropped > 0 && { dropped }) };
}

/** Somebody is connected to it: we. */
export const isActive = ({ console: { state } }: Entry): boolean => state === 'receiving' || state === 'idle';

/**
 * What a session that was connected here is by now; undefined where the listing knows it as well.
 *
 * @param listed what its computer's listing says of it; 'unknown' where that is older than what we know ourselves
 * @param listedAt when the computer answered so, epoch milliseconds
 */
export function rowOf(
  entry: Pick<Entry, 'heardAt' | 'listedAs'> & { readonly console: Pick<Console, 'state' | 'error'> },
  listed: PSSession | 'missing' | 'unknown',
  listedAt: number,
): Pick<PSSession, 'state' | 'availability'> | undefined {
  const { state, error } = entry.console;
  switch (state) {
    case 'receiving':
      return { state: 'Opened', availability: 'Busy' };
    case 'idle':
      if (listed === 'missing') return { state: 'Closed', availability: 'None' };
      return { state: 'Opened', availability: error ? 'Busy' : 'Available' }; // several commands run on
    case 'broken': // until its computer says that it is gone, may be had again, or is somebody's
      if (listed === 'missing') return { state: 'Closed', availability: 'None' };
      if (listed !== 'unknown' && !isStillOurs(entry, listed, listedAt)) return undefined;
      return { state: 'Broken', availability: 'None' };
    case 'closed':
      return typeof listed === 'string' ? { state: 'Closed', availability: 'None' } : undefined;
    default:
      return undefined;
  }
}

/** Spans are told in whole seconds, and an answer is a while under way. */
const SLACK_MS = 2_000;

/**
 * Whether whoever is in it, by the listing, is for certain the client that was lost here: a computer takes a client that
 * is gone for connected until it notices. It tells no SessionId. But whoever takes a session up does something in it: so
 * it is ours as long as nothing was done in it since it was last heard of here. Should it look like another's, it is so.
 */
function isStillOurs(
  { heardAt, listedAs }: Pick<Entry, 'heardAt' | 'listedAs'>,
  session: PSSession,
  listedAt: number,
): boolean {
  const { owner, clientIP, shellInactivityMs } = session.shell;
  if (!isInUse(session) || shellInactivityMs === undefined) return false;
  if (listedAs && (listedAs.owner !== owner || listedAs.clientIP !== clientIP)) return false;
  return listedAt - shellInactivityMs <= heardAt + SLACK_MS;
}
