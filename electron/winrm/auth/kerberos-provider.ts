import type { SealedMessage } from './security-context.ts';

/** Who signs in with a password, as a Kerberos principal: `alice@LAB.TEST`. */
export interface KerberosAccount {
  readonly principal: string;
  readonly password: string;
}

/** The system's Kerberos, by GSS-API or SSPI. Its failures carry a cause; see kerberos-failure.ts. */
export interface KerberosProvider {
  /** The realm that names without one belong to; undefined where none is configured. */
  defaultRealm(): string | undefined;
  /**
   * Gets a ticket with a password, which the KDC sees at most once, or finds the one of whoever is logged on.
   *
   * @throws WinRMError
   */
  logOn(account: KerberosAccount | undefined): Promise<KerberosLogon>;
}

/** A ticket to ask for others with. */
export interface KerberosLogon {
  /** Whose it is; empty where the system does not tell. */
  readonly principal: string;
  /**
   * A conversation with one service. Nothing is asked before its first step.
   *
   * @param spn `HTTP/web01.lab.test`, with `:port` where it has one
   * @param channelBinding `tls-server-end-point` data (channel-binding.ts); absent without TLS
   */
  openSession(spn: string, channelBinding: Uint8Array | undefined): KerberosSession;
  /** Forgets the ticket; what was opened with it lives on. */
  release(): void;
}

/** One security context of the system's library. Never two calls at once. */
export interface KerberosSession {
  readonly complete: boolean;
  step(token?: Uint8Array): Promise<Uint8Array | undefined>;
  wrap(plain: Uint8Array): SealedMessage;
  unwrap(sealed: SealedMessage): Uint8Array;
  /** A signature over what is not sealed (GSS_GetMIC). */
  sign(message: Uint8Array): Uint8Array;
  verify(message: Uint8Array, signature: Uint8Array): void;
  /** Gives its memory and keys back; may be called twice. */
  release(): void;
}
