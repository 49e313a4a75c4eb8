import type { PSSession } from '../../shared/session.ts';
import type { RemoteComputer } from '../winrm/index.ts';
import type { Context } from './context.ts';
import { clientAt, holderOf, runInside } from './earlier-clients.ts';
import type { EarlierClients, OtherRun } from './earlier-clients.ts';
import type { RunInside } from './runs-inside.ts';
import type { Target } from './target.ts';

/**
 * As whom one computer is asked and acted on. It is asked by the client that belongs to its endpoint; a session that an
 * earlier run took up by another of the computer's names is acted on as the client that it was taken up by.
 */
export class ActingClients {
  /** Asks. */
  readonly asking: RemoteComputer;
  readonly earlier: EarlierClients;
  readonly #runs: readonly RunInside[];
  readonly #context: Context;
  readonly #target: Target;
  readonly #userName: string;
  readonly #opened = new Map<string, RemoteComputer>();

  constructor(
    context: Context,
    target: Target,
    { earlier, runs }: { readonly earlier: EarlierClients; readonly runs: readonly RunInside[] },
  ) {
    this.#context = context;
    this.#target = target;
    this.earlier = earlier;
    this.#runs = runs;
    this.#userName = context.userNameOf(target);
    this.asking = context.open(target, clientAt(earlier, target, this.#userName)?.sessionId);
    this.#opened.set(this.asking.sessionId, this.asking);
  }

  /** The client to act on this session as. */
  of(session: PSSession): RemoteComputer {
    const sessionId = holderOf(this.earlier, session, this.#userName)?.sessionId;
    if (sessionId === undefined) return this.asking;
    const opened = this.#opened.get(sessionId) ?? this.#context.open(this.#target, sessionId);
    this.#opened.set(sessionId, opened);
    return opened;
  }

  /** Whether an earlier run is connected to it, or was and left it. */
  isOurs(session: PSSession): boolean {
    return holderOf(this.earlier, session, this.#userName) !== undefined;
  }

  /** Whether it is in use by an earlier run that is over, so that it may be left for what is wanted now. */
  mayLeave(session: PSSession): boolean {
    return session.availability === 'Busy' && this.isOurs(session) && this.runInside(session) === undefined;
  }

  /** Another run that was in it when it was listed, and may still run. */
  runInside(session: PSSession): OtherRun | undefined {
    return runInside({ earlier: this.earlier, runs: this.#runs }, session, this.#userName, this.#context.io);
  }

  /** Gives the connections back, but for those that are needed to leave what is held. */
  close(): void {
    for (const opened of this.#opened.values()) this.#context.held.closeUnlessHolding(opened);
  }
}
