import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { Remote } from './held-sessions.ts';
import type { Gate } from './login-guard.ts';
import type { Timer } from './timer.ts';

/** After so long without a question its sockets are given back: thousands of computers must not keep theirs for ever. */
export const IDLE_LIMIT_MS = 5 * 60_000;
const LOOK_EVERY_MS = 60_000;
/** A signed-in connection takes some 15 KB, and one of the files that a process may have open: 4,096 where least are allowed. */
export const MAX_KEPT = 3_000;

/** A client of one computer, kept from one question to the next: signing in is what costs. */
export interface Client {
  readonly computer: ResolvedComputer;
  readonly remote: Remote;
  /** What the options switch off, said at every use. */
  readonly warnings: ReadonlySet<string>;
  /** Before its logins; absent where there are none. */
  readonly gate: Gate | undefined;
}

export interface KeptClientsDeps {
  /** Undefined as long as no password was given. */
  readonly open: (
    computer: ResolvedComputer,
    onWarning: (sentence: string) => void,
  ) => { readonly remote: Remote; readonly gate: Gate | undefined } | undefined;
  readonly timer: Timer;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Kept {
  readonly client: Client;
  uses: number;
  /** Epoch milliseconds of the end of the last question. */
  usedAt: number;
}

/** The fleet's clients, one a computer. */
export class KeptClients {
  readonly #deps: KeptClientsDeps;
  readonly #kept = new Map<ComputerId, Kept>();
  #looks = false;

  constructor(deps: KeptClientsDeps) {
    this.#deps = deps;
  }

  /** The client of this computer, opened if need be. */
  of(computer: ResolvedComputer): Client | undefined {
    const known = this.#kept.get(computer.id);
    if (known) return known.client;
    const warnings = new Set<string>();
    const opened = this.#deps.open(computer, (sentence) => warnings.add(sentence));
    if (!opened) return undefined;
    const client: Client = { computer, warnings, ...opened };
    this.#kept.set(computer.id, { client, uses: 0, usedAt: this.#deps.now() });
    this.#look();
    return client;
  }

  isCurrent(client: Client): boolean {
    return this.#kept.get(client.computer.id)?.client === client;
  }

  /** As long as something is asked by it, it is not idle. */
  async use<T>(client: Client, ask: (remote: Remote) => Promise<T>): Promise<T> {
    const release = this.keep(client);
    try {
      return await ask(client.remote);
    } finally {
      release();
    }
  }

  /** A question waits for its turn: as long as it does, its client is not idle. @returns gives it back */
  keep(client: Client): () => void {
    const kept = this.#kept.get(client.computer.id);
    if (kept?.client !== client) return () => undefined;
    kept.uses++;
    return () => {
      kept.uses--;
      kept.usedAt = this.#deps.now();
    };
  }

  /** It was asked for its list, which can wait to be asked for again: of very many computers not all are kept. */
  spare(client: Client): void {
    const { id } = client.computer;
    if (this.#kept.size > MAX_KEPT && this.isCurrent(client) && this.#kept.get(id)?.uses === 0) this.drop(id);
  }

  drop(id: ComputerId): void {
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    kept?.client.remote.close();
  }

  dropAll(): void {
    for (const id of [...this.#kept.keys()]) this.drop(id);
  }

  #look(): void {
    if (this.#looks || this.#kept.size === 0) return;
    this.#looks = true;
    this.#deps.timer(LOOK_EVERY_MS, () => {
      this.#looks = false;
      const limit = this.#deps.now() - IDLE_LIMIT_MS;
      for (const [id, { uses, usedAt }] of [...this.#kept]) if (uses === 0 && usedAt <= limit) this.drop(id);
      this.#look();
    });
  }
}
