import type { Writable } from 'node:stream';
import type { Output } from './io.ts';

/** Is told once, and soon, why nothing can be written: what cannot be must not go on being read off a computer. */
type Lost = (error: NodeJS.ErrnoException) => void;

/** A stream of this process as where text goes. After the first text that it does not take it is offered none. */
export function processOutput(stream: Writable, isTTY: boolean, lost: Lost): Output {
  return new ProcessOutput(stream, isTTY, lost);
}

/** What the stream has no room for waits here, where it can be counted and taken back. */
class ProcessOutput implements Output {
  readonly isTTY: boolean;
  readonly #stream: Writable;
  readonly #lost: Lost;
  readonly #drains = new Settling();
  readonly #writes = new Settling();
  /** Those that the stream has, by how many lines each is. */
  readonly #underWay = new Set<{ readonly lines: number }>();
  #waiting: string[] = [];
  #unwritten = 0;
  #isLost = false;

  constructor(stream: Writable, isTTY: boolean, lost: Lost) {
    this.#stream = stream;
    this.isTTY = isTTY;
    this.#lost = lost;
    stream.on('error', (error) => this.#failed(error));
    stream.on('drain', () => this.#handOn());
  }

  write(text: string): void {
    if (text === '') return;
    if (this.#isLost) this.#unwritten += linesOf(text);
    else if (this.#hasRoom) this.#hand(text);
    else this.#waiting.push(text);
  }

  drained(): Promise<void> | undefined {
    return this.#isLost || this.#hasRoom ? undefined : this.#drains.promise();
  }

  async written(): Promise<number> {
    if (this.#waiting.length > 0 || this.#underWay.size > 0) await this.#writes.promise();
    return this.#unwritten;
  }

  giveUp(): number {
    this.#takeBack();
    for (const { lines } of this.#underWay) this.#unwritten += lines;
    this.#underWay.clear();
    this.#settle();
    return this.#unwritten;
  }

  get #hasRoom(): boolean {
    return this.#waiting.length === 0 && !this.#stream.writableNeedDrain;
  }

  #hand(text: string): void {
    const part = { lines: linesOf(text) };
    this.#underWay.add(part);
    this.#stream.write(text, (error) => {
      const isAwaited = this.#underWay.delete(part);
      if (error && isAwaited) this.#unwritten += part.lines;
      if (error) this.#failed(error);
      this.#settle();
    });
  }

  #handOn(): void {
    let count = 0;
    while (count < this.#waiting.length && !this.#isLost && !this.#stream.writableNeedDrain)
      this.#hand(this.#waiting[count++] ?? '');
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
    for (const text of this.#waiting) this.#unwritten += linesOf(text);
    this.#waiting = [];
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
