import type { ActKind, BulkAct } from '../shared/bulk-act.ts';
import type { SessionKey } from '../shared/contract.ts';
import type { Named } from './session-acts.ts';
import type { Timer } from './timer.ts';
import { toErrorInfo } from './winrm/index.ts';

/** An act on one session alone is over before, as a rule; of one that is not, a person wants to see that it goes on. */
export const SLOW_MS = 1_000;

interface SlowActsDeps {
  readonly emit: (act: BulkAct) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => number;
  readonly timer: Timer;
}

/** Acts on one session alone that take long: told as those on many are. What failed its asker is told all the same. */
export class SlowActs {
  readonly #deps: SlowActsDeps;
  readonly #shown = new Map<number, BulkAct>();

  constructor(deps: SlowActsDeps) {
    this.#deps = deps;
  }

  /** Those under way. */
  get all(): readonly BulkAct[] {
    return [...this.#shown.values()];
  }

  /** @param over settles when it has ended */
  watch(kind: ActKind, { computerId, instanceId }: SessionKey, named: Named, over: Promise<void>): void {
    const { emit, now, newId, timer } = this.#deps;
    const since = now();
    let id: number | undefined;
    const cancel = timer(SLOW_MS, () => {
      id = newId();
      const shown = { id, kind, asked: 1, begun: 1, done: 0, failed: 0, gone: 0, since };
      this.#shown.set(id, shown);
      emit(shown);
    });
    const end = (failures: BulkAct['failures'] & object) => {
      cancel();
      const shown = id === undefined ? undefined : this.#shown.get(id);
      if (!shown) return;
      this.#shown.delete(shown.id);
      emit({ ...shown, done: 1, failed: failures.length, endedAt: now(), failures });
    };
    over.then(
      () => end([]),
      (error: unknown) => end([{ computerId, instanceId, ...named, error: toErrorInfo(error) }]),
    );
  }
}
