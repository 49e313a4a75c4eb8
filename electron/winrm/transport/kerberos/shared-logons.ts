import { createHmac, randomBytes } from 'node:crypto';
import { kerberosCause } from '../../auth/kerberos-failure.ts';
import type { KerberosAccount, KerberosLogon, KerberosProvider } from '../../auth/kerberos-provider.ts';

/**
 * A sweep asks hundreds of computers with one account: the KDC is told its password once. No longer, so that a password
 * that was changed, or an account that was locked meanwhile, is noticed with the next look.
 */
const SHARED_FOR_MS = 60_000;
/** A KDC that did not answer is not waited for again by each of them. */
const DOWN_FOR_MS = 30_000;

interface Shared {
  readonly logon: Promise<KerberosLogon>;
  readonly until: number;
}

export interface SharedLogonsDeps {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls once, later; must not keep the process. */
  readonly after: (ms: number, call: () => void) => void;
}

const SYSTEM: SharedLogonsDeps = {
  now: () => performance.now(),
  after: (ms, call) => void setTimeout(call, ms).unref(),
};

/** One logon for all that sign in with the same account and password at about the same time. */
export class SharedLogons implements KerberosProvider {
  readonly #provider: KerberosProvider;
  readonly #deps: SharedLogonsDeps;
  readonly #shared = new Map<string, Shared>();
  readonly #salt = randomBytes(32);

  constructor(provider: KerberosProvider, deps = SYSTEM) {
    this.#provider = provider;
    this.#deps = deps;
  }

  defaultRealm(): string | undefined {
    return this.#provider.defaultRealm();
  }

  async logOn(account: KerberosAccount | undefined): Promise<KerberosLogon> {
    if (!account) return this.#provider.logOn(undefined);
    const key = createHmac('sha256', this.#salt)
      .update(JSON.stringify([account.principal, account.password]))
      .digest('base64');
    const known = this.#shared.get(key);
    const shared = known && known.until > this.#deps.now() ? known : this.#begin(key, account);
    const { principal, openSession } = await shared.logon;
    // Its sessions hold the ticket by themselves; it is given back when its time is over.
    return { principal, openSession, release: () => undefined };
  }

  #begin(key: string, account: KerberosAccount): Shared {
    const { now, after } = this.#deps;
    const logon = this.#provider.logOn(account);
    const shared = { logon, until: now() + SHARED_FOR_MS };
    const forget = () => {
      if (this.#shared.get(key) === shared) this.#shared.delete(key);
    };
    this.#shared.set(key, shared);
    logon.then(
      ({ release }) =>
        after(SHARED_FOR_MS, () => {
          forget();
          release();
        }),
      (error: unknown) => {
        // What was refused may be tried again as soon as somebody lets it.
        if (kerberosCause(error) === 'kdcUnreachable') after(DOWN_FOR_MS, forget);
        else forget();
      },
    );
    return shared;
  }
}
