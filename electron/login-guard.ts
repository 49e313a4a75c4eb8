import { LoginTally, MAX_REFUSALS } from './login-tally.ts';
import type { Phase } from './login-tally.ts';
import { refusedElsewhere, unheardElsewhere } from './not-asked.ts';
import { systemTimer } from './timer.ts';
import type { Timer } from './timer.ts';
import { isClientCertificate, SecretKeys } from './winrm/index.ts';
import type { AnyCredential, BeforeLogin, Credential, LoginAttempt, WinRMError } from './winrm/index.ts';

export { MAX_REFUSALS } from './login-tally.ts';
export { isNotAsked } from './not-asked.ts';

/** Who says nothing to a login for so long gives its place to another. */
export const LOGIN_PATIENCE_MS = 8_000;
/** Who says nothing to a login for so long is not waited for any more. */
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
  /** Of the name as it is written. */
  readonly own: LoginTally;
  readonly alike: Alike;
}

/** All accounts with the same user name, in whatever domain, and the same password: they may be one. */
interface Alike {
  readonly tally: LoginTally;
  readonly waiting: Set<Waiting>;
}

interface Waiting {
  readonly account: Account;
  readonly go: () => void;
  readonly stop: (error: WinRMError) => void;
}

const nothing = () => undefined;
const UNGUARDED: LoginAttempt = { taken: nothing, refused: nothing, ended: nothing };

/**
 * Keeps accounts from being locked out by a password that is wrong. Counted where the logins are sent: in each round,
 * until a credential (user name and password) was taken somewhere, no more logins are out than may still be refused,
 * two of them; after the second refusal none is sent any more.
 *
 * Taken is what a computer, or a KDC, proved by knowing the password itself, or what two computers say: so one that lies
 * opens nothing. One that gives no answer gives its place back, and counts all the same when it is refused after all;
 * but no more than four are unresolved or refused, and no more than eight have been sent in a round that were refused
 * or never judged: the computer says nothing, closes the connection, or answers with something else. So a wrong password
 * is refused twice, four times where all are slow to refuse it, and eight times at most where they do not say so.
 *
 * What is counted is the stricter of two: the name as it is written, and its user part, since LAB\alice and
 * alice@lab.test may be one. Once it was taken, a refusal is that one computer's own matter.
 */
export class LoginGuard {
  readonly #accounts = new Map<string, Account>();
  readonly #alike = new Map<string, Alike>();
  readonly #timer: Timer;
  readonly #changed: () => void;
  readonly #keys = new SecretKeys();
  #rounds = 0;
  /** Those of them that a person asked for. */
  #asked = 0;
  /** How often a person wanted to know anew. */
  #forgiven = 0;

  constructor({ timer = systemTimer, changed = () => undefined }: LoginGuardDeps = {}) {
    this.#timer = timer;
    this.#changed = changed;
  }

  /** A person has typed it, and means it. */
  forgive(credential: Credential): void {
    const account = this.#accounts.get(this.#keyOf(credential));
    for (const tally of account ? talliesOf(account) : []) tally.forgive();
    this.#forgiven++;
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
    const key = this.#keyOf(credential);
    const account = this.#accounts.get(key) ?? this.#newAccount(credential);
    this.#accounts.set(key, account);
    return {
      key,
      before: (signal) => this.#admit(account, signal),
      get isOpen() {
        return account.own.isTaken;
      },
      get refusal() {
        return refusalOf(account);
      },
    };
  }

