import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import lockfile from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { PROFILE_VERSION, profileSchema } from '../../shared/computer.ts';
import type { Profile, ProfileContent } from '../../shared/computer.ts';
import { WinRMError } from '../winrm/index.ts';

/** What was read, and what had to be done to read it: a sentence for the person at the screen. */
export interface Loaded {
  readonly content: ProfileContent;
  readonly notice?: string;
}

export interface ProfileStoreDeps {
  /** Epoch milliseconds; names what is set aside. */
  readonly now: () => number;
  readonly write: (file: string, text: string) => Promise<void>;
}

const DEFAULTS: ProfileStoreDeps = {
  now: Date.now,
  // Owner only: accounts and names are no secret, but nobody else's business.
  write: (file, text) => writeFileAtomic(file, text, { mode: 0o600 }),
};

/** A writer that was killed leaves its lock; after this long another may take it. Milliseconds. */
const STALE_MS = 5_000;
const RETRIES = { retries: 40, factor: 1, minTimeout: 250, maxTimeout: 250 };

type Read =
  | { readonly kind: 'absent' }
  | { readonly kind: 'good'; readonly profile: Profile; readonly text: string }
  | { readonly kind: 'broken' | 'newer' };

/**
 * The saved computers: one versioned JSON file, one backup. Written whole or not at all, under a lock, on top of what
 * stands there by then. A broken file is set aside, one of a newer version left where it is; neither is overwritten.
 */
export class ProfileStore {
  readonly file: string;
  readonly #deps: ProfileStoreDeps;

  constructor(file: string, deps: Partial<ProfileStoreDeps> = {}) {
    this.file = file;
    this.#deps = { ...DEFAULTS, ...deps };
  }

  /** @throws WinRMError 'internal' when the folder cannot be used */
  load(): Promise<Loaded> {
    return this.#locked(() => this.#load());
  }

  /**
   * Applies `change` to what the file holds now, which another process may have written meanwhile.
   *
   * @throws WinRMError 'invalid' when a newer version wrote it; 'internal' when it could not be saved; then the file is as it was
   */
  update(change: (content: ProfileContent) => ProfileContent): Promise<Loaded> {
    return this.#locked(async () => {
      const { content: before, notice, isNewer } = await this.#load();
      if (isNewer) throw new WinRMError('invalid', `Nothing was saved. ${notice}`);
      const content = change(before);
      const profile = profileSchema.parse({ version: PROFILE_VERSION, ...content });
      const current = await read(this.file);
      if (current.kind === 'good') await this.#deps.write(this.#backup, current.text);
      await this.#deps.write(this.file, `${JSON.stringify(profile, undefined, 2)}\n`);
      return { content, ...(notice && { notice }) };
    });
  }

  get #backup(): string {
    return `${this.file}.bak`;
  }

  async #load(): Promise<Loaded & { readonly isNewer?: boolean }> {
    const found = await read(this.file);
    if (found.kind === 'good') return { content: contentOf(found.profile) };
    if (found.kind === 'absent') return { content: NOTHING };
    if (found.kind === 'newer') {
      const notice = `The saved computers come from a newer version of the app, which this one cannot read. They stand unchanged in ${this.file}.`;
      return { content: NOTHING, notice, isNewer: true };
    }
    const aside = this.file.replace(/(\.json)?$/, `.broken-${this.#deps.now()}.json`);
    await rename(this.file, aside);
    const backup = await read(this.#backup);
    if (backup.kind !== 'good') {
      return {
        content: NOTHING,
        notice: `The saved computers could not be read. The file stands in ${aside}.`,
      };
    }
    const notice = `The saved computers could not be read, so the last backup is used. The file stands in ${aside}.`;
    await this.#deps.write(this.file, backup.text);
    return { content: contentOf(backup.profile), notice };
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    try {
      await mkdir(dirname(this.file), { recursive: true });
      const release = await lockfile.lock(this.file, {
        lockfilePath: join(dirname(this.file), 'profile.lock'),
        realpath: false, // the file need not exist yet
        stale: STALE_MS,
        retries: RETRIES,
      });
      try {
        return await work();
      } finally {
        await release().catch(() => undefined);
      }
    } catch (error) {
      throw toFileError(error, this.file);
    }
  }
}

export const NOTHING: ProfileContent = { groups: [], computers: [], views: [] };

const contentOf = ({ groups, computers, views }: Profile): ProfileContent => ({ groups, computers, views });

async function read(file: string): Promise<Read> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'absent' };
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'broken' };
  }
  const profile = profileSchema.safeParse(value);
  if (profile.success) return { kind: 'good', profile: profile.data, text };
  return { kind: versionOf(value) > PROFILE_VERSION ? 'newer' : 'broken' };
}

const versionOf = (value: unknown): number =>
  typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'number'
    ? value.version
    : 0;

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'the file may not be written',
  EPERM: 'the file may not be written',
  EROFS: 'the disk is read-only',
  ELOCKED: 'another process holds the file',
};

function toFileError(error: unknown, file: string): WinRMError {
  if (error instanceof WinRMError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  return new WinRMError(
    'internal',
    `The list of computers could not be kept: ${REASONS[code] ?? 'the file failed'}.`,
    {
      cause: error,
      detail: `${code} ${file}`.trim(),
    },
  );
}
