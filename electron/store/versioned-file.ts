import { existsSync } from 'node:fs';
import { copyFile, link, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WinRMError } from '../winrm/index.ts';
import { endOfLinks } from './end-of-links.ts';
import { takenOver, withLock } from './file-lock.ts';
import { isUnwritten, markOf } from './file-mark.ts';
import { patiently } from './patiently.ts';
import type { Patience } from './patiently.ts';
import { MAX_BYTES, readVersioned, unreadInWords } from './read-versioned.ts';
import type { Format, Read } from './read-versioned.ts';
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

export interface VersionedFileDeps extends Patience {
  /** Epoch milliseconds; names what is set aside. */
  readonly now: () => number;
  readonly write: typeof writeWhole;
}

const DEFAULTS: VersionedFileDeps = { now: Date.now, write: writeWhole };

/** A check to make right before each write: it throws once another wrote the file. */
type Check = () => Promise<void>;

/**
 * One versioned JSON file and one backup. Written whole or not at all, under a lock, on top of what stands there by
 * then. A broken file is set aside, one of a newer version left where it is; neither is overwritten, nor is a backup that is
 * needed and cannot be read.
 */
export class VersionedFile<T extends object> {
  readonly file: string;
  /** What stood in the file before it was last written. */
  readonly backup: string;
  readonly #format: Format<T>;
  readonly #deps: VersionedFileDeps;
  /** What stood in the file when it was last read or written here. */
  #known: { readonly mark: string; readonly content: T } | undefined;
  /** The same, also when somebody took the file away. */
  #last: T | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isSwept = false;

  constructor(file: string, format: Format<T>, deps: Partial<VersionedFileDeps> = {}) {
    this.file = endOfLinks(file);
    this.backup = `${this.file}.bak`;
    this.#format = format;
    this.#deps = { ...DEFAULTS, ...deps };
  }

  /** @throws WinRMError 'internal' when the folder cannot be used */
  load(): Promise<Loaded<T>> {
    return this.#locked(async (isOurs) => (await this.#load(isOurs)).loaded);
  }

