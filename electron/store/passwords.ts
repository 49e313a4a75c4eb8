import type { ComputerId } from '../../shared/computer.ts';
import type { ResolvedComputer } from '../../shared/inheritance.ts';
import type { Credential } from '../winrm/index.ts';
import { covers, destinationOf } from './destination.ts';
import type { Destination } from './destination.ts';

interface Kept {
  readonly credential: Credential;
  /** Where it was given for. */
  readonly destination: Destination;
}

/** Passwords that were asked for: in this process's memory, per computer, account and destination, nowhere else. */
export class Passwords {
  readonly #kept = new Map<ComputerId, Kept>();

  set(computer: ResolvedComputer, credential: Credential): void {
    this.#kept.set(computer.id, { credential, destination: destinationOf(computer) });
  }

  /** The very one that was set. Undefined too when the account is another one by now, or the password would go elsewhere or less safely. */
  get(computer: ResolvedComputer): Credential | undefined {
    const kept = this.#kept.get(computer.id);
    if (!kept || kept.credential.username !== computer.username) return undefined;
    if (!covers(kept.destination, destinationOf(computer))) return undefined;
    return kept.credential;
  }

  forget(computerId: ComputerId): void {
    this.#kept.delete(computerId);
  }

  clear(): void {
    this.#kept.clear();
  }
}
