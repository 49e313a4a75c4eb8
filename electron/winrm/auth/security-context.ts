/** What the auth folder must be handed, since it has no clock and no dice of its own. */
export interface Ambient {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Cryptographically strong random bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
}

/** WinRM's split of one sealed message: u32-LE length of `header`, `header`, `data`. */
export interface SealedMessage {
  readonly header: Uint8Array;
  readonly data: Uint8Array;
}

/**
 * One authentication conversation over one connection: tokens in, tokens out, then sealing.
 * Throws WinRMError 'unauthenticated' or 'protocol'.
 */
export interface SecurityContext {
  /** The name in the Authorization header. */
  readonly scheme: string;
  /** What was really used, for the person at the screen: `NTLM`, `NTLM in Negotiate`. */
  readonly mechanism: string;
  /** True once no token is awaited from the server. */
  readonly complete: boolean;
  /** @param token the server's last token; absent on the first step @returns the token to send, if one is due */
  step(token?: Uint8Array): Uint8Array | undefined;
  wrap(plain: Uint8Array): SealedMessage;
  /** @throws WinRMError 'protocol' when the signature does not hold */
  unwrap(sealed: SealedMessage): Uint8Array;
}
