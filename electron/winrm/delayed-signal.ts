import type { Wait } from './wait.ts';

/**
 * Aborts as `signal` does, for the same reason, but so many milliseconds later; at once if that is aborted already, and
 * not any more after `over`.
 */
export function delayed(signal: AbortSignal, ms: number, over: AbortSignal, wait: Wait): AbortSignal {
  if (signal.aborted) return signal;
  const controller = new AbortController();
  const begin = () => void wait(ms, over).then(() => over.aborted || controller.abort(signal.reason));
  signal.addEventListener('abort', begin, { once: true, signal: over });
  return controller.signal;
}
