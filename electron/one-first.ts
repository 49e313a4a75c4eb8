import type { Later } from './coalesce.ts';

/**
 * Visits the items one after another until one of them says that the way is clear, then all that remain at once.
 * One that has not said anything when `wait` is over is passed by, but still heard.
 */
export async function oneFirst<T>(
  items: readonly T[],
  visit: (item: T) => Promise<boolean>,
  wait: Later,
): Promise<void> {
  const visits: Promise<void>[] = [];
  let isClear = false;
  let clear: () => void = () => undefined;
  const cleared = new Promise<void>((resolve) => (clear = resolve));
  for (const item of items) {
    const visited = visit(item).then((said) => {
      if (!said) return;
      isClear = true;
      clear();
    });
    visits.push(visited);
    if (!isClear) await Promise.race([visited, cleared, new Promise<void>(wait)]);
  }
  await Promise.all(visits);
}
