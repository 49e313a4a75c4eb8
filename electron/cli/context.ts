import type { AuditEntry } from '../audit.ts';
import type { RemoteComputer } from '../winrm/index.ts';
import type { ClientStore } from '../store/clients.ts';
import type { HeldSessions } from './held-sessions.ts';
import type { CommandIO } from './io.ts';
import type { Reporter } from './report.ts';
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
  readonly held: HeldSessions;
  /** @param sessionId continues the client of an earlier run */
  readonly open: (target: Target, sessionId?: string) => RemoteComputer;
  /** The account that it is asked with; empty where there is none. */
  readonly userNameOf: (target: Target) => string;
  readonly audit: (entry: AuditEntry) => void;
}
