import { Fault, FAULTS } from './fault.ts';
import type { FaultForm } from './fault.ts';

/** Ends after so many milliseconds, or at once when the signal aborts; whether it then rejects does not matter. */
export type Delay = (ms: number, signal: AbortSignal) => Promise<void>;

/** The same, resolving either way: what an abort means is for the waiter to see. */
export const patient =
  (delay: Delay): Delay =>
  (ms, signal) =>
    delay(ms, signal).catch(() => undefined);

export type CommandState = 'Running' | 'Done';

export interface Batch {
  readonly fragments: readonly Uint8Array[];
  readonly state: CommandState;
}

interface Message {
  readonly fragments: readonly Uint8Array[];
  /** Ends its answer, as WinRM does with a flushed object. */
  readonly flush: boolean;
}

const sizeOf = (message: Message) => message.fragments.reduce((sum, one) => sum + one.length, 0);

/** What one stream of a shell or of a command has to say: PSRP writes whole messages, Receive takes fragments. */
export class OutputQueue {
  dropWhenFull = false;
  readonly #capacityBytes: number;
  #messages: Message[] = [];
  #queuedBytes = 0;
  #done = false;
  #failure: FaultForm | undefined;
  #suspension: FaultForm | undefined;
  #reader: AbortController | undefined;
  #drained: (() => void) | undefined;
  #firstRead: (() => void) | undefined;

  constructor(capacityBytes = Number.POSITIVE_INFINITY) {
    this.#capacityBytes = capacityBytes;
  }

  get isDone(): boolean {
    return this.#done;
  }

  /** True while nobody can take what comes, so the pipeline must rest (buffer mode Block). */
  get isFull(): boolean {
    return !this.dropWhenFull && !this.#done && this.#queuedBytes >= this.#capacityBytes;
  }

  /** Resolves when there is room again, or the stream ended. */
  drained(): Promise<void> {
    return this.isFull ? new Promise((resolve) => (this.#drained = resolve)) : Promise.resolve();
  }

  write(fragments: readonly Uint8Array[], { flush = false } = {}): void {
    if (this.#done) return;
    const message = { fragments, flush };
    this.#messages.push(message);
    this.#queuedBytes += sizeOf(message);
    while (this.dropWhenFull && this.#queuedBytes > this.#capacityBytes && this.#messages.length > 1) {
      const oldest = this.#messages.shift();
      if (oldest) this.#queuedBytes -= sizeOf(oldest);
    }
    this.#reader?.abort();
  }

  /** No more will be written; what is queued is still delivered, then the fault, if any, else Done. */
  complete(failure?: FaultForm): void {
    if (this.#done) return;
    this.#done = true;
    this.#failure = failure;
    this.#release();
    this.#reader?.abort();
  }

  /** Ends the waiting Receive with a fault and lets none begin until `resume`; what is queued stays. */
  suspend(reason: FaultForm): void {
    this.#suspension = reason;
    this.#reader?.abort();
  }

  resume(): void {
    this.#suspension = undefined;
  }

  /** Calls once, as soon as somebody listens: what nobody reads need not be made. */
  beforeFirstRead(begin: () => void): void {
    this.#firstRead = begin;
  }

  /**
   * Waits for something to say.
   *
   * @returns undefined when the time passed
   * @throws Fault when another Receive waits, the stream is or becomes suspended, or it ended in a failure
   */
  async read(
    maxBytes: number,
    timeoutMs: number,
    delay: Delay,
    signal: AbortSignal,
  ): Promise<Batch | undefined> {
    if (this.#suspension) throw new Fault(this.#suspension);
    if (this.#reader) throw new Fault(FAULTS.receiveInProgress);
    this.#firstRead?.();
    this.#firstRead = undefined;
    if (!this.#isReady()) {
      const reader = (this.#reader = new AbortController());
      await delay(timeoutMs, AbortSignal.any([reader.signal, signal]));
      this.#reader = undefined;
      signal.throwIfAborted();
      if (this.#suspension) throw new Fault(this.#suspension);
      if (!this.#isReady()) return undefined;
    }
    return this.#take(maxBytes);
  }

  #isReady(): boolean {
    return this.#done || this.#messages.length > 0;
  }

  #take(maxBytes: number): Batch {
    if (this.#failure && this.#messages.length === 0) throw new Fault(this.#failure);
    const fragments: Uint8Array[] = [];
    let room = maxBytes;
    for (;;) {
      const message = this.#messages[0];
      const next = message?.fragments[0];
      if (!message || !next || (next.length > room && fragments.length > 0)) break;
      const rest = message.fragments.slice(1);
      this.#messages.splice(0, 1, ...(rest.length > 0 ? [{ fragments: rest, flush: message.flush }] : []));
      fragments.push(next);
      room -= next.length;
      this.#queuedBytes -= next.length;
      if (message.flush && rest.length === 0) break;
    }
    this.#release();
    const ended = this.#done && this.#messages.length === 0 && !this.#failure;
    return { fragments, state: ended ? 'Done' : 'Running' };
  }

  #release(): void {
    if (this.isFull) return;
    this.#drained?.();
    this.#drained = undefined;
  }
}
