import { setTimeout as sleep } from 'node:timers/promises';

/** Ends after so many milliseconds, or at once when the signal aborts; never rejects. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** The longest that a timer can be set to. */
const LONGEST_MS = 2 ** 31 - 1;

export const wait: Wait = (ms, signal) =>
  sleep(Math.min(ms, LONGEST_MS), undefined, { signal }).catch(() => undefined);
