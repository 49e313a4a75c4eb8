/** Runs something after so many milliseconds. @returns takes it back */
export type After = (ms: number, run: () => void) => () => void;

/** The longest that a timer can be set to: one that is set to more ends at once. */
export const LONGEST_MS = 2 ** 31 - 1;

/** By the system's clock. */
export const after: After = (ms, run) => {
  const timer = setTimeout(run, Math.min(ms, LONGEST_MS));
  return () => clearTimeout(timer);
};

/** Ends after so many milliseconds, or at once when the signal aborts; never rejects. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** By hand: timers/promises make an exception of each signal. */
export const waitBy =
  (timer: After): Wait =>
  (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = () => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = timer(ms, end);
      signal.addEventListener('abort', end);
    });

export const wait = waitBy(after);
