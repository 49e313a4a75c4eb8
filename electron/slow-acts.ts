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

/** An act on one session alone, as it is by now. */
export interface ActAlone {
  shown: BulkAct;
  /** It takes long enough for a person to see it. */
  isSeen: boolean;
}

/** How one ended that did not fail. `handedOn`: force takes its place, and tells what becomes of its session. */
export type EndAlone = 'done' | 'handedOn';

/** Acts on one session alone that take long: told as those on many are. What failed its asker is told all the same. */
export class SlowActs {
  readonly #deps: SlowActsDeps;
  readonly #underWay = new Set<ActAlone>();

  constructor(deps: SlowActsDeps) {
    this.#deps = deps;
  }

  /** Those that are seen to go on. */
  get all(): readonly BulkAct[] {
    return this.underWay.filter(({ isSeen }) => isSeen).map(({ shown }) => shown);
  }

  /** All that go on, seen or not. */
  get underWay(): readonly ActAlone[] {
    return [...this.#underWay];
  }

  /** @param over settles when it has ended */
  watch(
    kind: ActKind,
    { computerId, instanceId }: SessionKey,
    named: Named,
    over: Promise<EndAlone>,
  ): ActAlone {
    const { emit, now, newId, timer } = this.#deps;
    const counts = { asked: 1, begun: 1, done: 0, failed: 0, gone: 0 };
    const act: ActAlone = { shown: { id: newId(), kind, ...counts, since: now() }, isSeen: false };
    this.#underWay.add(act);
    timer(SLOW_MS, () => {
      if (!this.#underWay.has(act)) return;
      act.isSeen = true;
      emit(act.shown);
    });
    over.then(
      (end) => this.#end(act, end === 'done' ? { done: 1, failures: [] } : { ...NONE_OF_IT, failures: [] }),
      (error: unknown) => {
        const failures = [{ computerId, instanceId, ...named, error: toErrorInfo(error) }];
        this.#end(act, { done: 1, failed: 1, failures });
      },
    );
    return act;
  }

  /** It was stopped before its turn came: what its asker is told counts as no failure. */
  notBegun(act: ActAlone): void {
    this.#end(act, { begun: 0, isStopped: true, failures: [] });
  }

  #end(act: ActAlone, change: Partial<BulkAct>): void {
    if (!this.#underWay.delete(act)) return;
    act.shown = { ...act.shown, ...change, endedAt: this.#deps.now() };
    if (act.isSeen) this.#deps.emit(act.shown);
  }
}

/** What is handed on is counted where it went. */
const NONE_OF_IT = { asked: 0, begun: 0 };
