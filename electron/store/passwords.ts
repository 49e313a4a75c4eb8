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

  /** After a refusal: a wrong password must not be tried a second time. */
  forget(computerId: ComputerId): void {
    this.#kept.delete(computerId);
  }

  clear(): void {
    this.#kept.clear();
  }
}
