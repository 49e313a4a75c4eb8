import { useEffect, useRef, useState } from 'react';
import { useAppStore } from '../app-context.ts';
import { AskedRows } from '../asked-rows.ts';
import { isGroup } from '../row-groups.ts';
import type { Item } from '../row-groups.ts';
import type { Row } from '../rows.ts';
import { idsOf } from '../../shared/contract.ts';

interface Pace {
  /** Milliseconds before the first are asked, and between those and the next. */
  readonly pauseMs: number;
  readonly atOnce: number;
}
/** Who only scrolls by asks nothing; then a few at a time. */
const GENTLE: Pace = { pauseMs: 400, atOnce: 4 };
/** For who is about to decide by it. */
export const AT_ONCE: Pace = { pauseMs: 100, atOnce: 16 };

/** Asked once for each answer of its computer; of what is held here the answer comes by itself. */
const isWorthAsking = ({ session, badge, stale }: Row): boolean =>
  !stale && (badge === 'ready' || badge === 'inuse') && session.unlisted === undefined;

/** What runs in the sessions that are seen is asked for. */
export function useAskRunning(lines: readonly Item[], { pauseMs, atOnce }: Pace = GENTLE): void {
  const store = useAppStore();
  const [asked] = useState(() => new AskedRows());
  const due = lines.filter((line): line is Row => !isGroup(line) && isWorthAsking(line));
  // The list is another with each scroll, what it asks for is not.
  const wanted = due.map(({ key, at }) => `${key} ${at}`).join('\n');
  const rows = useRef(due);
  useEffect(() => {
    rows.current = due;
  });
  useEffect(() => {
    const timer = setInterval(() => {
      const next = rows.current.filter((row) => !asked.has(row)).slice(0, atOnce);
      if (next.length === 0) clearInterval(timer);
      for (const row of next) {
        asked.add(row);
        void store.getState().ask('session.commands', idsOf(row));
      }
    }, pauseMs);
    return () => clearInterval(timer);
  }, [store, asked, wanted, pauseMs, atOnce]);
}
