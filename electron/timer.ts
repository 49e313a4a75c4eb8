/** Runs something after so many milliseconds. @returns takes it back */
export type Timer = (ms: number, run: () => void) => () => void;

/** The system's. Keeps no process alive by itself. */
export const systemTimer: Timer = (ms, run) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
