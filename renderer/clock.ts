import { useSyncExternalStore } from 'react';

const TICK_MS = 5_000;
const hearers = new Set<() => void>();
let tick = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole window, running only while somebody looks at it. */
function hearTicks(changed: () => void): () => void {
  hearers.add(changed);
  timer ??= setInterval(() => {
    tick = Date.now();
    for (const hearer of hearers) hearer();
  }, TICK_MS);
  return () => {
    hearers.delete(changed);
    if (hearers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time as all that is on the screen has it, a few seconds exact. Epoch milliseconds. */
export const shownNow = (): number => tick;

/** The time of day for ages and countdowns. Epoch milliseconds. */
export const useNow = (): number => useSyncExternalStore(hearTicks, shownNow);
