/** One login that is on its way to a computer. */
export interface LoginAttempt {
  /**
   * The computer took the password.
   *
   * @param saidBy the computer, where that is its word alone, which anybody can give; absent where it proved to know
   *   the password, too
   */
  taken(saidBy?: string): void;
  /** The computer refused the password; also long after `ended`. */
  refused(): void;
  /**
   * Nothing more is to be expected of it, whatever came. What was neither taken nor refused is lost then: the proof is
   * out, and may have been judged by somebody who did not say so.
   *
   * @param how `unjudged`: nothing was sent, or the answer says that nobody looked at the password. `otherWays`: the
   *   answer offers other ways to sign in alone; it counts as lost, but may be asked whether it takes this way by now
   */
  ended(how?: 'unjudged' | 'otherWays'): void;
  /** Whether the same computer may be shown it again though it never said what it thinks of it. Absent: it may not. */
  mayRepeat?(): boolean;
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

/** By which computers that give their word are told apart. */
export const nameOf = ({ hostname, port }: { readonly hostname: string; readonly port: number }): string =>
  `${hostname.toLowerCase()}:${port}`;
