import type { OutputLine, StreamName } from '../shared/output.ts';
import { MAX_CHARACTERS, MAX_LINES } from '../shared/kept-lines.ts';
import { Queue } from './queue.ts';

interface Kept extends OutputLine {
  /** Its place among all that was ever said. */
  readonly number: number;
}

/** The lines of the streams that are looked at. */
export type Shown = Pick<Queue<Kept>, 'length' | 'at'>;

/**
 * What a session said, as much as is kept. It grows in place, so that a batch costs what the batch holds, whatever
 * was said before.
 */
export class Log {
  readonly #lines = new Queue<Kept>();
  readonly #counts = new Map<StreamName, number>();
  #shown = new Queue<Kept>();
  #muted: ReadonlySet<StreamName> = new Set();
  #next = 0;
  #characters = 0;
  #dropped = 0;

  /** Lines at the beginning that are not kept. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many were said so far. */
  get said(): number {
    return this.#next;
  }

  /** Of each stream, what is kept. */
  get counts(): ReadonlyMap<StreamName, number> {
    return this.#counts;
  }

  /** `dropped` lines before these, and all before them, are gone. */
  add(lines: readonly OutputLine[], dropped = 0): void {
    if (dropped > 0) while (this.#lines.length > 0) this.#drop();
    this.#dropped += dropped;
    this.#next += dropped;
    for (const { stream, text } of lines) {
      const line = { stream, text, number: this.#next++ };
      this.#lines.push(line);
      if (this.#muted.size > 0 && !this.#muted.has(stream)) this.#shown.push(line);
      this.#counts.set(stream, (this.#counts.get(stream) ?? 0) + 1);
      this.#characters += text.length;
    }
    while (this.#lines.length > MAX_LINES || this.#characters > MAX_CHARACTERS) this.#drop();
  }

  /** All but what these streams said; followed from batch to batch as long as `muted` stays the same. */
  without(muted: ReadonlySet<StreamName>): Shown {
    if (muted.size === 0) return this.#lines;
    if (muted === this.#muted) return this.#shown;
    this.#muted = muted;
    this.#shown = new Queue();
    for (let i = 0; i < this.#lines.length; i++) {
      const line = this.#lines.at(i)!;
      if (!muted.has(line.stream)) this.#shown.push(line);
    }
    return this.#shown;
  }

  #drop(): void {
    const gone = this.#lines.shift()!;
    if (this.#shown.at(0) === gone) this.#shown.shift();
    this.#counts.set(gone.stream, this.#counts.get(gone.stream)! - 1);
    this.#characters -= gone.text.length;
    this.#dropped++;
  }
}
