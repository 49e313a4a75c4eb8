import { lstat, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { WinRMError } from '../winrm/index.ts';

/** A writer that was killed leaves its lock; after this long another may take it. Milliseconds. */
const STALE_MS = 5_000;
/** How long another may hold it, and how often that is looked at. Milliseconds. */
const PATIENCE_MS = 12_000;
const LOOK_MS = { first: 20, last: 250 };

/**
 * Runs `work` while this process alone holds the file; app and `pssm` both ask here.
 *
 * @param work gets a check to make right before each write: it throws once the lock was lost, as after a sleep
 */
export async function withLock<T>(file: string, work: (check: () => void) => Promise<T>): Promise<T> {
  // Owner only: names and accounts are no secret, but nobody else's business.
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  let lost: Error | undefined;
  const lock = lockOf(file);
  const release = await whenFree(lock, () =>
    lockfile.lock(file, {
      lockfilePath: lock,
      realpath: false, // the file need not exist yet
      stale: STALE_MS,
      onCompromised: (error) => (lost = error),
    }),
  );
  const check = () => {
    if (lost) throw takenOver(file, lost);
  };
  try {
    return await work(check);
  } finally {
    await release().catch(() => undefined); // a lost lock is another's
  }
}

/** Somebody else writes the file, though its lock was ours. */
export const takenOver = (file: string, cause?: Error): WinRMError =>
  new WinRMError('internal', 'Another process took the file over in the middle. Nothing was saved.', {
    ...(cause && { cause }),
    detail: file,
  });

/** On Windows a file that somebody looks into just then cannot be made or removed either. */
const PASSING = ['ELOCKED', ...(process.platform === 'win32' ? ['EPERM', 'EBUSY'] : [])];

/** Waits as long as another holds it; what no waiting mends, such as a folder that cannot be written, is said at once. */
async function whenFree<T>(lock: string, take: () => Promise<T>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (let pause = LOOK_MS.first; ; pause = Math.min(pause * 1.3, LOOK_MS.last)) {
    try {
      return await take();
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (Date.now() > end || ![...PASSING, 'ENOTDIR'].includes(code)) throw error;
      if (code === 'ENOTDIR') await clearAway(lock);
    }
    await sleep(pause * (0.5 + Math.random()));
  }
}

/**
 * A lock is a folder. An empty file in its place, as a program may leave that copies folders, is nobody's.
 *
 * @throws WinRMError where the file says something: it is somebody's
 */
async function clearAway(lock: string): Promise<void> {
  const found = await lstat(lock).catch(() => undefined);
  if (!found || found.isDirectory()) return;
  if (found.isFile() && found.size === 0) return rm(lock, { force: true });
  throw new WinRMError(
    'internal',
    `A file stands where a lock belongs: ${lock}. Nothing was read or saved.`,
    {
      remedy: { text: `Move ${lock} away, then try once more.` },
    },
  );
}

const lockOf = (file: string) => join(dirname(file), basename(file).replace(/\.\w+$/, '.lock'));
