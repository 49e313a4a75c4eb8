import type { HttpReply } from './line.ts';

/** One login that is on its way to a computer. */
export interface LoginAttempt {
  /** The computer took the password. */
  taken(): void;
  /** The computer refused the password; also long after `ended`. */
  refused(): void;
  /** Nothing more is to be expected of it, whatever came. */
  ended(): void;
}

/** Of which nobody wants to know. */
export const UNHEARD: LoginAttempt = {
  taken: () => undefined,
  refused: () => undefined,
  ended: () => undefined,
};

/**
 * Is asked on an open connection before each login, and may keep it waiting. A reconnect asks again.
 *
 * Rejects with a WinRMError when the password must not be sent, or with `signal.reason`.
 */
export type BeforeLogin = (signal: AbortSignal) => Promise<LoginAttempt>;

/** What an answer says of the login. */
export interface Verdicts {
  readonly isTaken: (reply: HttpReply) => boolean;
  /** HTTP 401 unless given. */
  readonly isRefused?: (reply: HttpReply) => boolean;
}

/** Hands on the answer to the request that a login went out with, and tells the login what it says. */
export async function tellLogin(
  attempt: LoginAttempt,
  answer: Promise<HttpReply>,
  { isTaken, isRefused = ({ status }) => status === 401 }: Verdicts,
): Promise<HttpReply> {
  try {
    const reply = await answer;
    if (isRefused(reply)) attempt.refused();
    else if (isTaken(reply)) attempt.taken();
    return reply;
  } finally {
    attempt.ended();
  }
}
