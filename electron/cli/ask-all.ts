import { capOf } from '../login-guard.ts';
import type { Gate } from '../login-guard.ts';
import { systemTimer } from '../timer.ts';
import { SILENT_MS, Turns } from '../turns.ts';

/** What came of asking one; `cancelled` when the run was stopped before it answered. */
export type Answer<Item, T> = { readonly item: Item } & (
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled' }
);

export interface AskAllOptions<Item> {
  /** How many are asked at once. */
  readonly limit: number;
  readonly signal: AbortSignal;
  /** What stands before the logins of asking it; absent where there are none. */
  readonly gateOf?: (item: Item) => Gate | undefined;
}

/**
 * Asks every item, at most `limit` at once, and gives the answers in the items' order. One failure stops no other; who
 * would be asked with a password that was refused twice fails without being asked.
 */
export async function askAll<Item, T>(
  items: readonly Item[],
  ask: (item: Item) => Promise<T>,
  { limit, signal, gateOf = () => undefined }: AskAllOptions<Item>,
): Promise<Answer<Item, T>[]> {
  const turns = new Turns({ limit, silentAfter: { ms: SILENT_MS, timer: systemTimer } });
  const answerOf = async (item: Item, gate: Gate | undefined): Promise<Answer<Item, T>> => {
    try {
      if (signal.aborted) return { item, kind: 'cancelled' };
      if (gate?.refusal) throw gate.refusal;
      return { item, kind: 'answered', value: await ask(item) };
    } catch (error) {
      return signal.aborted ? { item, kind: 'cancelled' } : { item, kind: 'failed', error };
    }
  };
  return Promise.all(
    items.map((item) => {
      const gate = gateOf(item);
      return turns.run(gate?.key ?? '', () => answerOf(item, gate), capOf(gate, limit));
    }),
  );
}
