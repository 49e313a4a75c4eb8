import { createHash } from 'node:crypto';
import type { Proxy } from './proxy-settings.ts';
import { proxySignIn } from './proxy-sign-in.ts';
import type { ProxyAccount, ProxySignIn } from './proxy-sign-in.ts';

/** A refused password is tried again when a person has had time to do something about it. */
const REMEMBERED_MS = 60_000;

/** How one account fares at one proxy. */
interface Standing {
  isTaken: boolean;
  refusal?: { readonly error: unknown; readonly at: number } | undefined;
  /** Settles when the login that is under way was judged or given up. */
  trying?: Promise<void> | undefined;
}

/** A sign-in of which many connections share what is known of the account. */
export interface SharedSignIn extends ProxySignIn {
  /** To be awaited before each request. @throws what the proxy refused the account with */
  turn(): Promise<void>;
  /** The proxy let a request through. */
  taken(): void;
  /** The connection is over. */
  ended(): void;
}

/**
 * Wrong passwords count towards a lock-out at a proxy, too: until an account was taken there one connection at a time
 * tries it, and what was refused is refused to all.
 */
export class ProxyLogins {
  readonly #standings = new Map<string, Standing>();
  readonly #now: () => number;

  /** @param now epoch milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** For one new connection. @throws WinRMError 'invalid' for an account that the mechanism cannot carry */
  signIn(proxy: Proxy, account: ProxyAccount): SharedSignIn {
    const inner = proxySignIn(proxy, account);
    if (!account.credential) return { ...inner, turn: () => Promise.resolve(), taken: ignore, ended: ignore };
    const standing = this.#standingOf(proxy, account);
    let release: (() => void) | undefined;
    const end = () => {
      release?.();
      release = undefined;
    };
    return {
      authorize: (request) => inner.authorize(request),
      turn: async () => {
        while (!release && !standing.isTaken && standing.trying) await standing.trying;
        const { refusal } = standing;
        if (refusal && this.#now() - refusal.at < REMEMBERED_MS) throw refusal.error;
        if (release || standing.isTaken) return;
        standing.trying = new Promise((resolve) => {
          release = () => {
            standing.trying = undefined;
            resolve();
          };
        });
      },
      challenged: async (challenges) => {
        try {
          await inner.challenged(challenges);
        } catch (error) {
          standing.isTaken = false;
          standing.refusal = { error, at: this.#now() };
          end();
          throw error;
        }
      },
      taken: () => {
        standing.isTaken = true;
        standing.refusal = undefined;
        end();
      },
      ended: end,
    };
  }

  #standingOf({ hostname, port }: Proxy, { authentication, credential }: ProxyAccount): Standing {
    const secret = createHash('sha256')
      .update(JSON.stringify([credential?.username, credential?.password]))
      .digest('hex');
    const key = `${authentication} ${hostname} ${port} ${secret}`;
    const standing = this.#standings.get(key) ?? { isTaken: false };
    this.#standings.set(key, standing);
    return standing;
  }
}

const ignore = () => undefined;
