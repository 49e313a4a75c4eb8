/** When the gathered entries go out; a timer, in the app. */
export type Later = (send: () => void) => void;

const later =
  (delayMs: number): Later =>
  (send) =>
    void setTimeout(send, delayMs);

/**
 * Gathers entries and hands them on together after `delay` (milliseconds, or a timer handed in); of two entries with
 * one key the later wins. Bounds what a fleet that answers all at once can ask of the window.
 */
export function coalesce<K, V>(
  send: (entries: [K, V][]) => void,
  delay: number | Later,
): (entry: readonly [K, V]) => void {
  const wait = typeof delay === 'number' ? later(delay) : delay;
  let pending = new Map<K, V>();
  const flush = () => {
    const ready = [...pending];
    pending = new Map();
    send(ready);
  };
  return ([key, value]) => {
    const isFirst = pending.size === 0;
    pending.set(key, value);
    if (isFirst) wait(flush);
  };
}

/** While more than this are still to come, the news is gathered for longer: nobody reads it piece by piece. */
const MANY = 500;
const GATHER_MANY_MS = 500;

/** @param left how many are still to come */
export const paced = (delay: number | Later, left: () => number): Later =>
  typeof delay === 'number' ? (send) => later(left() > MANY ? GATHER_MANY_MS : delay)(send) : delay;
