import { keyOf } from '../shared/contract.ts';
import type { Notice, SessionKey } from '../shared/contract.ts';
import type { ComputerId } from '../shared/computer.ts';
import type { ComputerStatus } from '../shared/contract.ts';
import { plainText } from '../shared/plain-text.ts';
import type { PSSession } from '../shared/session.ts';
import { atMost } from './timer.ts';
import type { Timer } from './timer.ts';
import { SILENT_MS } from './turns.ts';
import { toErrorInfo } from './winrm/index.ts';

/** How often a session that is in use is looked at. */
export const WHEN_FREE_EVERY_MS = 15_000;

export interface WhenFreeDeps {
  /** Asks that one computer; settles when it has answered or failed. */
  readonly refresh: (id: ComputerId) => Promise<void>;
  /** While another fleet is looked at nobody of this one is asked, nor connected. */
  readonly isResting: () => boolean;
  readonly status: (id: ComputerId) => ComputerStatus | undefined;
  readonly session: (key: SessionKey) => PSSession | undefined;
  /** Whether this app is connected to it already. */
  readonly isHeld: (key: SessionKey) => boolean;
  readonly connect: (key: SessionKey) => Promise<void>;
  /** The sessions that are waited for. */
  readonly emit: (keys: readonly SessionKey[]) => void;
  readonly notice: (notice: Notice) => void;
  readonly timer: Timer;
}

/**
 * Waits for sessions that others are in, and connects as soon as nobody is. A computer that does not answer is asked on;
 * who is gone, or refuses, is told of.
 */
export class WhenFree {
  readonly #deps: WhenFreeDeps;
  readonly #waiting = new Map<string, { readonly key: SessionKey; readonly name: string }>();
  #cancel: (() => void) | undefined;
  #looking = false;
  readonly #asking = new Set<ComputerId>();

  constructor(deps: WhenFreeDeps) {
    this.#deps = deps;
  }

  waiting(): SessionKey[] {
    return [...this.#waiting.values()].map(({ key }) => key);
  }

  add({ computerId, instanceId }: SessionKey): void {
    const key = { computerId, instanceId };
    const session = this.#deps.session(key);
    if (this.#deps.isHeld(key) || this.#waiting.has(keyOf(key))) return;
    const name = session ? plainText(`${session.name} on ${session.computerName}`) : 'This session';
    this.#waiting.set(keyOf(key), { key, name });
    this.#deps.emit(this.waiting());
    this.#wait();
  }

  remove(key: SessionKey): void {
    if (!this.#waiting.delete(keyOf(key))) return;
    this.#deps.emit(this.waiting());
    if (this.#waiting.size === 0) this.#stopTimer();
  }

  /** From now on these computers are looked after: on others nothing is waited for. */
  follow(computers: ReadonlyMap<ComputerId, unknown>): void {
    for (const key of this.waiting()) if (!computers.has(key.computerId)) this.remove(key);
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#waiting.clear();
    this.#deps.emit([]);
    this.#stopTimer();
  }

  #stopTimer(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(): void {
    if (this.#cancel || this.#looking || this.#waiting.size === 0) return;
    this.#cancel = this.#deps.timer(WHEN_FREE_EVERY_MS, () => {
      this.#cancel = undefined;
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const ids = new Set(this.waiting().map(({ computerId }) => computerId));
    await Promise.all([...ids].filter((id) => !this.#asking.has(id)).map((id) => this.#inTime(id)));
    this.#looking = false;
    this.#wait();
  }

  /** Whoever says nothing for long is waited for by itself, and holds up no other. */
  #inTime(id: ComputerId): Promise<void> {
    this.#asking.add(id);
    const looked = this.#lookAt(id).finally(() => this.#asking.delete(id));
    return atMost(SILENT_MS, looked, this.#deps.timer);
  }

  async #lookAt(id: ComputerId): Promise<void> {
    const { isResting, refresh } = this.#deps;
    if (isResting()) return;
    await refresh(id);
    const status = this.#deps.status(id);
    // One after the other, for they share a computer; some may not be waited for any more by then.
    for (const one of [...this.#waiting.values()].filter(({ key }) => key.computerId === id)) {
      // What was known before the rest, or is heard in its course, is judged by nobody.
      if (isResting()) return;
      if (this.#waiting.has(keyOf(one.key))) await this.#judge(one, status);
    }
  }

  async #judge({ key, name }: { key: SessionKey; name: string }, status: ComputerStatus | undefined) {
    if (this.#deps.isHeld(key)) return this.remove(key);
    if (!status || status.kind === 'waiting') {
      return this.#giveUp(key, `${name} is not waited for any more: its computer was not signed in to.`);
    }
    if (status.kind === 'failed') {
      const { error } = status;
      const isFinal = error.kind === 'unauthenticated' || error.kind === 'denied' || error.kind === 'invalid';
      if (isFinal) this.#giveUp(key, `${name} is not waited for any more: ${error.message}`, error);
      return;
    }
    const session = this.#deps.session(key);
    if (!session) return this.#giveUp(key, `${name} is gone: it was removed, or it ended.`);
    if (session.availability === 'None') await this.#connect(key, name);
  }

  async #connect(key: SessionKey, name: string): Promise<void> {
    try {
      await this.#deps.connect(key);
      this.remove(key);
      this.#deps.notice({ level: 'info', message: `${name} was left and is connected now.` });
    } catch (error) {
      // Somebody else was faster, and it is waited for on.
      if (this.#deps.session(key)?.availability === 'Busy') return;
      const info = toErrorInfo(error);
      this.#giveUp(key, `${name} was left but could not be connected: ${info.message}`, info);
    }
  }

  #giveUp(key: SessionKey, message: string, error?: Notice['error']): void {
    this.remove(key);
    this.#deps.notice({ level: 'error', message, ...(error && { error }) });
  }
}
