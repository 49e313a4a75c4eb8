import type { ErrorKind } from '../../shared/error.ts';
import { reworded, WinRMError } from './error.ts';

/** Words of the computer's own by which it left all as it was. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set([
  'denied',
  'fault',
  'invalid',
  'unauthenticated',
  'untrusted',
]);
/** Of an HTTP answer without SOAP: the path leads nowhere, or no service is behind it. */
const NO_SERVICE: ReadonlySet<number | undefined> = new Set([2150859026, 2150859027]);

/** Whether what was asked for is certain not to have been done: the computer said so, or was never reached. */
export const wasNotCarriedOut = (error: unknown): boolean =>
  error instanceof WinRMError && (REFUSALS.has(error.kind) || error.info.network === 'before');

/** The same of a Create. Beside what the computer itself refuses: where no service is, or it is at another place, nothing is made. */
export const wasNotMade = (error: unknown): boolean =>
  wasNotCarriedOut(error) ||
  (error instanceof WinRMError &&
    error.info.network === undefined &&
    (error.info.location !== undefined || NO_SERVICE.has(error.faultCode)));

/** What a Delete failed with. Of one that had no answer in time it is told that it may have been carried out. */
export function whyNotRemoved(error: unknown): unknown {
  if (!(error instanceof WinRMError) || error.kind !== 'timeout') return error;
  const text = 'Refresh before you repeat it: it may have been removed by now, which Get-PSSession shows.';
  return reworded(error, error.message, {
    ...error.info,
    remedy: { text },
    cause: error.cause,
  });
}
