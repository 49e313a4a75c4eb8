import type { Writable } from 'node:stream';
import type { Output, Speaker } from './io.ts';

/** Is told once, and soon, why nothing can be written: what cannot be must not go on being read off a computer. */
type Lost = (error: NodeJS.ErrnoException) => void;

export interface ProcessStream extends Output {
  /** Something that a session said could not be written, which its computer gives once. */
  readonly hasLostWords: boolean;
}

/** A stream of this process as where text goes. After the first text that it does not take it is offered none. */
export function processOutput(stream: Writable, isTTY: boolean, lost: Lost): ProcessStream {
  return new ProcessOutput(stream, isTTY, lost);
}

/** One text that is to be written. */
interface Part {
  readonly text: string;
  readonly speaker: Speaker | undefined;
}

/** What the stream has no room for waits here, where it can be counted and taken back. */
class ProcessOutput implements ProcessStream {
  readonly isTTY: boolean;
  readonly #stream: Writable;
  readonly #lost: Lost;
  readonly #drains = new Settling();
  readonly #writes = new Settling();
  /** Those that the stream has. */
  readonly #underWay = new Set<Part>();
  #waiting: Part[] = [];
  /** Lines, by whose they are. */
  readonly #unwritten = new Map<Speaker | undefined, number>();
  #isLost = false;

  constructor(stream: Writable, isTTY: boolean, lost: Lost) {
    this.#stream = stream;
    this.isTTY = isTTY;
    this.#lost = lost;
    stream.on('error', (error) => this.#failed(error));
    stream.on('drain', () => this.#handOn());
  }

  write(text: string, speaker?: Speaker): void {
    if (text === '') return;
    const part: Part = { text, speaker };
    if (this.#isLost) this.#lose(part);
    else if (this.#hasRoom) this.#hand(part);
    else this.#waiting.push(part);
  }

  drained(): Promise<void> | undefined {
    return this.#isLost || this.#hasRoom ? undefined : this.#drains.promise();
  }

  async written(): Promise<void> {
    if (this.#waiting.length > 0 || this.#underWay.size > 0) await this.#writes.promise();
  }

  giveUp(): void {
    this.#takeBack();
    for (const part of this.#underWay) this.#lose(part);
    this.#underWay.clear();
    this.#settle();
  }

  unwritten(speaker?: Speaker): number {
    return this.#unwritten.get(speaker) ?? 0;
  }

  get hasLostWords(): boolean {
    return [...this.#unwritten.keys()].some((speaker) => speaker !== undefined);
  }

  get #hasRoom(): boolean {
    return this.#waiting.length === 0 && !this.#stream.writableNeedDrain;
  }

  #hand(part: Part): void {
    this.#underWay.add(part);
    this.#stream.write(part.text, (error) => {
      const isAwaited = this.#underWay.delete(part);
      if (error && isAwaited) this.#lose(part);
      if (error) this.#failed(error);
      this.#settle();
    });
  }

  #handOn(): void {
    let count = 0;
    for (const part of this.#waiting) {
      if (this.#isLost || this.#stream.writableNeedDrain) break;
      this.#hand(part);
      count++;
    }
    this.#waiting.splice(0, count);
    this.#settle();
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (!this.#isLost) this.#lost(error);
    this.#isLost = true;
    this.#takeBack();
    this.#settle();
  }

  #takeBack(): void {
    for (const part of this.#waiting) this.#lose(part);
    this.#waiting = [];
  }

  #lose({ text, speaker }: Part): void {
    this.#unwritten.set(speaker, this.unwritten(speaker) + linesOf(text));
  }

  #settle(): void {
    if (this.#isLost || this.#hasRoom) this.#drains.settle();
    if (this.#waiting.length === 0 && this.#underWay.size === 0) this.#writes.settle();
  }
}

/** Who waits for the same. */
class Settling {
  #promise: Promise<void> | undefined;
  #resolve: () => void = () => undefined;

  promise(): Promise<void> {
    return (this.#promise ??= new Promise((resolve) => (this.#resolve = resolve)));
  }

  settle(): void {
    this.#promise = undefined;
    this.#resolve();
  }
}

const linesOf = (text: string): number => text.split('\n').length - Number(text.endsWith('\n'));
