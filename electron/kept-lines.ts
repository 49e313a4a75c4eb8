import { MAX_CHARACTERS, MAX_LINES } from '../shared/kept-lines.ts';
import type { OutputLine } from '../shared/output.ts';

/** The lines from a point on; `dropped` of them were not kept. */
export interface Since {
  readonly lines: readonly OutputLine[];
  readonly dropped: number;
}

/** The last of what a session said, as much as is kept of it; each line is touched once coming and once going. */
export class KeptLines {
  #lines: OutputLine[] = [];
  /** Lines before it are dropped, though not yet cut off. */
  #start = 0;
  #characters = 0;
  /** Lines that were cut off. */
  #cut = 0;

  /** How many were said so far. */
  get said(): number {
    return this.#cut + this.#lines.length;
  }

  add(lines: readonly OutputLine[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#characters += line.text.length;
    }
    while (this.#lines.length - this.#start > MAX_LINES || this.#characters > MAX_CHARACTERS) {
      this.#characters -= this.#lines[this.#start]!.text.length;
      this.#lines[this.#start++] = GONE; // its text goes at once, its place when there are many
    }
    if (this.#start < MAX_LINES && this.#start < this.#lines.length) return;
    this.#lines = this.#lines.slice(this.#start);
    this.#cut += this.#start;
    this.#start = 0;
  }

  /** What was said after the first `count` lines. */
  since(count: number): Since {
    const kept = this.#cut + this.#start;
    const from = Math.max(count, kept);
    return { lines: this.#lines.slice(from - this.#cut), dropped: from - count };
  }
}

const GONE: OutputLine = { stream: 'output', text: '' };
