import type { CertificateInfo, Distrust, ErrorInfo, ErrorKind, Remedy } from '../../shared/error.ts';
import type { SignInReport } from '../../shared/sign-in-report.ts';

export interface WinRMErrorOptions extends ErrorOptions {
  readonly causes?: readonly string[];
  readonly remedy?: Remedy;
  /** WSManFault Code, unsigned. */
  readonly faultCode?: number;
  /** PowerShell's word, the first part of a FullyQualifiedErrorId. */
  readonly errorId?: string;
  /** The server's or the system's own words. Never a secret, never a whole message body. */
  readonly detail?: string;
  readonly certificate?: CertificateInfo;
  readonly distrust?: Distrust;
  /** Where it could be followed to if that is allowed; see ErrorInfo. */
  readonly redirectsTo?: string;
  /** Where an answer redirected to, as it said it. Stays in this process: a window is told the sentence. */
  readonly location?: string;
  /** The computer said so itself, in a SOAP fault. */
  readonly isFault?: boolean;
  /**
   * The network failed, and there is no answer of any kind: `before` the request was handed over, or after, when it may
   * have been carried out.
   */
  readonly network?: 'before' | 'after';
}

/** The engine's only error class; callers switch on `kind`. The message is a sentence for the person at the screen; the trigger is kept as `cause`. */
export class WinRMError extends Error {
  override readonly name = 'WinRMError';
  readonly kind: ErrorKind;
  readonly info: Omit<WinRMErrorOptions, 'cause'>;
  /** How the sign-in was tried that it ended. Added where that is known, since others know an error by its identity. */
  signIn: SignInReport | undefined;

  constructor(kind: ErrorKind, message: string, { cause, ...info }: WinRMErrorOptions = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.info = info;
  }

  get faultCode(): number | undefined {
    return this.info.faultCode;
  }
}

/** Whether the computer answered, and with a fault: what the network, TLS or a seal failed with may have a fault's number. */
export const isFault = (error: unknown): error is WinRMError =>
  error instanceof WinRMError && error.info.isFault === true;

/** @returns the same error, which now tells how the sign-in was tried that it ended */
export function withSignIn(error: unknown, report: SignInReport | undefined): unknown {
  if (error instanceof WinRMError) error.signIn ??= report;
  return error;
}

/** The same failure in other words, which tells as it did how the sign-in was tried. */
export function reworded({ kind, signIn }: WinRMError, message: string, info: WinRMErrorOptions): WinRMError {
  const told = new WinRMError(kind, message, info);
  told.signIn = signIn;
  return told;
}

/** The form in which any thrown value leaves the process: plain data. */
export function toErrorInfo(error: unknown): ErrorInfo {
  if (!(error instanceof WinRMError)) {
    return { kind: 'internal', message: 'Something went wrong in the app itself.' };
  }
  const { causes, location: _, isFault: __, network: ___, ...info } = error.info;
  return {
    kind: error.kind,
    message: error.message,
    ...(causes ? { causes: [...causes] } : {}),
    ...info,
    ...(error.signIn && { signIn: error.signIn }),
  };
}
