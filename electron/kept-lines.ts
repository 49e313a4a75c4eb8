import { MAX_CHARACTERS, MAX_LINES } from '../shared/kept-lines.ts';
import type { OutputLine } from '../shared/output.ts';

/** Of all sessions that are over together. */
const MAX_ENDED_BYTES = 64_000_000;
/** What a line takes beside its text. */
const LINE_BYTES = 100;

/** The lines from a point on; `dropped` of them were not kept. */
interface Since {
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

  /** About as many as it takes: a character mostly one, a line some on top of its text. */
  get bytes(): number {
    return this.#characters + LINE_BYTES * this.#count;
  }

  add(lines: readonly OutputLine[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#characters += line.text.length;
    }
    while (this.#count > MAX_LINES || this.#characters > MAX_CHARACTERS) this.#dropOne();
    if (this.#start >= MAX_LINES || this.#start >= this.#lines.length) this.#cutOff();
  }

  /** Lets the first lines go until it takes no more bytes than that. */
  shrinkTo(bytes: number): void {
    while (this.#count > 0 && this.bytes > bytes) this.#dropOne();
    this.#cutOff();
  }

  get #count(): number {
    return this.#lines.length - this.#start;
  }

  /** Its text goes at once, its place when there are many. */
  #dropOne(): void {
    this.#characters -= this.#lines[this.#start]!.text.length;
    this.#lines[this.#start++] = GONE;
  }

  #cutOff(): void {
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

/**
 * Keeps sessions that are over from taking ever more: beyond the limit those that ended first lose their first lines.
 *
 * @param ended the one that ended first comes first
 */
export function shrinkEnded(ended: readonly KeptLines[], maxBytes = MAX_ENDED_BYTES): void {
  let excess = ended.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes;
  for (const one of ended) {
    if (excess <= 0) return;
    const before = one.bytes;
    one.shrinkTo(before - excess);
    excess -= before - one.bytes;
  }
}

const GONE: OutputLine = { stream: 'output', text: '' };
