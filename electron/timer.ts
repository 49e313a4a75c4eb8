/** Runs something after so many milliseconds. @returns takes it back */
export type Timer = (ms: number, run: () => void) => () => void;

/** Resolves when the work has ended, or after so many milliseconds: then it goes on by itself. */
export function atMost(ms: number, work: Promise<unknown>, timer: Timer): Promise<void> {
  return new Promise((resolve) => {
    const cancel = timer(ms, resolve);
    const end = () => {
      cancel();
      resolve();
    };
    // Whoever began the work hears of its failure.
    work.then(end, end);
  });
}

/** The system's. Keeps no process alive by itself. */
export const systemTimer: Timer = (ms, run) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
