import type { Computer, ComputerId, ConnectionOptions } from './computer.ts';
import type { ErrorInfo } from './error.ts';
import type { OutputLine, PipelineState } from './output.ts';
import type { Guid, PSSession } from './session.ts';

/** The sessions a computer last told us of. `at` is epoch milliseconds. */
export interface Answer {
  readonly at: number;
  readonly sessions: readonly PSSession[];
  /** What the computer's options switch off, said at every use. */
  readonly warnings?: readonly string[];
}

/**
 * What we know of one computer: the unit of change, of display and of failure.
 * `last` outlives a new query and a failed one, so the table never blinks.
 * `waiting`: nothing was sent, because no password was given yet.
 */
export type ComputerStatus =
  | { readonly kind: 'waiting'; readonly last?: Answer | undefined }
  | { readonly kind: 'querying'; readonly since: number; readonly last?: Answer | undefined }
  | { readonly kind: 'answered'; readonly last: Answer }
  | {
      readonly kind: 'failed';
      readonly at: number;
      readonly error: ErrorInfo;
      readonly last?: Answer | undefined;
    };

export type Change = readonly [ComputerId, ComputerStatus];

/** A row is (endpoint, ShellId). */
export interface SessionKey {
  readonly computerId: ComputerId;
  readonly instanceId: Guid;
}

/** What is kept of a session that was connected here. Its lines come by `session.output`. */
export interface Console extends SessionKey {
  readonly name: string;
  readonly computerName: string;
  readonly configurationName: string;
  /** Epoch milliseconds of the connect; what the session said before was buffered on its computer. */
  readonly connectedAt: number;
  /** `receiving` while its command runs, `idle` when it has none or the command ended. */
  readonly state: 'receiving' | 'idle' | 'left' | 'removed' | 'broken' | 'closed';
  /** What was running when it was connected. */
  readonly running?: string;
  readonly ended?: PipelineState;
  readonly error?: ErrorInfo;
}

export interface OutputBatch extends SessionKey {
  readonly lines: readonly OutputLine[];
  /** So many lines before these, and all sent earlier, are not kept. */
  readonly dropped?: number;
}

/** How far a round of questions has come. Times are epoch milliseconds. */
export interface Sweep {
  readonly asked: number;
  readonly done: number;
  readonly since: number;
  readonly endedAt?: number;
}

/** Something to say that belongs to no computer's status. */
export interface Notice {
  readonly level: 'info' | 'error';
  readonly message: string;
  readonly error?: ErrorInfo;
}

export interface Profile {
  /** True while the sample fleet is shown instead of the person's own computers. */
  readonly sample: boolean;
  readonly computers: readonly Computer[];
}

/** What the form of Add computers sends along with the names. */
export type AddOptions = Pick<ConnectionOptions, 'authentication' | 'useSSL' | 'port' | 'allowBasicOverHttp'>;

type Nothing = Record<string, never>;

/**
 * Renderer → main. A command says whether it was accepted, and rejects with an ErrorInfo.
 * What came of it arrives as an event, so the store has a single way in.
 */
export interface Commands {
  /** Begin sending events to this window, first of all everything known. */
  'fleet.watch': (request: Nothing) => void;
  /** Ask these computers, or all, again. One already being asked is left to finish. */
  'fleet.refresh': (request: { computerIds?: ComputerId[] | undefined }) => void;
  /** Stop every question under way; its computers become `failed` with kind `cancelled`. */
  'fleet.cancel': (request: Nothing) => void;
  /** Add the computers that the text names (`srv1, srv2 10.0.0.5; https://x:5986/wsman`). */
  'computer.add': (request: { text: string; options: AddOptions; username?: string | undefined }) => void;
  'computer.edit': (request: {
    computerId: ComputerId;
    options: AddOptions;
    username?: string | undefined;
  }) => void;
  /** Forget these computers; sessions held on them are left first. */
  'computer.remove': (request: { computerIds: ComputerId[] }) => void;
  /** Trust this one certificate (SHA-256, lower-case hex), which that computer showed last, and ask it again. */
  'certificate.pin': (request: { computerId: ComputerId; sha256: string }) => void;
  /** Ask for a password in a window of its own, then sign in to these computers. */
  'password.ask': (request: { computerIds: ComputerId[] }) => void;
  /** Ask what runs in a session, unless that is known; it arrives with the computer's status. */
  'session.commands': (request: SessionKey) => void;
  /** Take over a disconnected session. Rejects with `denied` if another client was faster. */
  'session.connect': (request: SessionKey) => void;
  /** Leave sessions that are held here; what runs in them goes on. */
  'session.disconnect': (request: { sessions: SessionKey[] }) => void;
  /** End sessions and what runs in them. `force` does not ask whether another client holds them. */
  'session.remove': (request: { sessions: SessionKey[]; force: boolean }) => void;
  /** Close what is shown of a session that is not held any more. */
  'output.close': (request: SessionKey) => void;
  /** Copy all that is kept of what a session said. */
  'output.copy': (request: SessionKey) => void;
  'sample.open': (request: Nothing) => void;
  'sample.close': (request: Nothing) => void;
  'clipboard.copy': (request: { text: string }) => void;
}

/** Main → renderer. */
export interface Events {
  /** The computers looked after; with another fleet than before, all else known is void. */
  'profile.changed': Profile;
  /** Computers whose status changed, gathered over at most 50 ms. */
  'fleet.changed': readonly Change[];
  'sweep.changed': Sweep;
  /** Every session that was connected here and is still shown. */
  'consoles.changed': readonly Console[];
  /** Lines to append, gathered over at most 50 ms. */
  'session.output': readonly OutputBatch[];
  notice: Notice;
}

export type Command = keyof Commands;
export type EventName = keyof Events;

/** The names at run time, for the preload's door. A Record, so that none can be missing. */
export const COMMANDS: Record<Command, true> = {
  'fleet.watch': true,
  'fleet.refresh': true,
  'fleet.cancel': true,
  'computer.add': true,
  'computer.edit': true,
  'computer.remove': true,
  'certificate.pin': true,
  'password.ask': true,
  'session.commands': true,
  'session.connect': true,
  'session.disconnect': true,
  'session.remove': true,
  'output.close': true,
  'output.copy': true,
  'sample.open': true,
  'sample.close': true,
  'clipboard.copy': true,
};

export const EVENTS: Record<EventName, true> = {
  'profile.changed': true,
  'fleet.changed': true,
  'sweep.changed': true,
  'consoles.changed': true,
  'session.output': true,
  notice: true,
};

export type Request<C extends Command> = Parameters<Commands[C]>[0];
export type Response<C extends Command> = ReturnType<Commands[C]>;

/** Electron carries only an error's message across invoke, so failures travel as values. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorInfo };

/** One name for a row, in maps and as a React key. */
export const keyOf = ({ computerId, instanceId }: SessionKey): string => `${computerId}/${instanceId}`;
