import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ProtocolTrace } from '../winrm/index.ts';
import { BindingError } from './binding/binding-error.ts';

/** The trace of one run, of all its computers in the order of time of each. */
export class TraceFile {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #now: () => number;
  readonly #traces = new Map<string, ProtocolTrace>();

  private constructor(path: string, file: FileHandle, now: () => number) {
    this.path = path;
    this.#file = file;
    this.#now = now;
  }

  /**
   * A new file, readable by its owner only; made before anything is sent.
   *
   * @throws BindingError where there is one of that name, or it cannot be made
   */
  static async create(path: string, now: () => number): Promise<TraceFile> {
    try {
      return new TraceFile(path, await open(path, 'wx', 0o600), now);
    } catch (error) {
      const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
      const why = isThere ? 'it exists already' : (error as Error).message;
      throw new BindingError(
        'TraceFileFailed',
        `The trace cannot be written to '${path}': ${why}. Nothing was sent.`,
      );
    }
  }

  /** The trace of that computer, switched on. */
  of(url: string): ProtocolTrace {
    const known = this.#traces.get(url);
    if (known) return known;
    const trace = new ProtocolTrace(this.#now);
    trace.switch(true);
    this.#traces.set(url, trace);
    return trace;
  }

  /** @throws NodeJS.ErrnoException, such as ENOSPC */
  async write(): Promise<void> {
    const texts = [...this.#traces].map(([url, trace]) => `${url}\n${trace.text()}`);
    try {
      await this.#file.writeFile(texts.join('\n'));
    } finally {
      await this.#file.close();
    }
  }
}
