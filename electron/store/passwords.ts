import type { Computer, ComputerId } from '../../shared/computer.ts';
import type { Credential } from '../winrm/index.ts';

interface Kept {
  readonly username: string;
  readonly password: string;
}

/** Passwords for as long as the app runs: in this process's memory, per computer and account, nowhere else. */
export class Passwords {
  readonly #kept = new Map<ComputerId, Kept>();

  set(computerId: ComputerId, username: string, password: string): void {
    this.#kept.set(computerId, { username, password });
  }

  /** Undefined too when the computer's account is another one by now. */
  get({ id, username }: Computer): Credential | undefined {
    const kept = this.#kept.get(id);
    return kept && kept.username === username
      ? { username: kept.username, password: kept.password }
      : undefined;
  }

  forget(computerId: ComputerId): void {
    this.#kept.delete(computerId);
  }

  /** A wrong password must not be tried a second time, anywhere. @returns the computers that it was given for */
  refused(computerId: ComputerId): ComputerId[] {
    const wrong = this.#kept.get(computerId);
    if (!wrong) return [];
    const same = [...this.#kept]
      .filter(([, { username, password }]) => username === wrong.username && password === wrong.password)
      .map(([id]) => id);
    for (const id of same) this.#kept.delete(id);
    return same;
  }

  clear(): void {
    this.#kept.clear();
  }
}
