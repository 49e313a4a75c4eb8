import type { Keyring } from '../store/keyring-vault.ts';
import type { Timer } from '../timer.ts';
import type { Channel } from '../winrm/index.ts';
import type { RunPlace } from './run-mark.ts';
import type { Target } from './target.ts';

/** Whose words are written: a session's, known by itself alone. */
export type Speaker = object;

/** Where text goes. */
export interface Output {
  /** @param speaker whose words these are, where what is lost of them is told apart */
  write(text: string, speaker?: Speaker): void;
  /** Settles once the reader has taken what waits; undefined while there is room for more. */
  drained(): Promise<void> | undefined;
  /** Settles once all was written that will be. */
  written(): Promise<void>;
  /** Takes back what waits for its reader. */
  giveUp(): void;
  /** How many lines of that speaker's, or of nobody's, could not be written. */
  unwritten(speaker?: Speaker): number;
  readonly isTTY: boolean;
}

/** All that a command needs of its surroundings; a test hands in its own. */
export interface CommandIO {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborts with the first Ctrl+C or SIGTERM, or when nobody reads any more. */
  readonly signal: AbortSignal;
  /** Aborts with whoever insists: the process ends with that turn. */
  readonly insisted: AbortSignal;
  /** Asks without echo; undefined where there is no terminal to ask at. */
  readonly askPassword?: (prompt: string) => Promise<string>;
  /** The first line of stdin, for --password-stdin, without a byte order mark. */
  readonly readPasswordLine: () => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long is waited once the run is stopped; the system's unless given. */
  readonly timer?: Timer;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeFolder: string;
  readonly processId: number;
  /** Whether there is a process of that number: of an earlier run, though it may be another's by now. */
  readonly isRunning: (processId: number) => boolean;
  /** When the process of that number started, which tells it from a later one; undefined where the system does not say. */
  readonly startOf: (processId: number) => string | undefined;
  /** Where these numbers count. */
  readonly place: RunPlace;
  /** Its end stops a simulation. */
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** What reads the system's vault; undefined where it is not installed. */
  readonly loadKeyring?: () => Keyring;
  /** Instead of the network: a computer without a socket. */
  readonly channelTo?: (target: Target) => (() => Channel) | undefined;
}
