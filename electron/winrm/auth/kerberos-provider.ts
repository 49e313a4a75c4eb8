import type { SealedMessage } from './security-context.ts';

/** Who signs in with a password. */
export interface KerberosAccount {
  /** As a Kerberos principal: `alice@LAB.TEST`. */
  readonly principal: string;
  /** As it was given, where that is `user@suffix`: the suffix need not be a realm. */
  readonly upn?: string | undefined;
  readonly password: string;
}

/** The system's Kerberos, by GSS-API or SSPI. Its failures carry a cause; see kerberos-failure.ts. */
export interface KerberosProvider {
  /** Whether a domain's short name (`LAB`) will do for a realm. */
  readonly takesShortNames: boolean;
  /** The realm that names without one belong to; undefined where none is configured. */
  defaultRealm(): string | undefined;
  /**
   * Gets a ticket with a password, which the KDC sees at most once, or finds the one of whoever is logged on.
   *
   * @throws WinRMError, or `signal.reason`
   */
  logOn(account: KerberosAccount | undefined, signal?: AbortSignal): Promise<KerberosLogon>;
}

/** A ticket to ask for others with. */
export interface KerberosLogon {
  /** Whose it is; empty where the system does not tell. */
  readonly principal: string;
  /**
   * The password is only kept so far: a KDC is told it by the first step of a session, and what fails there may be its
   * judgement. Absent: a KDC has taken it, or none was given.
   */
  isUnproven?(): boolean;
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
  /** The first may ask a KDC. @throws WinRMError, or `signal.reason`: then only `release` may follow */
  step(token?: Uint8Array, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  wrap(plain: Uint8Array): SealedMessage;
  unwrap(sealed: SealedMessage): Uint8Array;
  /** A signature over what is not sealed (GSS_GetMIC). */
  sign(message: Uint8Array): Uint8Array;
  verify(message: Uint8Array, signature: Uint8Array): void;
  /** Gives its memory and keys back; may be called twice. */
  release(): void;
}
