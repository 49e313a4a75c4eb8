import { useEffect, useState } from 'react';

/** A window that is not seen has no frames. Milliseconds. */
const UNSEEN_MS = 1_000;

/** Runs something once what was drawn before is on its way to the screen. @returns how to call it off */
export function afterFrame(run: () => void): () => void {
  const stop = () => {
    cancelAnimationFrame(asked);
    clearTimeout(unseen);
  };
  const done = () => {
    stop();
    run();
  };
  let asked = requestAnimationFrame(() => {
    asked = requestAnimationFrame(done);
  });
  const unseen = setTimeout(done, UNSEEN_MS);
  return stop;
}

/** Runs something once what was drawn before is on the screen and nobody waits for anything. @returns how to call it off */
export function whenIdle(run: () => void): () => void {
  let stop = afterFrame(() => {
    const asked = requestIdleCallback(run, { timeout: UNSEEN_MS });
    stop = () => cancelIdleCallback(asked);
  });
  return () => stop();
}

/** False in the first frame. */
export function useAfterFrame(): boolean {
  const [isAfter, setIsAfter] = useState(false);
  useEffect(() => afterFrame(() => setIsAfter(true)), []);
  return isAfter;
}
