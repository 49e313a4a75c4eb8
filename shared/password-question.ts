/** What the password window is told: for whom it asks. No secret goes this way. */
export interface PasswordQuestion {
  readonly computers: readonly string[];
  readonly username: string;
  /** Why it is asked again. */
  readonly reason?: string;
}

/** What the password window hands back, once. */
export interface PasswordAnswer {
  readonly username: string;
  readonly password: string;
}

export const PASSWORD_CHANNELS = { question: 'password.question', answer: 'password.answer' } as const;
