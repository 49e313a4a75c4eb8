/** A value that its type refuses; the message is PowerShell's, without the parameter's name. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}
