import type { Change, Console, OutputBatch, Sweep } from '../shared/contract.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { AuditEntry } from './audit.ts';
import type { Later } from './coalesce.ts';
import type { Remote } from './held-sessions.ts';
import type { Timer } from './timer.ts';
import type { AnyCredential, BeforeLogin } from './winrm/index.ts';

/** What keeps logins with this credential back; to be handed to openComputer. */
type GateOf = (credential: AnyCredential) => BeforeLogin;

export interface FleetDeps {
  /** A new client of this computer, or undefined as long as no password was given. */
  readonly open: (
    computer: ResolvedComputer,
    onWarning: (sentence: string) => void,
    gateOf: GateOf,
  ) => Remote | undefined;
  /** The computer took the password: in a login, not in an answer over a connection that was signed in before. */
  readonly taken: (computer: ResolvedComputer) => void;
  /** The computer refused the password: it must not be sent there again by itself. */
  readonly refused: (computer: ResolvedComputer) => void;
  /** The computer was not asked: others had refused its password twice, and none took it. */
  readonly stopped: (computer: ResolvedComputer) => void;
  /** Is told every act on a session after it was tried. */
  readonly audit: (entry: AuditEntry) => void;
  readonly emit: FleetEvents;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds over which changes are gathered, or a timer. */
  readonly gather: number | Later;
  readonly timer: Timer;
}

export interface FleetEvents {
  readonly changed: (changes: readonly Change[]) => void;
  readonly sweep: (sweep: Sweep) => void;
  readonly consoles: (consoles: readonly Console[]) => void;
  readonly output: (batches: readonly OutputBatch[]) => void;
}
