import type { ComputerId } from '../shared/computer.ts';
import type { Diagnosis } from '../shared/diagnosis.ts';

/** Climbs the ladder of one computer; rejects with the signal's reason alone. */
export type Climb = (changed: (diagnosis: Diagnosis) => void, signal: AbortSignal) => Promise<Diagnosis>;

export interface DiagnosesDeps {
  readonly changed: (computerId: ComputerId, diagnosis: Diagnosis) => void;
  readonly failed: (error: unknown) => void;
}

/** The diagnoses under way, one a computer, each told step by step. */
export class Diagnoses {
  readonly #deps: DiagnosesDeps;
  readonly #running = new Map<ComputerId, AbortController>();

  constructor(deps: DiagnosesDeps) {
    this.#deps = deps;
  }

  /** One that runs already is left to finish. */
  start(computerId: ComputerId, climb: Climb): void {
    if (this.#running.has(computerId)) return;
    const stop = new AbortController();
    this.#running.set(computerId, stop);
    void this.#run(computerId, climb, stop.signal).finally(() => this.#running.delete(computerId));
  }

  /** What was found so far stays. */
  stop(computerId: ComputerId): void {
    this.#running.get(computerId)?.abort();
  }

  stopAll(): void {
    for (const stop of this.#running.values()) stop.abort();
  }

  async #run(computerId: ComputerId, climb: Climb, signal: AbortSignal): Promise<void> {
    let last: Diagnosis | undefined;
    try {
      await climb((diagnosis) => {
        if (signal.aborted) return;
        last = diagnosis;
        this.#deps.changed(computerId, diagnosis);
      }, signal);
    } catch (error) {
      if (!signal.aborted) this.#deps.failed(error);
      if (!last) return;
      const { running: _, ...found } = last;
      this.#deps.changed(computerId, found);
    }
  }
}
