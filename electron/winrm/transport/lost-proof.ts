import { WinRMError } from '../error.ts';
import type { LoginAttempt } from './login.ts';

/** Windows' own baseline counts wrong passwords together that are no more than ten minutes apart. */
export const LOST_FOR_MS = 10 * 60_000;

/**
 * What is known of a proof that one place, a host and port, got and never said to have taken: it closed the connection,
 * or answered with something else, as a redirection to itself. Such a computer may well have judged it, so whatever
 * tries again by itself, as a Create does and a Receive, must not send it another time: each would count towards the
 * lock-out of the account. Who took the account before is asked again, since there it is the network that fails.
 */
export class LostProof {
  readonly #now: () => number;
  #wasTaken = false;
  /** Was refused, or lost. */
  #open: LoginAttempt | undefined;
  #lost: { readonly attempt: LoginAttempt; readonly error: WinRMError; readonly at: number } | undefined;

  /** @param now milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** The same login, of which this hears what becomes. */
  watch(attempt: LoginAttempt): LoginAttempt {
    let isJudged = false;
    return {
      taken: (saidBy) => {
        isJudged = this.#wasTaken = true;
        this.letGo();
        attempt.taken(saidBy);
      },
      refused: () => {
        isJudged = true;
        this.#wasTaken = false;
        this.#open = attempt;
        attempt.refused();
      },
      ended: (how) => {
        if (!isJudged && !this.#wasTaken && how === undefined) this.#open = attempt;
        attempt.ended(how);
      },
    };
  }

  /** What came says that the account is not what failed. */
  letGo(): void {
    this.#open = this.#lost = undefined;
  }

  /** A request failed so. What a person stopped may be asked again. @returns whether a proof was lost with it */
  failed(error: unknown): boolean {
    // Who sends on has to take it anew where it leads back.
    if (error instanceof WinRMError && error.info.location !== undefined) this.#wasTaken = false;
    const attempt = this.#open;
    if (!attempt || !(error instanceof WinRMError) || error.kind === 'cancelled') return false;
    this.#open = undefined;
    this.#lost = { attempt, error, at: this.#now() };
    return true;
  }

  /** Another proof would be one too many. */
  get isOut(): boolean {
    const lost = this.#lost;
    return lost !== undefined && !lost.attempt.mayRepeat?.() && this.#now() - lost.at < LOST_FOR_MS;
  }

  /** @throws WinRMError where another proof would be one too many */
  demandNone(): void {
    if (this.#lost && this.isOut) throw notAgain(this.#lost.error);
    this.#lost = undefined;
  }
}

/** Without the number by which a failure of the network is told, after which some ask once more. */
function notAgain(error: WinRMError): WinRMError {
  const { faultCode: _, causes = [], remedy: __, ...info } = error.info;
  const again = new WinRMError(
    error.kind,
    `${error.message.replace(/[\p{L}\p{N}]$/u, '$&.')} It was shown the password by then, which is not sent to it again by itself.`,
    {
      ...info,
      causes: ['The user name or the password is wrong, and it does not say so.', ...causes],
      remedy: { text: 'Check user name and password, then ask it again.' },
      cause: error,
    },
  );
  again.signIn = error.signIn;
  return again;
}
