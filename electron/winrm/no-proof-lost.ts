const known = new WeakSet<object>();

/** @returns the same error, of a request that left no proof with a computer that did not judge it */
export function withoutLostProof<E>(error: E): E {
  if (typeof error === 'object' && error !== null) known.add(error);
  return error;
}

/** Whether whoever asks again after it shows no password that may have been judged unheard. */
export const lostNoProof = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && known.has(error);
