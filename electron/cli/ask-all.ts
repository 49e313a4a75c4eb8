import { oneFirst } from '../one-first.ts';
import { limiter } from '../throttle.ts';
import { WinRMError } from '../winrm/index.ts';

/** What came of asking one; `cancelled` when the run was stopped before it answered. */
export type Answer<Item, T> = { readonly item: Item } & (
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'cancelled' }
);

/** One that says nothing for so long gives its turn to the next. */
const TURN_MS = 300;
/** Domains lock an account after a handful; the second tells that it was not that one computer's own account. */
const MAX_REFUSALS = 2;

/**
 * Asks every item, at most `limit` at once, and gives the answers in the items' order. One failure stops no other, but
 * until the account was let in somewhere they are asked one by one, and none any more if it was refused twice before that.
 */
export async function askAll<Item, T>(
  items: readonly Item[],
  limit: number,
  ask: (item: Item) => Promise<T>,
  signal: AbortSignal,
): Promise<Answer<Item, T>[]> {
  const answers = items.map((item): Answer<Item, T> => ({ item, kind: 'cancelled' }));
  const limited = limiter(limit);
  let refusals = 0;
  let isLetIn = false;
  const visit = async ([index, item]: readonly [number, Item]): Promise<boolean> => {
    if (signal.aborted) return true;
    try {
      if (refusals >= MAX_REFUSALS && !isLetIn) throw notAsked();
      answers[index] = { item, kind: 'answered', value: await ask(item) };
      isLetIn = true;
    } catch (error) {
      if (!signal.aborted) answers[index] = { item, kind: 'failed', error };
      if (error instanceof WinRMError && error.kind === 'unauthenticated') refusals++;
    }
    return isLetIn;
  };
  await oneFirst(
    [...items.entries()],
    (entry) => limited(() => visit(entry)),
    (next) => setTimeout(next, TURN_MS).unref(),
  );
  return answers;
}

const notAsked = () =>
  new WinRMError('unauthenticated', 'It was not asked, because the account was refused twice before.', {
    remedy: {
      text: 'Check user name and password: each refusal counts towards the lock-out of the account.',
    },
    faultCode: 5,
    errorId: 'AccessDenied',
  });
