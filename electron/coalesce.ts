/** When the gathered entries go out; a timer, in the app. */
export type Later = (send: () => void) => void;

const later =
  (delayMs: number): Later =>
  (send) =>
    void setTimeout(send, delayMs);

export interface Gathering<K, V> {
  (entry: readonly [K, V]): void;
  /** Hands on what there is by now without waiting. */
  flush(): void;
}

/**
 * Gathers entries and hands them on together after `delay` (milliseconds, or a timer handed in); of two entries with
 * one key the later wins. Bounds what a fleet that answers all at once can ask of the window.
 */
export function coalesce<K, V>(send: (entries: [K, V][]) => void, delay: number | Later): Gathering<K, V> {
  const wait = typeof delay === 'number' ? later(delay) : delay;
  let pending = new Map<K, V>();
  let isWaiting = false;
  const flush = () => {
    if (pending.size === 0) return;
    const ready = [...pending];
    pending = new Map();
    send(ready);
  };
  const gather = ([key, value]: readonly [K, V]) => {
    pending.set(key, value);
    if (isWaiting) return;
    isWaiting = true;
    wait(() => ((isWaiting = false), flush()));
  };
  return Object.assign(gather, { flush });
}

/** While more than so many are still to come, the news is gathered for so long: nobody reads it piece by piece. */
const PACES = [
  { left: 2_000, ms: 1_000 },
  { left: 500, ms: 500 },
] as const;

/** @param left how many are still to come */
export const paced =
  (delay: number | Later, left: () => number): Later =>
  (send) => {
    if (typeof delay !== 'number') return delay(send);
    const pace = PACES.find((one) => left() > one.left);
    later(pace?.ms ?? delay)(send);
  };
