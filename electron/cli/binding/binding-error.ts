/** What PowerShell's binder says of a command line that it refuses; the prompt's exit code is 2. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
  /** The first part of the FullyQualifiedErrorId, e.g. `AmbiguousParameterSet`. */
  readonly errorId: string;
  /** What may be behind it and what can be done, each a line of its own. */
  readonly hints: readonly string[];

  constructor(errorId: string, message: string, hints: readonly string[] = []) {
    super(message);
    this.errorId = errorId;
    this.hints = hints;
  }
}
