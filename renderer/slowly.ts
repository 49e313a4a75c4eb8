import { useEffect, useState } from 'react';
import { useAppStore } from './app-context.ts';
import type { AppState } from './store.ts';

/**
 * What is worked out from the state and may lag behind: at once, and then at most every so many milliseconds, the last
 * always. `pick` must be the same function each time, and give the same thing for the same state.
 */
export function useSlowly<T>(pick: (state: AppState) => T, everyMs: number): T {
  const store = useAppStore();
  const [value, setValue] = useState(() => pick(store.getState()));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      setValue(() => pick(store.getState()));
    };
    const stop = store.subscribe(() => (timer ??= setTimeout(look, everyMs)));
    look();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, pick, everyMs]);
  return value;
}
