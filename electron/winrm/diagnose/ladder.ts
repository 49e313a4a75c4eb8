import type { DiagnosedPlace, Diagnosis, Rung, RungName } from '../../../shared/diagnosis.ts';
import { NOT_REACHED, RUNGS } from '../../../shared/diagnosis.ts';
import { toErrorInfo } from '../error.ts';
import { following } from '../following.ts';
import { orAborted } from '../or-aborted.ts';
import type { Wait } from '../wait.ts';
import { late, RUNG_LIMITS_MS } from './late.ts';

/** What a rung found; `isLast` where it makes no sense to go on although nothing failed. */
export interface Found extends Omit<Rung, 'name' | 'ms' | 'at'> {
  readonly isLast?: boolean;
  /** What goes with the whole diagnosis. */
  readonly learned?: Pick<Diagnosis, 'chain' | 'offered' | 'signIn'>;
  /** Nothing was done, so that no time is told. */
  readonly isIdle?: boolean;
  /** The computer sends on to there, and is followed: the ladder begins anew. */
  readonly onward?: LadderPlace;
}

/** Whom the rungs are about. */
export interface LadderPlace extends DiagnosedPlace {
  readonly hostname: string;
}

export interface LadderDeps extends LadderPlace {
  /** Is told after each step, and before the next. */
  readonly changed: (diagnosis: Diagnosis) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly clock: () => number;
  readonly wait: Wait;
  /** Instead of RUNG_LIMITS_MS. */
  readonly limitsMs?: Partial<Readonly<Record<RungName, number>>> | undefined;
}

const DONE = 'done';

/** Climbs rung by rung, each within its time, until one fails. */
export class Ladder {
  readonly #deps: LadderDeps;
  readonly #signal: AbortSignal;
  readonly #startedMs: number;
  readonly #at: number;
  readonly #rungs: Rung[] = [];
  #learned: NonNullable<Found['learned']> = {};
  #isOver = false;
  #onward: LadderPlace | undefined;

  constructor(deps: LadderDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    this.#at = deps.now();
    this.#startedMs = deps.clock();
  }

  /** Rejects with the signal's reason when the person stops it; everything else is a verdict. */
  async climb(
    steps: Readonly<Record<RungName, ((signal: AbortSignal) => Promise<Found>) | undefined>>,
  ): Promise<Diagnosis> {
    for (let i = 0; i < RUNGS.length; i++) {
      const name = RUNGS[i]!;
      const step = steps[name];
      if (!step) continue;
      if (this.#isOver) {
        this.#rungs.push({ name, verdict: 'skipped', sentence: NOT_REACHED });
        continue;
      }
      this.#deps.changed(this.#diagnosis(name));
      if (await this.#try(name, step)) i = -1;
    }
    const whole = this.#diagnosis();
    this.#deps.changed(whole);
    return whole;
  }

  /** @returns whether it goes on elsewhere */
  async #try(name: RungName, step: (signal: AbortSignal) => Promise<Found>): Promise<boolean> {
    this.#signal.throwIfAborted();
    const startedMs = this.#deps.clock();
    const tried = await this.#within(name, step).catch((error: unknown) => {
      this.#signal.throwIfAborted();
      return failed(error);
    });
    const { isLast, learned, isIdle, onward, ...found } = tried;
    const ms = Math.round(this.#deps.clock() - startedMs);
    this.#learned = { ...this.#learned, ...learned };
    this.#rungs.push({
      name,
      ...(isIdle ? {} : { ms }),
      ...found,
      ...(this.#onward && { at: placeIn(this.#onward) }),
    });
    this.#isOver = found.verdict === 'failed' || isLast === true;
    this.#onward = onward ?? this.#onward;
    return onward !== undefined;
  }

  async #within<T>(name: RungName, step: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { wait, limitsMs } = this.#deps;
    const { hostname } = this.#onward ?? this.#deps;
    const limitMs = limitsMs?.[name] ?? RUNG_LIMITS_MS[name];
    const { controller, letGo } = following(this.#signal);
    void wait(limitMs, controller.signal).then(() => {
      if (!controller.signal.aborted) controller.abort(late(name, hostname, limitMs));
    });
    try {
      return await orAborted(step(controller.signal), controller.signal);
    } finally {
      letGo();
      controller.abort(DONE);
    }
  }

  #diagnosis(running?: RungName): Diagnosis {
    const { url, port, clock } = this.#deps;
    const ms = Math.round(clock() - this.#startedMs);
    return {
      url,
      port,
      at: this.#at,
      ms,
      ...(running && { running }),
      rungs: [...this.#rungs],
      ...(this.#onward && { sentOnTo: placeIn(this.#onward) }),
      ...this.#learned,
    };
  }
}

const placeIn = ({ url, port }: LadderPlace): DiagnosedPlace => ({ url, port });

/** A verdict out of what was thrown. */
export function failed(error: unknown): Found {
  const info = toErrorInfo(error);
  const { message: sentence, remedy, signIn } = info;
  const learned = signIn ? { learned: { signIn } } : {};
  return { verdict: 'failed', sentence, ...(remedy && { remedy }), error: info, ...learned };
}