  #newAccount({ username, password }: Credential): Account {
    const key = this.#keys.of(userPart(username), password);
    const alike = this.#alike.get(key) ?? { tally: new LoginTally(), waiting: new Set() };
    this.#alike.set(key, alike);
    return { name: username, own: new LoginTally(), alike };
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#rounds === 0;
  }

  /** Whether a person waits for something: what is done meanwhile is part of it. */
  get isAsked(): boolean {
    return this.#asked > 0;
  }

  /**
   * Rounds last as long as anything of theirs is under way. In a new one what was taken has to be taken anew, for
   * passwords change, though somebody who does not answer keeps an older one open; what was refused may be tried again
   * only if a person asks for it, and not in the middle of another that a person asked for. What the app asks by itself
   * is in nobody's way: with computers that hang some of it may always be under way. What of it is out by then counts
   * for the person's.
   */
  async round<T>(why: Round, work: () => Promise<T>): Promise<T> {
    const isAnew = why === 'asked' && !this.isAsked;
    if (isAnew) this.#forgiven++;
    for (const tally of this.#tallies()) {
      if (isAnew) tally.forgive();
      if (why !== 'within' || this.isIdle) tally.forget({ isOver: this.isIdle });
    }
    this.#rounds++;
    if (why === 'asked') this.#asked++;
    try {
      return await work();
    } finally {
      this.#rounds--;
      if (why === 'asked') this.#asked--;
      // Who signs in later by itself, as a session does whose connection broke, is as careful as anybody.
      if (this.isIdle) for (const tally of this.#tallies()) tally.forget({ isOver: true });
    }
  }

  *#tallies(): Iterable<LoginTally> {
    for (const { own } of this.#accounts.values()) yield own;
    for (const { tally } of this.#alike.values()) yield tally;
  }

  /** The accounts that are not tried any more in this round. */
  get stopped(): string[] {
    return [...new Set([...this.#accounts.values()].filter(isStopped).map(({ name }) => name))];
  }

  async #admit(account: Account, signal: AbortSignal): Promise<LoginAttempt> {
    signal.throwIfAborted();
    const refusal = refusalOf(account);
    if (refusal) throw refusal;
    return hasPlace(account) ? this.#attempt(account) : this.#turn(account, signal);
  }

  #turn(account: Account, signal: AbortSignal): Promise<LoginAttempt> {
    const { waiting } = account.alike;
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(own);
        signal.removeEventListener('abort', abort);
      };
      const abort = () => {
        leave();
        reject(signal.reason);
      };
      const own: Waiting = {
        account,
        go: () => (leave(), resolve(this.#attempt(account))), // its place is taken at once
        stop: (error) => (leave(), reject(error)),
      };
      waiting.add(own);
      signal.addEventListener('abort', abort);
    });
  }

  #attempt(account: Account): LoginAttempt {
    const login = {};
    const forgiven = this.#forgiven;
    const tallies = talliesOf(account);
    for (const tally of tallies) tally.letOut(login);
    let phase: Phase | undefined = 'young';
    const becomes = (next: Phase | undefined) => {
      phase = next;
      for (const tally of tallies) tally.becomes(login, next);
      this.#settle(account.alike);
    };
    const timers = [
      this.#timer(LOGIN_PATIENCE_MS, () => becomes('slow')),
      this.#timer(SILENT_LOGIN_MS, () => becomes('silent')),
    ];
    const resolve = (next?: Phase) => {
      for (const cancel of timers) cancel();
      becomes(next);
    };
    return {
      taken: (saidBy) => {
        const opened = tallies.map((tally) => tally.taken(saidBy));
        if (opened.includes(true)) this.#changed();
        resolve();
      },
      refused: () => {
        for (const tally of tallies) tally.refused();
        if (isStopped(account)) this.#changed();
        resolve();
      },
      ended: (how) => {
        if (phase === undefined || phase === 'lost') return;
        const isLost = how !== 'unjudged';
        resolve(isLost ? 'lost' : undefined);
        if (isLost && refusalOf(account)) this.#changed();
      },
      mayRepeat: () => this.#forgiven !== forgiven || account.own.isTaken,
    };
  }

  /** Lets out who may go now, and sends home who may not any more. */
  #settle({ waiting }: Alike): void {
    for (const { account, go, stop } of [...waiting]) {
      const refusal = refusalOf(account);
      if (refusal) stop(refusal);
      else if (hasPlace(account)) go();
    }
  }
}

/**
 * How many computers may be under way at once with this credential: as long as nobody took it they wait for each other,
 * and must not hold up those of others.
 */
export const capOf = (gate: Gate | undefined, limit: number) => (): number =>
  !gate || gate.isOpen || gate.refusal ? Infinity : Math.max(MAX_REFUSALS, limit >> 1);

/** `alice` of LAB\alice and alice@lab.test. */
const userPart = (username: string): string =>
  username
    .toLowerCase()
    .replace(/^.*\\/, '')
    .replace(/(?<=.)@.*$/, '');

const talliesOf = ({ own, alike }: Account): readonly LoginTally[] => [own, alike.tally];
const isStopped = (account: Account): boolean => talliesOf(account).some((tally) => tally.isStopped);
const hasPlace = (account: Account): boolean => talliesOf(account).every((tally) => tally.hasPlace);

function refusalOf(account: Account): WinRMError | undefined {
  const { name, own } = account;
  if (isStopped(account)) return refusedElsewhere(name, !own.isStopped);
  return talliesOf(account).some((tally) => tally.isUnheard) ? unheardElsewhere(name) : undefined;
}
