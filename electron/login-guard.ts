import { systemTimer } from './timer.ts';
import type { Timer } from './timer.ts';
import { isClientCertificate, SecretKeys, WinRMError } from './winrm/index.ts';
import type { AnyCredential, BeforeLogin, Credential, LoginAttempt } from './winrm/index.ts';

/** Domains lock an account after a handful; the second refusal tells that it was not that one computer's own. */
export const MAX_REFUSALS = 2;
/** Who says nothing to a login for so long gives its place to another. */
export const LOGIN_PATIENCE_MS = 8_000;
/** As many at most are out and may still be refused: the domain controller that all of them wait for may be slow. */
export const MAX_UNRESOLVED = 4;
/** Who says nothing to a login for so long is not thought to refuse it any more. */
export const SILENT_LOGIN_MS = 30_000;

/** What stands before the logins with one credential. */
export interface Gate {
  /** Names the credential without telling it. */
  readonly key: string;
  readonly before: BeforeLogin;
  /** Somebody took it in this round, so that nobody has to wait. */
  readonly isOpen: boolean;
  /** Why none is sent with it any more in this round. */
  readonly refusal: WinRMError | undefined;
}

export interface LoginGuardDeps {
  readonly timer?: Timer;
  /** A credential was taken for the first time in this round, or stopped. */
  readonly changed?: () => void;
}

/** A person asks, or the app by itself; `within` belongs to what is under way, if anything is. */
export type Round = 'asked' | 'unasked' | 'within';

interface Account {
  readonly name: string;
  isTaken: boolean;
  refusals: number;
  out: Out;
  readonly waiting: Set<Waiting>;
}

/** Logins of which nobody knows yet what becomes of them. */
interface Out {
  /** Not given up. */
  underWay: number;
  /** They may still be refused, given up or not. */
  unresolved: number;
}

interface Waiting {
  readonly go: () => void;
  readonly stop: (error: WinRMError) => void;
}

const nothing = () => undefined;
const UNGUARDED: LoginAttempt = { taken: nothing, refused: nothing, ended: nothing };

const notAsked = new WeakSet<Error>();

/** True for what a computer failed with because its credential was refused elsewhere: nothing was sent there. */
export const isNotAsked = (error: unknown): boolean => error instanceof Error && notAsked.has(error);

/**
 * Keeps accounts from being locked out by a password that is wrong. Counted where the logins are sent: in each round,
 * until a credential (user name and password) was taken somewhere, no more logins are out than may still be refused,
 * two of them; after the second refusal none is sent any more. One that gets no answer gives its place back, but no
 * more than four are unresolved or refused; it counts all the same when it is refused after all. Once it was taken, a refusal is that one computer's own matter.
 */
export class LoginGuard {
  readonly #accounts = new Map<string, Account>();
  readonly #timer: Timer;
  readonly #changed: () => void;
  readonly #keys = new SecretKeys();
  #rounds = 0;

  constructor({ timer = systemTimer, changed = () => undefined }: LoginGuardDeps = {}) {
    this.#timer = timer;
    this.#changed = changed;
  }

  /** A person has typed it, and means it. */
  forgive(credential: Credential): void {
    const account = this.#accounts.get(this.#keyOf(credential));
    if (account) account.refusals = 0;
  }

