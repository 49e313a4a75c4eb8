/** Of a password that was taken before one refusal may be that computer's own trouble; two are the account's. */
const MAX_REFUSALS = 2;

export interface Account {
  readonly username: string;
  readonly password: string;
}

const pairOf = ({ username, password }: Account) => `${username}\n${password}`;

export const isSameAccount = (a: Account, b: Account): boolean => pairOf(a) === pairOf(b);

/** How passwords fared, by account and password. */
export class Refusals {
  /** Since it was last taken; absent for one that never was. */
  readonly #counts = new Map<string, number>();

  /** Typed anew: what came of it before does not count. */
  fresh(account: Account): void {
    this.#counts.delete(pairOf(account));
  }

  /** A computer took it, so that another's refusal is that one's own matter. */
  taken(account: Account): void {
    this.#counts.set(pairOf(account), 0);
  }

  /** @returns whether nobody is to be asked with it any more: nobody ever took it, or two refused it since */
  refused(account: Account): boolean {
    const pair = pairOf(account);
    const count = (this.#counts.get(pair) ?? MAX_REFUSALS) + 1;
    if (count < MAX_REFUSALS) this.#counts.set(pair, count);
    else this.#counts.delete(pair);
    return count >= MAX_REFUSALS;
  }

  clear(): void {
    this.#counts.clear();
  }
}
