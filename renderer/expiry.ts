import { duration } from './format.ts';

/** Answers travel, and Windows looks once in a while only: so long after its time a session expires now. */
const NOW_MS = 60_000;

/** What a cell says: `41 m`, `now`, `overdue`; never a negative time. @param left milliseconds, see expiresInOf */
export const expiryWord = (left: number): string =>
  left > 0 ? duration(left) : left > -NOW_MS ? 'now' : 'overdue';

/** The same as a sentence's beginning: `Expires in 41 m`. */
export const expirySentence = (left: number): string =>
  left > 0
    ? `Expires in ${duration(left)}`
    : left > -NOW_MS
      ? 'Expires now'
      : `Overdue for ${duration(-left)}`;
