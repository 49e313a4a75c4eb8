import { useEffect, useRef } from 'react';
import { useAppStore } from '../app-context.ts';
import { isGroup } from '../row-groups.ts';
import type { Item } from '../row-groups.ts';
import type { Row } from '../rows.ts';
import { idsOf } from '../store.ts';

/** Who only scrolls by asks nothing; then a few at a time. Milliseconds. */
const PAUSE_MS = 400;
const AT_ONCE = 4;

/** Asked once for each answer of its computer; of what is held here the answer comes by itself. */
const isWorthAsking = ({ session, badge, stale }: Row): boolean =>
  !stale && (badge === 'ready' || badge === 'inuse') && session.unlisted === undefined;

/** What runs in the sessions that are seen is asked for, gently. */
export function useAskRunning(lines: readonly Item[]): void {
  const store = useAppStore();
  /** Of what age the answer was for which a row was asked. */
  const asked = useRef(new Map<string, number>());
  const due = lines.filter((line): line is Row => !isGroup(line) && isWorthAsking(line));
  // The list is another with each scroll, what it asks for is not.
  const wanted = due.map(({ key, at }) => `${key} ${at}`).join('\n');
  const rows = useRef(due);
  useEffect(() => {
    rows.current = due;
  });
  useEffect(() => {
    const timer = setInterval(() => {
      const next = rows.current.filter(({ key, at }) => asked.current.get(key) !== at).slice(0, AT_ONCE);
      if (next.length === 0) clearInterval(timer);
      for (const row of next) {
        asked.current.set(row.key, row.at);
        void store.getState().ask('session.commands', idsOf(row));
      }
    }, PAUSE_MS);
    return () => clearInterval(timer);
  }, [store, wanted]);
}
