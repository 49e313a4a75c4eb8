import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { TextToSave } from './desk-deps.ts';
import { ProtocolTrace } from './winrm/index.ts';

/** What travelled between here and each computer, where a person asked for it to be recorded. In memory alone. */
export class Traces {
  readonly #now: () => number;
  readonly #traces = new Map<ComputerId, ProtocolTrace>();

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** That of one computer, for whoever speaks to it; it is switched on and off under their hands. */
  of(computerId: ComputerId): ProtocolTrace {
    const known = this.#traces.get(computerId) ?? new ProtocolTrace(this.#now);
    this.#traces.set(computerId, known);
    return known;
  }

  /** Forgets those of computers that are not looked after any more. @returns whether one of them was being recorded */
  follow(computers: readonly Pick<ResolvedComputer, 'id'>[]): boolean {
    const there = new Set(computers.map(({ id }) => id));
    const gone = [...this.#traces].filter(([id]) => !there.has(id));
    for (const [id] of gone) this.#traces.delete(id);
    return gone.some(([, { isOn }]) => isOn);
  }

  /** What is saved of one, and the name that it is offered under. */
  toSave({ id, computerName }: Pick<ResolvedComputer, 'id' | 'computerName'>): TextToSave {
    const name = `trace-${computerName.replace(/[^\w.-]/g, '_')}.txt`;
    return { what: 'The trace', name, text: this.of(id).text() };
  }

  get recording(): ComputerId[] {
    return [...this.#traces].filter(([, { isOn }]) => isOn).map(([id]) => id);
  }
}
