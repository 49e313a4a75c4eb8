import { kerberosCause, kerberosFailure, rememberedFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosSession } from '../../auth/kerberos-provider.ts';
import { giveUpTurns } from './native-calls.ts';

/** A KDC that did not answer is not waited for again by each of many. */
export const DOWN_FOR_MS = 30_000;

export const realmOf = (principal: string): string => principal.slice(principal.lastIndexOf('@') + 1);

/**
 * Whose answer a ticket hangs on, as far as can be told before: which realm a service is in only its KDC knows, but
 * computers of one domain are mostly in one. So a trusted realm that is down does not count for the others.
 *
 * @param spn `HTTP/web01.lab.test`
 */
export function kdcBehind(principal: string, spn: string): string {
  const host = spn.slice(spn.indexOf('/') + 1).toLowerCase();
  const dot = host.indexOf('.');
  return `${realmOf(principal)} for ${dot < 0 ? '' : host.slice(dot + 1)}`;
}

/** Remembers for a while which KDCs did not answer when a ticket was asked for. */
export class DownKdcs {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Asks all of them again. */
  forget(): void {
    this.#until.clear();
  }

  /** The session, whose first step fails at once where its KDC is known to be down. */
  watch(session: KerberosSession, principal: string, spn: string): KerberosSession {
    const which = kdcBehind(principal, spn);
    return {
      get complete() {
        return session.complete;
      },
      step: async (token, signal) => {
        if (token) return session.step(token, signal);
        if ((this.#until.get(which) ?? 0) > this.#now())
          throw rememberedFailure(
            kerberosFailure('kdcUnreachable', { principal: principal || undefined, spn }),
          );
        try {
          const first = await session.step(undefined, signal);
          this.#until.delete(which);
          return first;
        } catch (error) {
          if (kerberosCause(error) === 'kdcUnreachable') {
            this.#until.set(which, this.#now() + DOWN_FOR_MS);
            giveUpTurns(which);
          }
          throw error;
        }
      },
      wrap: (plain) => session.wrap(plain),
      unwrap: (sealed) => session.unwrap(sealed),
      sign: (message) => session.sign(message),
      verify: (message, signature) => session.verify(message, signature),
      release: () => session.release(),
    };
  }
}
