import { useEffect } from 'react';
import { useApp, useAppStore } from '../app-context.ts';
import { seeing } from '../marks.ts';
import type { Item } from '../row-groups.ts';

/** So long a row stands in sight until it counts as seen. Milliseconds. */
const LOOK_MS = 5_000;

/** What stood in sight for a while, in a window that is looked at, is news no more. */
export function useSeen(lines: readonly Item[]): void {
  const store = useAppStore();
  const fresh = useApp((state) => state.marks.fresh);
  const seen = useApp((state) => state.seen);
  const news = lines
    .map(({ key }) => key)
    .filter((key) => (fresh.get(key) ?? 0) > (seen.get(key) ?? 0))
    .join('\n');
  useEffect(() => {
    if (!news) return undefined;
    const timer = setInterval(() => {
      if (!document.hasFocus()) return;
      const state = store.getState();
      state.show({ seen: seeing(state.marks, state.seen, news.split('\n')) });
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [store, news]);
}
