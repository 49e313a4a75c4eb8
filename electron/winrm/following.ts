export interface Following {
  /** Aborts with the signal that is followed, or by itself. */
  readonly controller: AbortController;
  /** To be called in the end: what is followed may live long. */
  readonly letGo: () => void;
}

/**
 * As AbortSignal.any would have it, which costs several times as much, and never gives back what it hangs on a signal
 * that lives long (Node 20): a sweep makes one for each of its requests.
 */
export function following(signal: AbortSignal | undefined): Following {
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort);
  return { controller, letGo: () => signal?.removeEventListener('abort', abort) };
}
