import { existsSync } from 'node:fs';
import { copyFile, link, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WinRMError } from '../winrm/index.ts';
import { endOfLinks } from './end-of-links.ts';
import { withLock } from './file-lock.ts';
import { patiently } from './patiently.ts';
import type { Patience } from './patiently.ts';
import { serialise } from './serialise.ts';
import { watchFile } from './watch-file.ts';
import { whyNotWritten } from './why-not-written.ts';
import { isBegun, writeWhole } from './write-whole.ts';

/** What was read, and what had to be done to read it: a sentence for the person at the screen. */
export interface Loaded<T> {
  readonly content: T;
  readonly notice?: string;
  /** There is no file: the first day, or somebody took it away. */
  readonly isAbsent?: boolean;
  /** A newer version wrote the file: what it holds is not known, and it is left alone. */
  readonly isNewer?: boolean;
}

/** Bytes of a file that is read at all: many times what ten thousand computers take. */
const MAX_BYTES = 64 * 1024 * 1024;

/** How the content of one kind of file is read and written. */
export interface Format<T extends object> {
  /** As sentences begin: `The saved computers`. */
  readonly what: string;
  readonly version: number;
  readonly empty: T;
  /** Undefined for what it cannot be. Versions before this one are its to understand. What it refuses is not written, either. */
  readonly parse: (value: object) => T | undefined | Promise<T | undefined>;
  /** What of a content that `parse` refuses is wrong, for the person at the screen: `web01: its path is too long`. */
  readonly flaw?: (content: T) => string | undefined;
  /** What no writer of ours would have written, made right; undefined where nothing is wrong. */
  readonly mend?: (content: T) => { readonly content: T; readonly notice: string } | undefined;
}

export interface VersionedFileDeps extends Patience {
  /** Epoch milliseconds; names what is set aside. */
  readonly now: () => number;
  readonly write: (file: string, text: string) => Promise<void>;
}

const DEFAULTS: VersionedFileDeps = { now: Date.now, write: writeWhole };

type Read<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'newer' }
  /** `why`: the end of a sentence, where more is known than that nobody can read it. */
  | { readonly kind: 'broken'; readonly why?: string }
  | { readonly kind: 'good'; readonly content: T; readonly notice?: string };

/**
 * One versioned JSON file and one backup. Written whole or not at all, under a lock, on top of what stands there by
 * then. A broken file is set aside, one of a newer version left where it is; neither is overwritten.
 */
export class VersionedFile<T extends object> {
  readonly file: string;
  readonly #format: Format<T>;
  readonly #deps: VersionedFileDeps;
  /** What stood in the file when it was last read or written here. */
  #known: { readonly mark: string; readonly content: T } | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isSwept = false;

  constructor(file: string, format: Format<T>, deps: Partial<VersionedFileDeps> = {}) {
    this.file = endOfLinks(file);
    this.#format = format;
    this.#deps = { ...DEFAULTS, ...deps };
  }

  /** @throws WinRMError 'internal' when the folder cannot be used */
  load(): Promise<Loaded<T>> {
    return this.#locked((check) => this.#load(check));
  }

