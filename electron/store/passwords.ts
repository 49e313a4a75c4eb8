import type { ComputerId } from '../../shared/computer.ts';
import type { ResolvedComputer } from '../../shared/inheritance.ts';
import type { Credential } from '../winrm/index.ts';

interface Kept {
  readonly username: string;
  readonly password: string;
}

/** Of a password that was taken before one refusal may be that computer's own trouble; two are the account's. */
const MAX_REFUSALS = 2;

const pairOf = ({ username, password }: Kept) => `${username}\n${password}`;

/** Passwords for as long as the app runs: in this process's memory, per computer and account, nowhere else. */
export class Passwords {
  readonly #kept = new Map<ComputerId, Kept>();
  /** Refusals by account and password since it was last taken; absent for one that never was. */
  readonly #refusals = new Map<string, number>();

  set(computerId: ComputerId, username: string, password: string): void {
    this.#kept.set(computerId, { username, password });
    this.#refusals.delete(pairOf({ username, password }));
  }

  /** Undefined too when the computer's account is another one by now. */
  get({ id, username }: ResolvedComputer): Credential | undefined {
    const kept = this.#kept.get(id);
    return kept && kept.username === username
      ? { username: kept.username, password: kept.password }
      : undefined;
  }

  forget(computerId: ComputerId): void {
    this.#kept.delete(computerId);
  }

  /** A computer took it, so that another's refusal is that one's own matter. */
  taken(computerId: ComputerId): void {
    const kept = this.#kept.get(computerId);
    if (kept) this.#refusals.set(pairOf(kept), 0);
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
    const pair = pairOf(wrong);
    const refusals = (this.#refusals.get(pair) ?? MAX_REFUSALS) + 1;
    this.#refusals.set(pair, refusals);
    if (refusals < MAX_REFUSALS) return [computerId];
    this.#refusals.delete(pair);
    const same = [...this.#kept].filter(([, kept]) => pairOf(kept) === pair).map(([id]) => id);
    for (const id of same) this.#kept.delete(id);
    return [computerId, ...same];
  }

  clear(): void {
    this.#kept.clear();
    this.#refusals.clear();
  }
}
