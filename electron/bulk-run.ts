import { isActRunning } from '../shared/act-words.ts';
import type { ActKind, BulkAct, FailedAct } from '../shared/bulk-act.ts';
import { idsOf, keyOf } from '../shared/contract.ts';
import type { Asked } from './asked-act.ts';
import { toErrorInfo } from './winrm/index.ts';

/** One of several. */
export interface Pending extends Asked {
  /** Resolves when it has ended, in whatever way, or is not begun any more. */
  readonly over: Promise<void>;
  readonly end: () => void;
}

export function pending(asked: Asked): Pending {
  let end = () => {};
  const over = new Promise<void>((resolve) => (end = resolve));
  return { ...asked, over, end };
}

/** How one of several ended. `handedOn`: it counts where force took its place. */
export type End = 'done' | 'gone' | 'handedOn' | { readonly error: unknown };

interface BulkRunDeps {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** It has come further. */
  readonly changed: (act: BulkAct) => void;
  /** Nothing of it goes on any more. */
  readonly ended: (act: BulkAct) => void;
}

/** Acts of one kind that are told as one: how far they are, and what came of them. */
export class BulkRun {
  readonly #deps: BulkRunDeps;
  /** By session: twice asked for, it is acted on once. */
  readonly #pending = new Map<string, Pending>();
  readonly #failures: FailedAct[] = [];
  #shown: BulkAct;

  constructor(kind: ActKind, deps: BulkRunDeps) {
    this.#deps = deps;
    const counts = { asked: 0, begun: 0, done: 0, failed: 0, gone: 0 };
    this.#shown = { id: deps.id, kind, ...counts, since: deps.now() };
  }

  get shown(): BulkAct {
    return this.#shown;
  }

  get isRunning(): boolean {
    return isActRunning(this.#shown);
  }

  /** Which has not ended, by keyOf its session. */
  of(id: string): Pending | undefined {
    return this.#pending.get(id);
  }

  /** Whose turn is still to come. */
  get waiting(): readonly (readonly [id: string, Pending])[] {
    return [...this.#pending].filter(([, { hasBegun }]) => !hasBegun);
  }

  add(all: ReadonlyMap<string, Pending>): void {
    for (const [id, one] of all) this.#pending.set(id, one);
    this.#set({ asked: this.#shown.asked + all.size });
  }

  /** Its turn has come. @returns undefined where it was stopped meanwhile */
  begin(id: string): Pending | undefined {
    const one = this.#pending.get(id);
    if (!one) return undefined;
    one.hasBegun = true;
    this.#set({ begun: this.#shown.begun + 1 });
    return one;
  }

  end({ act, named }: Pending, how: End): void {
    const { asked, begun, done, gone } = this.#shown;
    this.letGo(keyOf(act.key));
    if (how === 'handedOn') return this.#set({ asked: asked - 1, begun: begun - 1 });
    if (how === 'gone') return this.#set({ done: done + 1, gone: gone + 1 });
    if (how === 'done') return this.#set({ done: done + 1 });
    this.#failures.push({ ...idsOf(act.key), ...named, error: toErrorInfo(how.error) });
    this.#set({ done: done + 1, failed: this.#failures.length });
  }

  /** Who waits for it waits no longer, and no turn of it begins. */
  letGo(id: string): void {
    this.#pending.get(id)?.end();
    this.#pending.delete(id);
  }

  /** Begins no more of it. @returns what is not begun */
  stop(): readonly Asked[] {
    if (this.#shown.isStopped) return [];
    const waiting = this.waiting;
    for (const [id] of waiting) this.letGo(id);
    this.#set({ isStopped: true });
    return waiting.map(([, one]) => one);
  }

  #set(change: Partial<BulkAct>): void {
    const shown = { ...this.#shown, ...change };
    const isOver = this.#pending.size === 0 && shown.done === shown.begun;
    this.#shown = isOver ? { ...shown, endedAt: this.#deps.now(), failures: this.#failures } : shown;
    this.#deps.changed(this.#shown);
    if (isOver) this.#deps.ended(this.#shown);
  }
}
