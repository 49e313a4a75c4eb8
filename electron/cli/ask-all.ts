import { throttle } from '../throttle.ts';

/** What came of asking one; `cancelled` when the run was stopped before it answered. */
export type Answer<Item, T> = { readonly item: Item } & (
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled' }
);

/** Asks every item, at most `limit` at once, and gives the answers in the items' order. One failure stops no other. */
export async function askAll<Item, T>(
  items: readonly Item[],
  limit: number,
  ask: (item: Item) => Promise<T>,
  signal: AbortSignal,
): Promise<Answer<Item, T>[]> {
  const answers = items.map((item): Answer<Item, T> => ({ item, kind: 'cancelled' }));
  await throttle([...items.entries()], limit, async ([index, item]) => {
    if (signal.aborted) return;
    try {
      answers[index] = { item, kind: 'answered', value: await ask(item) };
    } catch (error) {
      if (!signal.aborted) answers[index] = { item, kind: 'failed', error };
    }
  });
  return answers;
}
