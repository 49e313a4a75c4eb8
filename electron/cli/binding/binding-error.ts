/** What PowerShell's binder says of a command line that it refuses; the prompt's exit code is 2. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
  /** The first part of the FullyQualifiedErrorId, e.g. `AmbiguousParameterSet`. */
  readonly errorId: string;

  constructor(errorId: string, message: string) {
    super(message);
    this.errorId = errorId;
  }
}