  #keyOf({ username, password }: Credential): string {
    return this.#keys.of(username.toLowerCase(), password);
  }

  /** No account is locked out for a certificate, which each computer takes or not by itself: none waits. */
  of(credential: AnyCredential): { readonly gate: Gate | undefined; readonly before: BeforeLogin } {
    if (isClientCertificate(credential)) return { gate: undefined, before: () => Promise.resolve(UNGUARDED) };
    const gate = this.gate(credential);
    return { gate, before: gate.before };
  }

  gate(credential: Credential): Gate {
    const { username } = credential;
    const key = this.#keyOf(credential);
    const account: Account = this.#accounts.get(key) ?? {
      name: username,
      isTaken: false,
      refusals: 0,
      out: noneOut(),
      waiting: new Set(),
    };
    this.#accounts.set(key, account);
    return {
      key,
      before: (signal) => this.#admit(account, signal),
      get isOpen() {
        return account.isTaken;
      },
      get refusal() {
        return isStopped(account) ? refusalOf(account) : undefined;
      },
    };
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#rounds === 0;
  }

  /**
   * Rounds last as long as anything of theirs is under way. In a new one what was taken has to be taken anew, for
   * passwords change, though somebody who does not answer keeps an older one open; what was refused may be tried again
   * only if a person asks for it, and not in the middle of another.
   */
  async round<T>(why: Round, work: () => Promise<T>): Promise<T> {
    for (const account of this.#accounts.values()) {
      if (why === 'asked' && this.isIdle) account.refusals = 0;
      if (why !== 'within' || this.isIdle) forget(account);
    }
    this.#rounds++;
    try {
      return await work();
    } finally {
      this.#rounds--;
      // Who signs in later by itself, as a session does whose connection broke, is as careful as anybody.
      if (this.isIdle) for (const account of this.#accounts.values()) forget(account);
    }
  }

  /** The accounts that are not tried any more in this round. */
  get stopped(): string[] {
    return [...new Set([...this.#accounts.values()].filter(isStopped).map(({ name }) => name))];
  }

  async #admit(account: Account, signal: AbortSignal): Promise<LoginAttempt> {
    signal.throwIfAborted();
    if (isStopped(account)) throw refusalOf(account);
    return hasPlace(account) ? this.#attempt(account) : this.#turn(account, signal);
  }

  #turn(account: Account, signal: AbortSignal): Promise<LoginAttempt> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        account.waiting.delete(waiting);
        signal.removeEventListener('abort', abort);
      };
      const abort = () => {
        leave();
        reject(signal.reason);
      };
      const waiting: Waiting = {
        go: () => (leave(), resolve(this.#attempt(account))), // its place is taken at once
        stop: (error) => (leave(), reject(error)),
      };
      account.waiting.add(waiting);
      signal.addEventListener('abort', abort);
    });
  }

  #attempt(account: Account): LoginAttempt {
    const { out } = account;
    out.underWay++;
    out.unresolved++;
    let holdsPlace = true;
    let isOpen = true;
    const giveBack = () => {
      if (!holdsPlace) return;
      holdsPlace = false;
      cancel();
      out.underWay--;
      letOut(account);
    };
    const cancel = this.#timer(LOGIN_PATIENCE_MS, giveBack);
    const resolve = () => {
      if (isOpen) {
        isOpen = false;
        forget();
        out.unresolved--;
      }
      giveBack();
      letOut(account);
    };
    const forget = this.#timer(SILENT_LOGIN_MS, resolve);
    return {
      taken: () => {
        account.refusals = 0;
        if (!account.isTaken) {
          account.isTaken = true;
          this.#changed();
        }
        resolve();
      },
      refused: () => {
        if (!account.isTaken) account.refusals++;
        if (isStopped(account)) {
          for (const { stop } of [...account.waiting]) stop(refusalOf(account));
          this.#changed();
        }
        resolve();
      },
      ended: resolve,
    };
  }
}

/**
 * How many computers may be under way at once with this credential: as long as nobody took it they wait for each other,
 * and must not hold up those of others.
 */
export const capOf = (gate: Gate | undefined, limit: number) => (): number =>
  !gate || gate.isOpen || gate.refusal ? Infinity : Math.max(MAX_REFUSALS, limit >> 1);

const isStopped = ({ isTaken, refusals }: Account): boolean => !isTaken && refusals >= MAX_REFUSALS;

/** That it was taken; those that are out still are not what others wait for then. */
function forget(account: Account): void {
  if (!account.isTaken) return;
  account.isTaken = false;
  account.out = noneOut();
}

const noneOut = (): Out => ({ underWay: 0, unresolved: 0 });

/** As many may be out as may still be refused. */
const hasPlace = ({ isTaken, refusals, out: { underWay, unresolved } }: Account): boolean =>
  isTaken || (refusals + underWay < MAX_REFUSALS && refusals + unresolved < MAX_UNRESOLVED);

function letOut(account: Account): void {
  for (const { go } of [...account.waiting]) {
    if (!hasPlace(account)) return;
    go();
  }
}

function refusalOf({ name }: Account): WinRMError {
  const error = new WinRMError(
    'unauthenticated',
    `It was not asked, because ${name} was refused twice elsewhere.`,
    {
      causes: ['The user name or the password is wrong, or the password has expired.'],
      remedy: {
        text: 'Check user name and password: each refusal counts towards the lock-out of the account.',
      },
      faultCode: 5,
      errorId: 'AccessDenied',
    },
  );
  notAsked.add(error);
  return error;
}
