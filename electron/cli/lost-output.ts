/**
 * Why nothing can be written to a stream any more, where that is what stopped the run: a system's error with its code,
 * such as EPIPE of a reader that went away. Undefined where somebody else stopped it, or nobody.
 */
export function lostOutput({ aborted, reason }: AbortSignal): NodeJS.ErrnoException | undefined {
  if (!aborted || !(reason instanceof Error)) return undefined;
  const error: NodeJS.ErrnoException = reason;
  return typeof error.code === 'string' ? error : undefined;
}
