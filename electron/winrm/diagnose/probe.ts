import type { CertificateInfo } from '../../../shared/error.ts';
import type { WinRMError } from '../error.ts';

/** What TLS showed. */
export interface Secured {
  /** `TLSv1.3`; absent where it did not come so far. */
  readonly protocol?: string;
  /** The certificates that the computer showed, its own first. */
  readonly chain: readonly CertificateInfo[];
  /** Why it is not trusted. */
  readonly refusal?: WinRMError;
  /** What the options leave unchecked: sentences. */
  readonly unchecked: readonly string[];
  /** Whether it was revoked: what was checked, and how. A sentence; absent where none was asked. */
  readonly revocation?: string;
}

/** The proxy on the way, which took a connection. */
export interface ReachedProxy {
  readonly hostname: string;
  readonly port: number;
  readonly address: string;
}

/** What an unsigned request was answered with. */
export interface Asking {
  /** HTTP's; 401 where it asks who is there. */
  readonly status: number;
  /** Scheme names, in the server's order. */
  readonly schemes: readonly string[];
}

/**
 * The way to one computer up to where somebody has to sign in, step by step on one connection of its own. Every step
 * rejects with a WinRMError, or with `signal.reason`; none sends anything of the computer's account, but for a client
 * certificate, which TLS shows to whoever asks. The simulator stands in here.
 */
export interface Probe {
  /**
   * Connects to the proxy that the computer is asked through. Absent where none is looked for.
   *
   * @returns which one, and the address that took the connection; undefined where this system names none for it
   */
  readonly toProxy?: ((signal: AbortSignal) => Promise<ReachedProxy | undefined>) | undefined;
  /** The addresses of its name, in the system's order. */
  lookUp(signal: AbortSignal): Promise<readonly string[]>;
  /** Through a proxy, as far as that leads. @returns the address that took the connection */
  connect(signal: AbortSignal): Promise<string>;
  /** A client certificate is shown to nobody whose own was seen and is not trusted. */
  secure(signal: AbortSignal): Promise<Secured>;
  ask(signal: AbortSignal): Promise<Asking>;
  close(): void;
}
