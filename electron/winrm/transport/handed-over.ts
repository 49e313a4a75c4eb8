import { reworded, WinRMError } from '../error.ts';

const known = new WeakSet<object>();

/** Whether it failed while the password itself was out, and the computer had not said that it has all it wants. */
export const wasHandedOver = (error: unknown): error is WinRMError =>
  error instanceof WinRMError && known.has(error);

/**
 * What the request failed with that hands the password over. It has no number of a failure after which a Create is tried
 * again, and does not count as one of the network before anything was sent: each further try would hand it over again.
 *
 * @returns what a person stopped, as it is
 */
export function handedOver(error: unknown): unknown {
  if (!(error instanceof WinRMError) || error.kind === 'cancelled') return error;
  // A limit of time is known by its identity, and where it is sent on to is somebody else.
  const isKept = error.kind === 'timeout' || error.info.location !== undefined;
  const told = isKept ? error : asHandedOver(error);
  known.add(told);
  return told;
}

function asHandedOver(error: WinRMError): WinRMError {
  const { faultCode, network, ...info } = error.info;
  return reworded(error, `${error.message} It had been handed the password by then.`, {
    ...info,
    ...(error.kind === 'denied' && faultCode !== undefined && { faultCode }),
    ...(network && { remedy: { text: 'Ask it again: that hands it the password once more.' } }),
    cause: error,
  });
}
