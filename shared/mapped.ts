/** The very list where nothing of it changes. */
export function mapped<T>(items: T[], change: (item: T) => T): T[] {
  const next = items.map(change);
  return next.every((item, i) => item === items[i]) ? items : next;
}
