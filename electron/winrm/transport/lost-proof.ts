import { reworded, WinRMError } from '../error.ts';
import { wasHandedOver } from './handed-over.ts';
import type { LoginAttempt } from './login.ts';
import { CHECK_ACCOUNT } from './reply.ts';

/** Windows' own baseline counts wrong passwords together that are no more than ten minutes apart. */
export const LOST_FOR_MS = 10 * 60_000;

/** Longer than what was half done is undone, which would sign in again. */
export const HANDED_OVER_FOR_MS = 10_000;

/** A proof that is out, since then. */
interface Out {
  readonly attempt: LoginAttempt;
  readonly at: number;
}

/**
 * What is known of a proof that one place, a host and port, got and never said to have taken: it closed the connection,
 * or answered with something else, as a redirection to itself. Such a computer may well have judged it, so whatever
 * tries again by itself, as a Create does and a Receive, must not send it another time: each would count towards the
 * lock-out of the account. Who took the account before is asked again, since there it is the network that fails. So is,
 * once, who had not judged it yet when a person stopped the request: that may be impatience. A second one that goes the
 * same way before a person asks anew is lost, too.
 *
 * A password that was itself handed over (CredSSP) was taken by then, and counts towards no lock-out. It is only not
 * handed over again at once: whoever asks later, a person or a sweep, may.
 */
export class LostProof {
  readonly #now: () => number;
  #wasTaken = false;
  /** It served somebody who had signed in, whatever it says of the same password now. */
  hasLetIn = false;
  /** Was refused, or lost, by a request that is about to fail. */
  #open: LoginAttempt | undefined;
  /** A person stopped it before it was judged. */
  #stopped: Out | undefined;
  #lost: (Out & { readonly error: WinRMError }) | undefined;
  #handedOver: (Pick<Out, 'at'> & { readonly error: WinRMError }) | undefined;

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
    this.#open = this.#stopped = this.#lost = undefined;
  }

  /** A request failed so; the proof that it sent, if it sent one, is lost or stopped with it. @returns whether it is lost */
  failed(error: unknown): boolean {
    // Who sends on has to take it anew where it leads back.
    if (error instanceof WinRMError && error.info.location !== undefined) this.#wasTaken = false;
    const attempt = this.#open;
    this.#open = undefined; // the next one may fail before it sends any
    // Also by a ticket, of which no login is known.
    if (wasHandedOver(error)) {
      this.#handedOver = { error, at: this.#now() };
      return true;
    }
    if (!attempt) return false;
    const out = { attempt, at: this.#now() };
    const isFailure = error instanceof WinRMError && error.kind !== 'cancelled';
    if (!isFailure && !this.#counts(this.#stopped)) {
      this.#stopped = out;
      return false;
    }
    this.#lost = { ...out, error: isFailure ? error : stoppedAgain() };
    return true;
  }

  #counts(out: Out | undefined): out is Out {
    return out !== undefined && !out.attempt.mayRepeat?.() && this.#now() - out.at < LOST_FOR_MS;
  }

  /** Another proof would be one too many. */
  get isOut(): boolean {
    return this.#counts(this.#lost) || this.#isHandedOver;
  }

  get #isHandedOver(): boolean {
    return this.#handedOver !== undefined && this.#now() - this.#handedOver.at < HANDED_OVER_FOR_MS;
  }

  /** @throws WinRMError where another proof would be one too many */
  demandNone(): void {
    if (this.#lost && this.#counts(this.#lost)) throw notAgain(this.#lost.error);
    if (this.#handedOver && this.#isHandedOver) throw notAtOnce(this.#handedOver.error);
    this.#lost = this.#handedOver = undefined;
  }
}

const stoppedAgain = () =>
  new WinRMError('unreachable', 'It had said nothing of the password yet each time that it was stopped.');

/** Without the number by which a failure of the network is told, after which some ask once more. */
function notAgain(error: WinRMError): WinRMError {
  const { faultCode: _, causes = [], remedy: __, ...info } = error.info;
  return reworded(
    error,
    `${error.message.replace(/[\p{L}\p{N}]$/u, '$&.')} It was shown the password by then, which is not sent to it again by itself.`,
    {
      ...info,
      causes: ['The user name or the password is wrong, and it does not say so.', ...causes],
      remedy: { text: CHECK_ACCOUNT },
      cause: error,
    },
  );
}

function notAtOnce(error: WinRMError): WinRMError {
  const { faultCode: _, location: __, redirectsTo: ___, ...info } = error.info;
  return reworded(error, `${error.message} It is not handed it again at once.`, {
    ...info,
    remedy: { text: `Ask it again after ${HANDED_OVER_FOR_MS / 1_000} s.` },
    cause: error,
  });
}
