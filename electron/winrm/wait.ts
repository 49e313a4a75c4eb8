/** Ends after so many milliseconds, or at once when the signal aborts; never rejects. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** The longest that a timer can be set to: one that is set to more ends at once. */
export const LONGEST_MS = 2 ** 31 - 1;

/** By hand: timers/promises make an exception of each signal, and every request has one. */
export const wait: Wait = (ms, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, LONGEST_MS));
    signal.addEventListener('abort', end);
  });
