import { isBeforeProof, isJudged, isUntold, kerberosCause } from '../auth/kerberos-failure.ts';
import { WinRMError } from '../error.ts';
import { orAborted } from '../or-aborted.ts';
import { SecretKeys } from '../secret-keys.ts';
import { proxyBrokeOff } from './proxy-failure.ts';
import type { Proxy } from './proxy-settings.ts';
import { proxySignIn } from './proxy-sign-in.ts';
import type { ProxyAccount, ProxySignIn } from './proxy-sign-in.ts';

/** What failed before anything was proven is tried again when a person has had time to do something about it. */
const REMEMBERED_MS = 60_000;
/** Passwords change, so what was taken is believed no longer than the app's shortest refresh is apart. */
export const TAKEN_FOR_MS = 10_000;
/** A proxy refuses by itself, and so at once; whoever hears nothing for so long waits for what is behind it. */
export const PATIENCE_MS = 5_000;
/** So often a proxy is shown an account without a word on it: the second time tells that it was not that one computer's own. */
const MAX_LOST = 2;

/** How one account fares at one proxy. */
interface Standing {
  /** When a request with the proof was last let through; epoch milliseconds. */
  takenAt?: number | undefined;
  /** When an answer without a challenge last came to a request that proved nothing; epoch milliseconds. */
  unaskedAt?: number | undefined;
  /** Until it is forgotten where a proof was refused, and else for a while. */
  refusal?: { readonly error: unknown; readonly until: number } | undefined;
  /** So many proofs had no answer since it was last taken, or a person asked. */
  lost?: number;
  /** Settles when the login that is under way was judged or given up. */
  trying?: Promise<void> | undefined;
}

/** A sign-in of which many connections share what is known of the account. */
export interface SharedSignIn extends Pick<ProxySignIn, 'authorize' | 'challenged' | 'report'> {
  /**
   * To be awaited before each request; where nobody was asked for an account just now, only one that proves it waits.
   *
   * @throws what the proxy refused the account with, or `signal.reason`
   */
  turn(signal: AbortSignal): Promise<void>;
  /**
   * An answer came, and no 407.
   *
   * @param wasLetThrough it is not the proxy's own refusal, which may come before anybody looks at the account
   * @param said what the proxy says of itself with it
   * @throws WinRMError where that is not what a proxy that read the proof can say
   */
  answered(wasLetThrough: boolean, said?: readonly string[]): Promise<void>;
  /**
   * The request failed without an answer, by nobody's wish.
   *
   * @returns what it failed with: where it showed the account and that was never taken there, that is what is told
   */
  broke(error: unknown): unknown;
  /** The connection is over. */
  ended(): void;
}

export interface ProxyLoginsDeps {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls once, later, unless it is taken back; must not keep the process. */
  readonly after: (ms: number, call: () => void) => () => void;
}

const SYSTEM: ProxyLoginsDeps = {
  now: Date.now,
  after: (ms, call) => {
    const timer = setTimeout(call, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** The turn of one connection to try an account. */
class Turn {
  readonly #standing: Standing;
  readonly #deps: ProxyLoginsDeps;
  #release: (() => void) | undefined;

  constructor(standing: Standing, deps: ProxyLoginsDeps) {
    this.#standing = standing;
    this.#deps = deps;
  }

  get isHeld(): boolean {
    return this.#release !== undefined;
  }

  take(): void {
    const standing = this.#standing;
    standing.trying = new Promise((resolve) => {
      const cancel = this.#deps.after(PATIENCE_MS, () => {
        if (standing.takenAt !== undefined) standing.takenAt = this.#deps.now();
        this.end();
      });
      this.#release = () => {
        cancel();
        standing.trying = undefined;
        resolve();
      };
    });
  }

  end(): void {
    this.#release?.();
    this.#release = undefined;
  }

  /** What is thrown is the account's refusal, unless nobody wants to know any more. */
  async judge(
    work: () => Promise<void> | undefined,
    isOfProof: (error: unknown) => boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!signal?.aborted) {
        this.#standing.takenAt = undefined;
        const until = isOfProof(error) ? Infinity : this.#deps.now() + REMEMBERED_MS;
        this.#standing.refusal = { error, until };
      }
      this.end();
      throw error;
    }
  }
}

/**
 * Wrong passwords count towards a lock-out at a proxy, too: unless an account was taken there just now, one connection
 * at a time tries it, and what was refused is refused to all, until a person wants to know how it stands: what the app
 * asks by itself, each minute perhaps, must not send it again. So it is with one that was never taken there, and had no
 * answer twice: a proxy that closes may have judged it. A ticket that was not taken is shown again after a minute. One
 * that hears nothing gives its turn away, and an account that was taken before counts as taken then.
 */
