import type { ComputerId } from '../../shared/computer.ts';
import type { ResolvedComputer } from '../../shared/inheritance.ts';
import type { Credential } from '../winrm/index.ts';
import { covers, destinationOf } from './destination.ts';
import type { Destination } from './destination.ts';
import { isSameAccount } from './refusals.ts';
import type { Account, Refusals } from './refusals.ts';

interface Kept extends Account {
  /** Where it was given for. */
  readonly destination: Destination;
}

/** Passwords that were asked for: in this process's memory, per computer, account and destination, nowhere else. */
export class Passwords {
  readonly #kept = new Map<ComputerId, Kept>();
  readonly #refusals: Refusals;

  constructor(refusals: Refusals) {
    this.#refusals = refusals;
  }

  set(computer: ResolvedComputer, username: string, password: string): void {
    const kept = { username, password, destination: destinationOf(computer) };
    this.#kept.set(computer.id, kept);
    this.#refusals.fresh(kept);
  }

  /** Undefined too when the account is another one by now, or the password would go elsewhere or less safely. */
  get(computer: ResolvedComputer): Credential | undefined {
    const kept = this.#kept.get(computer.id);
    if (!kept || kept.username !== computer.username) return undefined;
    if (!covers(kept.destination, destinationOf(computer))) return undefined;
    return { username: kept.username, password: kept.password };
  }

  forget(computerId: ComputerId): void {
    this.#kept.delete(computerId);
  }

  taken(computerId: ComputerId): void {
    const kept = this.#kept.get(computerId);
    if (kept) this.#refusals.taken(kept);
  }

  /**
   * It is not sent to this computer again; nor to any other, if nobody ever took it, or if two refused it since.
   *
   * @returns the computers that it is forgotten for
   */
  refused(computerId: ComputerId): ComputerId[] {
    const wrong = this.#kept.get(computerId);
    if (!wrong) return [];
    this.#kept.delete(computerId);
    if (!this.#refusals.refused(wrong)) return [computerId];
    const same = [...this.#kept].filter(([, kept]) => isSameAccount(kept, wrong)).map(([id]) => id);
    for (const id of same) this.#kept.delete(id);
    return [computerId, ...same];
  }

  clear(): void {
    this.#kept.clear();
  }
}
