import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { markOf } from './file-mark.ts';

/** Bytes of a file that is read, and so written, at all: many times what ten thousand computers take. */
export const MAX_BYTES = 64 * 1024 * 1024;

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

/** What stands in a file. */
export type Read<T> =
  | { readonly kind: 'good'; readonly mark: string; readonly content: T; readonly notice?: string }
  /** `why`: the end of a sentence, where more is known than that nobody can read it. */
  | { readonly kind: 'absent' | 'newer' | 'broken'; readonly mark: string; readonly why?: string };

/** @throws what the file system says of a file that is there and cannot be read */
export async function readVersioned<T extends object>(file: string, format: Format<T>): Promise<Read<T>> {
  const mark = await markOf(file); // first: who writes meanwhile leaves another
  let text: string;
  try {
    // Before it is read: what is longer than a string can be could not be told from our own mistake.
    if ((await stat(file)).size > MAX_BYTES)
      return { kind: 'broken', mark, why: 'the file is larger than 64 MB' };
    text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, ''); // Notepad's mark
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { kind: 'absent', mark: '', why: `${basename(file)} is not there` };
  }
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return { kind: 'broken', mark };
  if (versionOf(value) > format.version)
    return { kind: 'newer', mark, why: 'a newer version of the app wrote it' };
  const parsed = await format.parse(value);
  if (parsed === undefined) return { kind: 'broken', mark };
  return { kind: 'good', mark, ...(format.mend?.(parsed) ?? { content: parsed }) };
}

/** A file as it was read, and where it stands now. */
export interface Found {
  readonly read: Read<unknown>;
  readonly at: string;
}

/** What could not be read, what is used instead, and where all of it stands. */
export function unreadInWords(what: string, file: Found, backup: Found): string {
  const isThere = file.read.kind !== 'absent';
  const first = `${what} could not be read${whyOf(file.read)}`;
  if (backup.read.kind === 'good') {
    const stands = isThere ? `The file stands in ${file.at}` : `It stands in ${backup.at}`;
    return `${first}, so the last backup is used. ${stands}.`;
  }
  const ofBackup = `The last backup could not be read, either${whyOf(backup.read)}. It stands in ${backup.at}.`;
  return [
    `${first}.`,
    ...(isThere ? [`The file stands in ${file.at}.`] : []),
    ...(backup.read.kind === 'absent' ? [] : [ofBackup]),
  ].join(' ');
}

const whyOf = (read: Read<unknown>): string =>
  'why' in read && read.why !== undefined ? `: ${read.why}` : '';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const versionOf = (value: object): number =>
  'version' in value && typeof value.version === 'number' ? value.version : 0;
