import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import lockfile from 'proper-lockfile';
import { WinRMError } from '../winrm/index.ts';

/** A writer that was killed leaves its lock; after this long another may take it. Milliseconds. */
const STALE_MS = 5_000;
const RETRIES = { retries: 60, factor: 1.3, minTimeout: 20, maxTimeout: 250, randomize: true };

/**
 * Runs `work` while this process alone holds the file; app and `pssm` both ask here.
 *
 * @param work gets a check to make right before each write: it throws once the lock was lost, as after a sleep
 */
export async function withLock<T>(file: string, work: (check: () => void) => Promise<T>): Promise<T> {
  // Owner only: names and accounts are no secret, but nobody else's business.
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  let lost: Error | undefined;
  const release = await lockfile.lock(file, {
    lockfilePath: lockOf(file),
    realpath: false, // the file need not exist yet
    stale: STALE_MS,
    retries: RETRIES,
    onCompromised: (error) => (lost = error),
  });
  const check = () => {
    if (!lost) return;
    throw new WinRMError('internal', 'Another process took the file over in the middle. Nothing was saved.', {
      cause: lost,
      detail: file,
    });
  };
  try {
    return await work(check);
  } finally {
    await release().catch(() => undefined); // a lost lock is another's
  }
}

const lockOf = (file: string) => join(dirname(file), basename(file).replace(/\.\w+$/, '.lock'));
