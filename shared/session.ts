/** A GUID, lower case, no braces. */
export type Guid = string;

/** PowerShell's RunspaceState, as far as a session of WSMan can have it. */
export const RUNSPACE_STATES = [
  'BeforeOpen',
  'Opening',
  'Opened',
  'Closed',
  'Closing',
  'Broken',
  'Disconnecting',
  'Disconnected',
  'Connecting',
] as const;
export type RunspaceState = (typeof RUNSPACE_STATES)[number];

export const RUNSPACE_AVAILABILITIES = [
  'None',
  'Available',
  'AvailableForNestedCommand',
  'Busy',
  'RemoteDebug',
] as const;
export type RunspaceAvailability = (typeof RUNSPACE_AVAILABILITIES)[number];

/** Block: output waits for the reader. Drop: the oldest output goes. None: the server decides. */
export type OutputBufferingMode = 'None' | 'Drop' | 'Block';

/**
 * What a computer says of one shell (`rsp:Shell`, MS-WSMV 2.2.4.37). An element that it left out is absent here.
 * Spans are milliseconds, sizes bytes.
 */
export interface Shell {
  /** As the computer wrote it: selectors are compared case-sensitively by some. */
  readonly shellId: string;
  readonly name?: string;
  readonly resourceUri?: string;
  /** `Connected` or `Disconnected`; absent from computers before WinRM 3.0. */
  readonly state?: string;
  readonly owner?: string;
  readonly clientIP?: string;
  readonly processId?: number;
  readonly memoryUsedBytes?: number;
  readonly childProcesses?: number;
  readonly shellRunTimeMs?: number;
  readonly shellInactivityMs?: number;
  readonly idleTimeoutMs?: number;
  readonly maxIdleTimeoutMs?: number;
  readonly bufferMode?: string;
  readonly locale?: string;
  readonly dataLocale?: string;
  readonly compressionMode?: string;
  readonly encoding?: string;
  readonly profileLoaded?: string;
}

/** What a shell runs (`rsp:Command`). */
export interface ShellCommand {
  readonly commandId: string;
  readonly commandLine: string;
  readonly state: string;
}

/**
 * Why Get-PSSession would not list this one: a shell of another kind (winrs, …), one without an element
 * that PowerShell insists on, one with two or more commands, one whose commands could not be read.
 */
export type Unlisted = 'otherShell' | 'incomplete' | 'severalCommands' | 'commandsUnreadable';

/**
 * A PowerShell session on a computer, in the terms `Get-PSSession -ComputerName` prints.
 * A row is (endpoint, instanceId). Times are epoch milliseconds on this machine's clock.
 */
export interface PSSession {
  /** Counts up with every query of this process, as PowerShell's does. */
  readonly id: number;
  readonly name: string;
  readonly computerName: string;
  /** The ShellId, which is also the PSRP runspace pool id. */
  readonly instanceId: Guid;
  /** `Disconnected` for every session found by a query; another state only for one that this process holds. */
  readonly state: RunspaceState;
  /** Of a found session: None = free to connect, Busy = some client holds it. */
  readonly availability: RunspaceAvailability;
  /** ResourceUri without its PowerShell prefix, e.g. `Microsoft.PowerShell`. */
  readonly configurationName: string;
  readonly disconnectedOn?: number;
  readonly expiresOn?: number;
  readonly shell: Shell;
  /** Present when the commands were asked for. */
  readonly commands?: readonly ShellCommand[];
  /** They are what ran when an earlier list was answered, and were not asked for since. */
  readonly commandsAreOld?: true;
  /** Present on what Get-PSSession hides; a strict answer has none of these. */
  readonly unlisted?: Unlisted;
  /** Of one that is held here: where it was taken up, if its computer stands for another endpoint by now. */
  readonly elsewhere?: string;
}

/** A ShellId is a GUID; what other shells have is read up to this length. Characters. */
export const LONGEST_SHELL_ID = 255;

/** Whether its computer gave it an id by which it can be asked for. */
export const canBeNamed = ({ instanceId }: Pick<PSSession, 'instanceId'>): boolean =>
  instanceId.length > 0 && instanceId.length <= LONGEST_SHELL_ID;

/** The one rule for who may be taken over; the table and the main process both ask here. */
export function canConnect(session: PSSession): boolean {
  return (
    session.state === 'Disconnected' && session.availability === 'None' && session.unlisted === undefined
  );
}

/** Somebody else's client is in it, as far as its computer tells. A shell of another kind is left out: it has no other state. */
export const isInUse = ({ state, availability, unlisted }: PSSession): boolean =>
  state === 'Disconnected' && availability === 'Busy' && unlisted !== 'otherShell';

/** What the badge says. Shape, word and colour hang on it; see renderer/components/badge.tsx. */
export type BadgeState =
  'available' | 'busy' | 'ready' | 'inuse' | 'broken' | 'closed' | 'unreadable' | 'other';

/** The plain truth; PowerShell's own words stand beside it. */
export const BADGE_WORDS: Readonly<Record<BadgeState, string>> = {
  available: 'Available',
  busy: 'Busy',
  ready: 'Ready',
  inuse: 'In use',
  broken: 'Broken',
  closed: 'Closed',
  unreadable: 'Unreadable',
  other: 'Other',
};

export function badgeOf(session: PSSession): BadgeState {
  if (session.unlisted === 'otherShell') return 'other';
  if (session.unlisted) return 'unreadable';
  switch (session.state) {
    case 'Opened':
      return session.availability === 'Busy' ? 'busy' : 'available';
    case 'Broken':
      return 'broken';
    case 'Closed':
    case 'Closing':
      return 'closed';
    default:
      return session.availability === 'Busy' ? 'inuse' : 'ready';
  }
}

/** Whether its computer has no name for it: then the one that is shown was made up here. */
export const isNameless = ({ shell }: PSSession): boolean => shell.name === '';
