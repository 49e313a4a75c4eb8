import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toAuditLine } from '../audit.ts';
import type { AuditEntry } from '../audit.ts';
import type { Timer } from '../timer.ts';
import { endOfLinks } from './end-of-links.ts';
import { withLock } from './file-lock.ts';
import { whyNotWritten } from './why-not-written.ts';

export interface AuditLogDeps {
  /** Told once when lines cannot be written, and again only after one could. */
  readonly trouble: (sentence: string) => void;
  /** What could not be written is tried again by it; absent: only with the next line, and at the end. */
  readonly timer?: Timer;
  /** Bytes; beyond it a new file is begun. */
  readonly maxBytes?: number;
  /** Epoch milliseconds; names the file that is full. */
  readonly now?: () => number;
}

/** What could not be written. */
export interface Unwritten {
  /** Each with its end. */
  readonly lines: readonly string[];
  /** How many came before them that are not kept any more. */
  readonly lost: number;
  /** The end of a sentence. */
  readonly why: string;
}

const MAX_BYTES = 5_000_000;
/** Of one text, so that a line stays one write. */
const MAX_TEXT = 1_000;
/** Lines that wait for a disk that is full. */
const MAX_WAITING = 1_000;
/** Until what could not be written is tried again. Milliseconds. */
const RETRY_MS = 5_000;

/**
 * What was done to sessions, a JSON line each, only ever appended. App and `pssm` write the same file. One that is full
 * stays beside it under its date: nothing is deleted or overwritten here.
 */
export class AuditLog {
  readonly file: string;
  readonly #trouble: (sentence: string) => void;
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #timer: Timer | undefined;
  /** Takes back the next try. */
  #cancelRetry: (() => void) | undefined;
  #isTroubled = false;
  /** What could not be written yet, each with its end. */
  #waiting: string[] = [];
  /** How many more there were. */
  #lost = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(file: string, { trouble, timer, maxBytes = MAX_BYTES, now = Date.now }: AuditLogDeps) {
    this.file = endOfLinks(file); // by its own name it would be renamed without what it points to
    this.#trouble = trouble;
    this.#maxBytes = maxBytes;
    this.#now = now;
    this.#timer = timer;
  }

  /**
   * Never rejects: that a line is missing must not keep anybody from acting, but is said. It is tried again by
   * the timer and with the next one; of more than a thousand that wait the oldest are only counted.
   */
  append(entry: AuditEntry): Promise<void> {
    const bounded = JSON.parse(JSON.stringify(entry, (_, value: unknown) => short(value))) as AuditEntry;
    const line = toAuditLine(bounded);
    this.#waiting.push(line);
    if (this.#isTroubled && this.#waiting.length > MAX_WAITING)
      this.#lost += this.#waiting.splice(0, this.#waiting.length - MAX_WAITING).length;
    return this.#try();
  }

  /** Resolves when all that was appended is written. */
  idle(): Promise<void> {
    return this.#turn;
  }

  /** For a process that ends: tries once more what waits. @returns what is written nowhere then */
  async last(): Promise<Unwritten | undefined> {
    this.#cancelRetry?.();
    await this.#turn;
    if (this.#waiting.length === 0 && this.#lost === 0) return undefined;
    try {
      await this.#writeAll();
      return undefined;
    } catch (error) {
      return { lines: [...this.#waiting], lost: this.#lost, why: whyOf(error) };
    }
  }

  /** Makes the file where nothing was done yet, so that it can be shown. */
  async touch(): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    await (await this.#open()).close();
  }

  #try(): Promise<void> {
    this.#turn = this.#turn
      .then(() => this.#writeAll())
      .then(
        () => {
          this.#isTroubled = false;
          this.#cancelRetry?.();
        },
        (error: unknown) => {
          this.#say(error);
          this.#cancelRetry?.();
          this.#cancelRetry = this.#timer?.(RETRY_MS, () => void this.#try());
        },
      );
    return this.#turn;
  }

  async #writeAll(): Promise<void> {
    const lost = this.#lost;
    if (lost > 0) {
      await this.#write(gapLine(lost));
      this.#lost -= lost; // more may have been meanwhile
    }
    for (let line; (line = this.#waiting.shift()) !== undefined;) {
      try {
        await this.#write(line);
      } catch (error) {
        this.#waiting.unshift(line);
        throw error;
      }
    }
  }

  async #write(line: string): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    await this.#rotate().catch(() => undefined); // a full file takes more rather than none
    const file = await this.#open();
    try {
      // A writer that died, or a disk that was full, may have left half a line: it stays one of its own.
      const bytes = Buffer.from((await endsInHalf(file)) ? `\n${line}` : line);
      const { bytesWritten } = await file.write(bytes);
      if (bytesWritten < bytes.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
    } finally {
      await file.close();
    }
  }

  /** Owner only, and O_APPEND, so that no writer overwrites another's line. */
  async #open(): Promise<FileHandle> {
    const file = await open(this.file, 'a+', 0o600);
    if (process.platform !== 'win32') await file.chmod(0o600);
    return file;
  }

  /** Under a lock: of two that see a full file, one makes the new one. A line on its way lands in the older. */
  async #rotate(): Promise<void> {
    if ((await sizeOf(this.file)) < this.#maxBytes) return;
    await withLock(this.file, async (check) => {
      if ((await sizeOf(this.file)) < this.#maxBytes) return;
      check();
      const place = await this.#reserve();
      await rename(this.file, place).catch(async (error: NodeJS.ErrnoException) => {
        await rm(place, { force: true });
        if (error.code !== 'ENOENT') throw error;
      });
    });
  }

  /** Made here and by nobody else, so that no older file is overwritten even if another has the lock by now. @returns its path */
  async #reserve(): Promise<string> {
    for (let at = this.#now(); ; at++) {
      const date = new Date(at).toISOString().replaceAll(/[:.]/g, '-');
      const place = this.file.replace(/(\.\w+)$/, `.${date}$1`);
      try {
        await (await open(place, 'wx', 0o600)).close();
        return place;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  #say(error: unknown): void {
    if (this.#isTroubled) return;
    this.#isTroubled = true;
    this.#trouble(
      `What was done cannot be written to the audit log: ${whyOf(error)}. It is kept and written as soon as it can be.`,
    );
  }
}

const whyOf = (error: unknown): string => whyNotWritten((error as NodeJS.ErrnoException).code ?? '');

/** @param lost how many lines are missing before the next one */
const gapLine = (lost: number): string =>
  `${JSON.stringify({ at: new Date().toISOString(), action: 'gap', lost })}\n`;

async function endsInHalf(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

const short = (value: unknown): unknown =>
  typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
