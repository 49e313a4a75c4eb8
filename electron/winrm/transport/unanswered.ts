import type { WinRMError } from '../error.ts';

const unanswered = new WeakSet<Error>();

/** @returns the same error, of a request whose connection broke before any byte of its answer came */
export function withoutAnswer(error: WinRMError): WinRMError {
  if (error.info.network === 'after') unanswered.add(error);
  return error;
}

/** True for what such a request failed with. */
export const isClosedUnanswered = (error: unknown): boolean =>
  error instanceof Error && unanswered.has(error);