  /** Reads and writes nothing: whoever only looks leaves it to the app to set a broken file aside, and to say so. */
  async peek(): Promise<Loaded<T>> {
    const { what, empty } = this.#format;
    try {
      const found = await this.#read(this.file);
      if (found.kind === 'good') return found;
      if (found.kind === 'newer') return { content: empty, notice: this.#newer(), isNewer: true };
      if (found.kind === 'absent') return { content: empty };
      const backup = await this.#read(this.#backup);
      const used = backup.kind === 'good' ? ', so the last backup is used' : '';
      return {
        content: backup.kind === 'good' ? backup.content : empty,
        notice: `${what} could not be read${whyOf(found)}${used}. The file stands in ${this.file}.`,
      };
    } catch (error) {
      throw toFileError(error, what, this.file);
    }
  }

  /**
   * Applies `change` to what the file holds now, which another process may have written meanwhile.
   *
   * @throws WinRMError 'invalid' when a newer version wrote it, or for what could not be read again; 'internal' when it
   * could not be saved; then file and backup are as they were
   */
  update(change: (content: T) => T): Promise<Loaded<T>> {
    return this.#locked(async (check) => {
      const { content: before, notice, isNewer } = await this.#load(check);
      if (isNewer) throw new WinRMError('invalid', `Nothing was saved. ${notice}`);
      const content = change(before);
      const said = notice ? { notice } : {};
      if (content === before) return { content, ...said };
      await this.#refuseUnreadable(content);
      const text = await serialise({ version: this.#format.version, ...content });
      await this.#place(check, () => this.#keepBackup());
      await this.#place(check, () => this.#deps.write(this.file, text));
      this.#known = { mark: await markOf(this.file), content };
      return { content, ...said };
    });
  }

  /** Tells when another process wrote the file. @returns a function that stops it */
  watch(changed: () => void): () => void {
    return watchFile(this.file, async () => {
      await this.#turn; // our own write is no news
      if ((await markOf(this.file)) !== (this.#known?.mark ?? '')) changed();
    });
  }

  /** What cannot be read again must take neither the file's place nor, with the next write, the backup's. */
  async #refuseUnreadable(content: T): Promise<void> {
    const { what, version, parse, flaw } = this.#format;
    if ((await parse({ version, ...content })) !== undefined) return;
    const why = flaw?.(content) ?? 'something in them is longer, or more, than their file may hold';
    throw new WinRMError('invalid', `${what} stay as they were, nothing was saved: ${why}.`);
  }

  get #backup(): string {
    return `${this.file}.bak`;
  }

  async #load(check: () => void): Promise<Loaded<T>> {
    const { what, empty } = this.#format;
    await this.#sweepUp();
    const found = await this.#read(this.file);
    if (found.kind === 'good') return found;
    if (found.kind === 'absent') return { content: empty, isAbsent: true };
    if (found.kind === 'newer') return { content: empty, notice: this.#newer(), isNewer: true };
    const aside = this.file.replace(/(\.json)?$/, `.broken-${this.#deps.now()}.json`);
    const backup = await this.#read(this.#backup);
    if (backup.kind !== 'good') {
      await this.#place(check, () => rename(this.file, aside));
      return {
        content: empty,
        notice: `${what} could not be read${whyOf(found)}. The file stands in ${aside}.`,
      };
    }
    check();
    // The broken file keeps its place until the backup takes it: an absent one would count as the first day.
    const text = await readFile(this.#backup, 'utf8');
    await link(this.file, aside).catch(() => copyFile(this.file, aside));
    await this.#place(check, () => this.#deps.write(this.file, text));
    const notice = `${what} could not be read${whyOf(found)}, so the last backup is used. The file stands in ${aside}.`;
    return { content: backup.content, notice };
  }

  /** With a check right before each try that the lock is ours still. */
  #place(check: () => void, work: () => Promise<void>): Promise<void> {
    return patiently(async () => {
      check();
      await work();
    }, this.#deps);
  }

  /** Under the lock nobody writes, so what a killed writer had begun beside the file is nobody's. */
  async #sweepUp(): Promise<void> {
    if (this.#isSwept) return;
    this.#isSwept = true;
    const [folder, name] = [dirname(this.file), basename(this.file)];
    for (const one of (await readdir(folder)).filter((beside) => isBegun(name, beside)))
      await patiently(() => rm(join(folder, one), { force: true }), this.#deps);
  }

  #newer(): string {
    return `${this.#format.what} come from a newer version of the app, which this one cannot read. They stand unchanged in ${this.file}.`;
  }

  /** Not read again while nobody wrote it. */
  async #read(file: string): Promise<Read<T>> {
    const mark = await markOf(file);
    if (file === this.file && mark === this.#known?.mark)
      return { kind: 'good', content: this.#known.content };
    let text: string;
    try {
      // Before it is read: what is longer than a string can be could not be told from our own mistake.
      if ((await stat(file)).size > MAX_BYTES)
        return { kind: 'broken', why: 'the file is larger than 64 MB' };
      text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, ''); // Notepad's mark
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (file === this.file) this.#known = undefined;
      return { kind: 'absent' };
    }
    const value = parseJson(text);
    if (typeof value !== 'object' || value === null) return { kind: 'broken' };
    if (versionOf(value) > this.#format.version) return { kind: 'newer' };
    const parsed = await this.#format.parse(value);
    if (parsed === undefined) return { kind: 'broken' };
    const { content, ...said } = this.#format.mend?.(parsed) ?? { content: parsed };
    if (file === this.file) this.#known = { mark, content };
    return { kind: 'good', content, ...said };
  }

  /** What stands there is good: it was read, and nobody put another there since. Its name moves, its bytes stay where they are. */
  async #keepBackup(): Promise<void> {
    if ((await markOf(this.file)) !== this.#known?.mark) return;
    const next = `${this.#backup}.next`;
    await rm(next, { force: true });
    try {
      await link(this.file, next).catch(() => copyFile(this.file, next)); // not every disk has links
      await rename(next, this.#backup);
      await rm(next, { force: true }); // two names of one file are not renamed
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // the first day there is nothing to keep
    }
  }

  /** One after another within this process; against others, the lock. */
  #locked<R>(work: (check: () => void) => Promise<R>): Promise<R> {
    const next = this.#turn.then(() => withLock(this.file, work));
    this.#turn = next.catch(() => undefined);
    return next.catch((error: unknown) => {
      throw toFileError(error, this.#format.what, this.file);
    });
  }
}

const whyOf = ({ why }: { readonly why?: string }): string => (why === undefined ? '' : `: ${why}`);

/** Differs as soon as somebody wrote the file; empty where there is none. */
async function markOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const versionOf = (value: object): number =>
  'version' in value && typeof value.version === 'number' ? value.version : 0;

function toFileError(error: unknown, what: string, file: string): WinRMError {
  if (error instanceof WinRMError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error; // our own mistake
  const kept = existsSync(file) ? ' What was kept there before is still there.' : '';
  return new WinRMError('internal', `${what} could not be kept: ${whyNotWritten(code)}.`, {
    remedy: { text: `See to ${file}, then try once more.${kept}` },
    cause: error,
    detail: `${code} ${basename(dirname(file))}/${basename(file)}`,
  });
}
