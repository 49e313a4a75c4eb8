import type { ComputerId } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { ProtocolTrace, WinRMError } from './winrm/index.ts';

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

  /** @throws WinRMError 'invalid' where it cannot be written */
  async save(
    { id, computerName }: Pick<ResolvedComputer, 'id' | 'computerName'>,
    saveText: (name: string, text: string) => Promise<void>,
  ): Promise<void> {
    const name = `trace-${computerName.replace(/[^\w.-]/g, '_')}.txt`;
    await saveText(name, this.of(id).text()).catch((cause: unknown) => {
      throw new WinRMError('invalid', 'The trace could not be written there.', { cause });
    });
  }

  get recording(): ComputerId[] {
    return [...this.#traces].filter(([, { isOn }]) => isOn).map(([id]) => id);
  }
}
