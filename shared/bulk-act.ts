import type { SessionKey } from './contract.ts';
import type { ErrorInfo } from './error.ts';

/** A session that is to be removed. */
export interface RemovedSession extends SessionKey {
  /** Somebody else was in it, as it was shown when that was decided. */
  readonly inUse: boolean;
  /** It is not asked whether another client holds it. */
  readonly force: boolean;
}

export type ActKind = 'connect' | 'disconnect' | 'remove';

/** A session on which one of many acts failed. */
export interface FailedAct extends SessionKey {
  readonly name: string;
  readonly computerName: string;
  readonly error: ErrorInfo;
}

/**
 * How far an act on many sessions has come; those of its kind that are asked for while it runs join it. Times are epoch
 * milliseconds.
 */
export interface BulkAct {
  readonly id: number;
  readonly kind: ActKind;
  /** Less what force took over, which is counted where that was asked for. */
  readonly asked: number;
  /** Those whose turn came; once it has ended, the others are not begun any more. */
  readonly begun: number;
  /** Of those that were begun: how many have ended, in whatever way. */
  readonly done: number;
  readonly failed: number;
  /** Of those that have ended: how many somebody else had removed before. */
  readonly gone: number;
  /** None is begun any more. */
  readonly isStopped?: true;
  readonly since: number;
  readonly endedAt?: number;
  /** Told when it has ended. */
  readonly failures?: readonly FailedAct[];
}
