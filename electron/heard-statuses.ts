import type { ComputerId } from '../shared/computer.ts';
import type { Answer, Change, ComputerStatus } from '../shared/contract.ts';
import type { ErrorInfo } from '../shared/error.ts';
import type { PSSession } from '../shared/session.ts';

interface HeardStatusesDeps {
  /** See HeldSessions. */
  readonly overlay: (id: ComputerId, answer: Answer) => readonly PSSession[];
}

/** The statuses of computers as the window hears them: with what it needs of the statuses before them. */
export class HeardStatuses {
  readonly #deps: HeardStatusesDeps;
  /** That have another endpoint by now, since when, and have not answered there. */
  readonly #unheard = new Map<ComputerId, number>();
  /** Why each computer's password was given up. */
  readonly #refusals = new Map<ComputerId, ErrorInfo>();

  constructor(deps: HeardStatusesDeps) {
    this.#deps = deps;
  }

  /** @param at epoch milliseconds */
  moved(id: ComputerId, at: number): void {
    this.#unheard.set(id, at);
  }

  /** Or is to be, by another account. */
  signedIn(id: ComputerId): void {
    this.#refusals.delete(id);
  }

  forget(id: ComputerId): void {
    this.#unheard.delete(id);
    this.#refusals.delete(id);
  }

  /** To the other side, a status without an answer would leave the one before as it is. */
  readonly of = (change: Change): Change => {
    const id = change[0];
    const status = this.#withRefusal(id, change[1]);
    const at = this.#unheard.get(id);
    if (at === undefined || status.last) {
      this.#unheard.delete(id);
      return status === change[1] ? change : [id, status];
    }
    const sessions = this.#deps.overlay(id, { at, sessions: [] });
    return [id, { ...status, last: { at, sessions, unheard: true } }];
  };

  /** A password that was refused is forgotten; why it is wanted anew is not. */
  #withRefusal(id: ComputerId, status: ComputerStatus): ComputerStatus {
    if (status.kind === 'waiting') {
      const refused = this.#refusals.get(id);
      return refused ? { ...status, refused } : status;
    }
    if (status.kind === 'failed' && status.error.kind === 'unauthenticated')
      this.#refusals.set(id, status.error);
    else if (status.kind !== 'querying') this.#refusals.delete(id);
    return status;
  }
}
