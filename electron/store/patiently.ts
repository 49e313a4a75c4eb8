import { setTimeout as sleep } from 'node:timers/promises';

/** What Windows says of a file that somebody, such as a virus scanner, looks into just then. */
const PASSING: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** About a second: whoever only looks is gone by then, and what is not allowed is said soon enough. Milliseconds. */
const PAUSES_MS = [20, 40, 80, 160, 320, 400];

export interface Patience {
  readonly platform?: NodeJS.Platform;
  readonly wait?: (ms: number) => Promise<unknown>;
}

/**
 * Tries what puts a file in its place again while, on Windows, another keeps it from being moved or removed; elsewhere
 * these codes mean what they say.
 *
 * @param work may run several times
 * @throws what the last try throws
 */
export async function patiently<T>(
  work: () => Promise<T>,
  { platform = process.platform, wait = sleep }: Patience = {},
): Promise<T> {
  if (platform !== 'win32') return work();
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!PASSING.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    await wait(pause);
  }
  return work();
}
