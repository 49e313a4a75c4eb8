import type { Diagnosis } from '../../shared/diagnosis.ts';
import type { AuditEntry } from '../audit.ts';
import type { Gate } from '../login-guard.ts';
import type { RemoteComputer, Unremoved } from '../winrm/index.ts';
import type { ClientStore } from '../store/clients.ts';
import type { AskAllOptions } from './ask-all.ts';
import type { CommandIO } from './io.ts';
import type { LeaveAtEnd } from './leave-at-end.ts';
import type { Reporter } from './report.ts';
import type { RunsInside } from './runs-inside.ts';
import type { Request } from './request.ts';
import type { Target } from './target.ts';

/** What a cmdlet works with. */
export interface Context {
  /** As it is written in full. */
  readonly cmdletName: string;
  readonly request: Request;
  readonly targets: readonly Target[];
  readonly io: CommandIO;
  readonly report: Reporter;
  readonly store: ClientStore;
  /** Which runs are in which session just now. */
  readonly runs: RunsInside;
  readonly held: LeaveAtEnd;
  /** InstanceIds of those that may have been taken up by a request that failed, and could not be left. */
  readonly notLeft: Set<string>;
  /** By InstanceId, those that were to be made and failed, and are there all the same, or may be. */
  readonly perhapsMade: Map<string, Unremoved>;
  /** Names of those that the run was stopped at while the computer was asked to remove them. */
  readonly perhapsRemoved: Set<string>;
  /** @param sessionId continues the client of an earlier run */
  readonly open: (target: Target, sessionId?: string) => RemoteComputer;
  /** Tries what lies between here and its sessions, with one login at most. */
  readonly diagnose: (target: Target) => Promise<Diagnosis>;
  /** What stands before its logins; undefined where there are none. */
  readonly gateOf: (target: Target) => Gate | undefined;
  /** The account that it is asked with; empty where there is none. */
  readonly userNameOf: (target: Target) => string;
  readonly audit: (entry: AuditEntry) => void;
}

/** How the run asks its computers. */
export const askOptions = ({ request, io, gateOf }: Context): AskAllOptions<Target> => ({
  limit: request.throttleLimit,
  signal: io.signal,
  gateOf,
});
