import { kerberosCause, rememberedFailure, sameFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosCause } from '../../auth/kerberos-failure.ts';
import type { KerberosAccount, KerberosLogon, KerberosProvider } from '../../auth/kerberos-provider.ts';
import { WinRMError } from '../../error.ts';
import { orAborted } from '../../or-aborted.ts';
import { SecretKeys } from '../../secret-keys.ts';
import { DOWN_FOR_MS, DownKdcs } from './down-kdcs.ts';
import { holdTicket, releaseOnce } from './held-ticket.ts';
import type { HeldTicket } from './held-ticket.ts';

/**
 * A sweep asks hundreds of computers with one account: the KDC is told its password once. No longer, so that a password
 * that was changed, or an account that was locked meanwhile, is noticed with the next look.
 */
const SHARED_FOR_MS = 60_000;
/** What each of many would find out anew. Where the password was told, each would have it judged again, or perhaps did. */
const FOUND_OUT: readonly unknown[] = [
  ...(['kdcUnreachable', 'wrongRealm'] satisfies KerberosCause[]),
  ...(['brokenOff', 'notGiven', 'other', 'clockSkew'] satisfies KerberosCause[]),
];
const isFoundOut = (error: unknown): error is WinRMError =>
  error instanceof WinRMError && FOUND_OUT.includes(kerberosCause(error));

interface Shared {
  readonly logon: Promise<HeldTicket<KerberosLogon>>;
  readonly until: number;
  /** Why there is none, once that is known. */
  failure?: WinRMError;
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

/**
 * One logon for all that sign in with the same account and password at about the same time, and one memory of the KDCs
 * that do not answer.
 */
export class SharedLogons implements KerberosProvider {
  readonly takesShortNames: boolean;
  readonly #provider: KerberosProvider;
  readonly #deps: SharedLogonsDeps;
  readonly #shared = new Map<string, Shared>();
  readonly #keys = new SecretKeys();
  readonly #kdcs: DownKdcs;

  constructor(provider: KerberosProvider, deps = SYSTEM) {
    this.takesShortNames = provider.takesShortNames;
    this.#provider = provider;
    this.#deps = deps;
    this.#kdcs = new DownKdcs(deps.now);
  }

  defaultRealm(): string | undefined {
    return this.#provider.defaultRealm();
  }

  async logOn(account: KerberosAccount | undefined, signal?: AbortSignal): Promise<KerberosLogon> {
    const own = account ? await this.#share(account, signal) : await this.#provider.logOn(undefined, signal);
    const { principal, openSession, release } = own;
    return {
      principal,
      isUnproven: () => own.isUnproven?.() ?? false,
      openSession: (spn, binding) => this.#kdcs.watch(openSession(spn, binding), principal, spn),
      release,
    };
  }

  /** Whoever wants to know how it stands now has the KDCs asked that did not answer just before. */
  forgetSilence(): void {
    this.#kdcs.forget();
    for (const [key, { failure }] of this.#shared) if (failure) this.#shared.delete(key);
  }

  /** Others wait for it, too, so it is begun without anybody's signal. */
  async #share(account: KerberosAccount, signal: AbortSignal | undefined): Promise<KerberosLogon> {
    const key = this.#keys.of(account.principal, account.upn, account.password);
    const known = this.#shared.get(key);
    const isKnown = known && known.until > this.#deps.now();
    if (isKnown && known.failure) throw rememberedFailure(known.failure);
    const { logon } = isKnown ? known : this.#begin(key, account);
    // Who waits for what another began has told nobody anything.
    const heard = isKnown
      ? logon.catch((error: unknown) => Promise.reject(isFoundOut(error) ? sameFailure(error) : error))
      : logon;
    const held = await (signal ? orAborted(heard, signal) : heard);
    // Its time may be over before this caller is done with it.
    held.hold();
    const { principal, openSession, isUnproven = () => false } = held.handle;
    return { principal, openSession, isUnproven, release: releaseOnce(held) };
  }

  #begin(key: string, account: KerberosAccount): Shared {
    const { now, after } = this.#deps;
    const logon = this.#provider
      .logOn(account)
      .then((own) => holdTicket(own, own.principal, () => own.release()));
    const shared: Shared = { logon, until: now() + SHARED_FOR_MS };
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
        if (!isFoundOut(error)) return forget();
        shared.failure = error;
        after(DOWN_FOR_MS, forget);
      },
    );
    return shared;
  }
}