export class ProxyLogins {
  readonly #standings = new Map<string, Standing>();
  readonly #deps: ProxyLoginsDeps;
  readonly #keys = new SecretKeys();

  constructor(deps = SYSTEM) {
    this.#deps = deps;
  }

  /** For one new connection. @throws WinRMError 'invalid' for an account that the mechanism cannot carry */
  signIn(proxy: Proxy, account: ProxyAccount): SharedSignIn {
    const { now, after } = this.#deps;
    const inner = proxySignIn(proxy, account, now);
    if (!account.credential) {
      return { ...inner, turn: done, answered: done, broke: (error) => error, ended: () => undefined };
    }
    const standing = this.#standingOf(proxy, account);
    const turn = new Turn(standing, { now, after });
    /** The request that is out carries the whole proof. */
    let carriesProof = false;
    /** Nothing that could be refused travels, or it was taken just now. */
    const isFree = () =>
      isRecent(standing.takenAt, now()) ||
      (!inner.isProving && (inner.hasProven || isRecent(standing.unaskedAt, now())));
    return {
      get report() {
        return inner.report;
      },
      authorize: (request) => {
        const { isProving } = inner;
        const authorization = inner.authorize(request);
        carriesProof = isProving && inner.hasProven;
        return authorization;
      },
      turn: async (signal) => {
        while (!turn.isHeld && !isFree() && standing.trying) await orAborted(standing.trying, signal);
        signal.throwIfAborted();
        const { refusal } = standing;
        if (refusal && now() < refusal.until) throw refusal.error;
        if (!turn.isHeld && !isFree()) turn.take();
        await turn.judge(() => inner.prepare?.(signal), wasTold, signal);
      },
      challenged: (challenges) => {
        const wasProof = carriesProof;
        return turn.judge(
          () => inner.challenged(challenges),
          (error) => wasProof && !isOfTicket(error),
        );
      },
      answered: async (wasLetThrough, said = []) => {
        const checking = carriesProof ? inner.check?.(said) : undefined;
        if (checking) await checking.finally(() => turn.end());
        if (wasLetThrough && carriesProof) {
          inner.taken?.();
          Object.assign(standing, { takenAt: now(), refusal: undefined, lost: 0 } satisfies Standing);
        } else if (!inner.hasProven) standing.unaskedAt = now();
        turn.end();
        if (inner.hasProven) inner.release?.();
      },
      broke: (error) => {
        if (!carriesProof || standing.takenAt !== undefined) return error;
        standing.lost = (standing.lost ?? 0) + 1;
        const isLast = standing.lost >= MAX_LOST;
        if (isLast) standing.refusal = { error: proxyBrokeOff(proxy, error, isLast), until: Infinity };
        return isUnreachable(error) ? proxyBrokeOff(proxy, error, isLast) : error;
      },
      ended: () => {
        turn.end();
        inner.release?.();
      },
    };
  }

  /** A person wants to know how it stands now. */
  forgetRefusals(): void {
    for (const standing of this.#standings.values()) Object.assign(standing, { refusal: undefined, lost: 0 });
  }

  #standingOf({ hostname, port }: Proxy, { authentication, credential }: ProxyAccount): Standing {
    const secret = this.#keys.of(credential?.username, credential?.password);
    const key = `${authentication} ${hostname} ${port} ${secret}`;
    const standing = this.#standings.get(key) ?? {};
    this.#standings.set(key, standing);
    return standing;
  }
}

const isRecent = (at: number | undefined, now: number) => at !== undefined && now - at < TAKEN_FOR_MS;

const isUnreachable = (error: unknown) => error instanceof WinRMError && error.kind === 'unreachable';

const causeOf = (error: unknown): unknown =>
  error instanceof WinRMError && error.cause !== undefined ? error.cause : error;

/** Whether a KDC got the password, or judged the account without it. */
function wasTold(error: unknown): boolean {
  const cause = causeOf(error);
  const isUnclear = kerberosCause(cause) !== undefined && !isBeforeProof(cause) && !isUntold(cause);
  return isJudged(cause) || isUnclear;
}

/**
 * A proxy that does not take a ticket has judged no password: the KDC took that. What keeps it from it (its clock, its
 * key, who has its name) is mended elsewhere, and nobody would know that it has to be asked for anew here.
 */
const isOfTicket = (error: unknown): boolean => kerberosCause(causeOf(error)) !== undefined;

const done = () => Promise.resolve();
