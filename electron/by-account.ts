/** Those of one account together, in the order of the accounts; first those of which an answer is to be expected soon. */
export function byAccount<T>(
  items: readonly T[],
  accountOf: (item: T) => string,
  isReady: (item: T) => boolean = () => false,
): T[][] {
  const accounts = new Map<string, { ready: T[]; others: T[] }>();
  for (const item of items) {
    const name = accountOf(item);
    const account = accounts.get(name) ?? { ready: [], others: [] };
    accounts.set(name, account);
    account[isReady(item) ? 'ready' : 'others'].push(item);
  }
  return [...accounts.values()].map(({ ready, others }) => [...ready, ...others]);
}
