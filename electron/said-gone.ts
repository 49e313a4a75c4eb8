import type { ComputerId } from '../shared/computer.ts';
import type { PSSession } from '../shared/session.ts';

/** A session that its computer said was gone, and the turn (see KnownSessions.asking) since which that is known. */
interface Gone {
  readonly instanceId: string;
  readonly since: number;
}

/** Computers that list what they said was gone: asked anew each time in a round, they would be asked for ever. */
export class SaidGone {
  readonly #gone = new Map<ComputerId, Gone>();
  readonly #contradicting = new Set<ComputerId>();

  add(id: ComputerId, gone: Gone): void {
    this.#gone.set(id, gone);
  }

  /** @param turn when it was asked: what it listed before it said so contradicts nothing */
  listed(id: ComputerId, sessions: readonly PSSession[], turn: number): void {
    const gone = this.#gone.get(id);
    if (gone === undefined || turn < gone.since) return;
    if (sessions.some(({ instanceId }) => instanceId === gone.instanceId)) this.#contradicting.add(id);
    this.#gone.delete(id);
  }

  isContradicting(id: ComputerId): boolean {
    return this.#contradicting.has(id);
  }

  /** In a new round it may be otherwise. */
  believe(ids: readonly ComputerId[]): void {
    for (const id of ids) this.#contradicting.delete(id);
  }

  forget(id: ComputerId): void {
    this.#gone.delete(id);
    this.#contradicting.delete(id);
  }
}
