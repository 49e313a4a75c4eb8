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

type MaybeLater<T> = T | Promise<T>;

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
  /** Whether the token last given proves the password: then it counts as a login. */
  readonly provesPassword: boolean;
  /** The server has signed with a key that only who knows the password has. */
  readonly isPeerProven?: boolean;
  /** @param token the server's last token; absent on the first step @returns the token to send, if one is due */
  step(token?: Uint8Array): MaybeLater<Uint8Array | undefined>;
  wrap(plain: Uint8Array): SealedMessage;
  /** @throws WinRMError 'protocol' when the signature does not hold */
  unwrap(sealed: SealedMessage): Uint8Array;
  /** The server went on without the token that is awaited. @throws WinRMError 'protocol' unless that is enough */
  endUnheard?(): void;
  /** Why a computer takes no token of it, where that is known better than that it refuses. */
  refused?(): Error;
  /** Gives back what is not JavaScript's; the context is not used any more. */
  release?(): void;
}

/** What SPNEGO protects its list of mechanisms with. */
export interface Signing {
  /** A signature over what is not sealed (GSS_GetMIC). */
  sign(message: Uint8Array): Uint8Array;
  /** @throws WinRMError 'protocol' when it does not hold */
  verify(message: Uint8Array, signature: Uint8Array): void;
}