  /** Reads and writes nothing: whoever only looks leaves it to the app to set a broken file aside, and to say so. */
  async peek(): Promise<Loaded<T>> {
    const { what, empty } = this.#format;
    try {
      const found = await this.#read();
      if (found.kind === 'good') return found;
      if (found.kind === 'newer') return { content: empty, notice: this.#newer(), isNewer: true };
      const backup = await this.#readBackup();
      if (found.kind === 'absent' && backup.kind === 'absent') return { content: empty };
      return {
        content: backup.kind === 'good' ? backup.content : empty,
        notice: unreadInWords(what, { read: found, at: this.file }, { read: backup, at: this.backup }),
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
    return this.#locked(async (isOurs) => {
      const { loaded, mark } = await this.#load(isOurs);
      const { content: before, notice, isNewer } = loaded;
      if (isNewer) throw new WinRMError('invalid', `Nothing was saved. ${notice}`);
      const content = change(before);
      const said = notice ? { notice } : {};
      if (content === before) return { content, ...said };
      const text = await this.#textOf(content);
      const check = this.#unchanged(isOurs, mark);
      const keep = () => this.#keepBackup(check);
      this.#know(await this.#put(check, text, mark === '' ? undefined : keep), content);
      return { content, ...said };
    });
  }

  /** Tells when another process wrote the file. @returns a function that stops it */
  watch(changed: () => void): () => void {
    return watchFile(this.file, async () => {
      await this.#turn; // our own write is no news
      const mark = await markOf(this.file).catch(() => undefined); // why not, whoever reads it then is told
      if (mark !== (this.#known?.mark ?? '')) changed();
    });
  }

  /** What cannot be read again must take neither the file's place nor, with the next write, the backup's. */
  async #textOf(content: T): Promise<string> {
    const { what, version, parse, flaw } = this.#format;
    const refused = (why: string) =>
      new WinRMError('invalid', `${what} stay as they were, nothing was saved: ${why}.`);
    if ((await parse({ version, ...content })) === undefined)
      throw refused(flaw?.(content) ?? 'something in them is longer, or more, than their file may hold');
    const text = await serialise({ version, ...content });
    if (Buffer.byteLength(text) > MAX_BYTES)
      throw refused('they would be larger than the 64 MB that their file may hold');
    return text;
  }

  /** @returns what is to be worked with, and the mark of what stands in the file by then */
  async #load(isOurs: () => void): Promise<{ readonly loaded: Loaded<T>; readonly mark: string }> {
    const { what, empty } = this.#format;
    await this.#sweepUp();
    const found = await this.#read();
    const { mark } = found;
    if (found.kind === 'good') return { loaded: found, mark };
    if (found.kind === 'newer')
      return { loaded: { content: empty, notice: this.#newer(), isNewer: true }, mark };
    if (found.kind === 'absent' && this.#last !== undefined)
      return { loaded: { content: this.#last, notice: this.#takenAway() }, mark };
    const backup = await this.#readBackup();
    if (found.kind === 'absent' && backup.kind === 'absent')
      return { loaded: { content: empty, isAbsent: true }, mark };
    const check = this.#unchanged(isOurs, mark);
    const told = (at: string, backupAt: string) =>
      unreadInWords(what, { read: found, at }, { read: backup, at: backupAt });
    if (backup.kind === 'good') {
      const { content } = backup;
      const notice = (at: string) => told(at, this.backup);
      if (found.kind === 'absent') return { loaded: { content, notice: notice(this.file) }, mark };
      const { aside, put } = await this.#restore(check, mark);
      return { loaded: { content, notice: notice(aside) }, mark: put };
    }
    // Nothing of either may be overwritten by what is saved from now on.
    const backupAt = backup.kind === 'absent' ? '' : await this.#setAside(check, this.backup, 'backup');
    const at = found.kind === 'absent' ? '' : await this.#setAside(check, this.file, 'broken');
    return { loaded: { content: empty, notice: told(at, backupAt) }, mark: '' };
  }

  /** The broken file keeps its place until the backup takes it: while it was absent each start would tell of it. */
  async #restore(check: Check, mark: string): Promise<{ readonly aside: string; readonly put: string }> {
    await check();
    const text = await readFile(this.backup, 'utf8');
    const aside = this.#free('broken');
    try {
      await link(this.file, aside).catch(() => copyFile(this.file, aside));
      return { aside, put: await this.#put(check, text) };
    } catch (error) {
      // As long as it has its place it is not needed aside, where each load would put another.
      if (isUnwritten(mark, await markOf(this.file))) await rm(aside, { force: true });
      throw error;
    }
  }

  async #setAside(check: Check, file: string, how: 'broken' | 'backup'): Promise<string> {
    const aside = this.#free(how);
    await this.#place(check, () => rename(file, aside));
    return aside;
  }

  /** A name beside the file that nothing has yet. */
  #free(how: 'broken' | 'backup'): string {
    for (let at = this.#deps.now(); ; at++) {
      const name = this.file.replace(/(\.json)?$/, `.${how}-${at}.json`);
      if (!existsSync(name)) return name;
    }
  }

  /**
   * That the lock is ours is not enough: who was stopped in the middle of its work, as by a sleep, does not know yet that
   * another has it.
   */
  #unchanged(isOurs: () => void, mark: string): Check {
    return async () => {
      isOurs();
      if (!isUnwritten(mark, await markOf(this.file))) throw takenOver(this.file);
    };
  }

  /** With a check right before each try. */
  #place(check: Check, work: () => Promise<void>): Promise<void> {
    return patiently(async () => {
      await check();
      await work();
    }, this.#deps);
  }

  /**
   * Puts a text in the file's place.
   *
   * @param last is done once the whole text lies beside it: what cannot be written takes no backup along
   * @returns its mark, not that of what another may have put there since
   */
  async #put(check: Check, text: string, last?: () => Promise<void>): Promise<string> {
    let mark = '';
    await this.#place(check, () =>
      this.#deps.write(this.file, text, async (begun) => {
        await check();
        await last?.();
        mark = await markOf(begun);
      }),
    );
    return mark;
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

  #takenAway(): string {
    return `${this.#format.what} are not in ${this.file} any more: the file was taken away. What stood there last is used, and written there with the next change.`;
  }

  /** Not read again while nobody wrote it. */
  async #read(): Promise<Read<T>> {
    const known = this.#known;
    if (known && (await markOf(this.file)) === known.mark) return { kind: 'good', ...known };
    const read = await readVersioned(this.file, this.#format);
    if (read.kind === 'good') this.#know(read.mark, read.content);
    if (read.kind === 'absent') this.#known = undefined;
    return read;
  }

  #readBackup(): Promise<Read<T>> {
    return readVersioned(this.backup, this.#format);
  }

  #know(mark: string, content: T): void {
    this.#known = mark === '' ? undefined : { mark, content };
    this.#last = content;
  }

  /** What stands there is good: it was read. Its name moves, its bytes stay where they are. */
  async #keepBackup(check: Check): Promise<void> {
    const next = `${this.backup}.next`;
    await rm(next, { force: true });
    try {
      await link(this.file, next).catch(() => copyFile(this.file, next)); // not every disk has links
      await check();
      await rename(next, this.backup);
    } finally {
      await rm(next, { force: true }); // two names of one file are not renamed
    }
  }

  /** One after another within this process; against others, the lock. */
  #locked<R>(work: (isOurs: () => void) => Promise<R>): Promise<R> {
    const next = this.#turn.then(() => withLock(this.file, work));
    this.#turn = next.catch(() => undefined);
    return next.catch((error: unknown) => {
      throw toFileError(error, this.#format.what, this.file);
    });
  }
}

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
