import { WinRMError } from '../error.ts';
import { kerberosCause, kerberosFailure } from './kerberos-failure.ts';
import type { KerberosLogon, KerberosSession } from './kerberos-provider.ts';
import type { SealedMessage, SecurityContext, Signing } from './security-context.ts';

export interface KerberosOptions {
  /** Service principal names; the next is asked for where the KDC does not know the one before. */
  readonly spns: readonly string[];
  /** `tls-server-end-point` data of the connection (channel-binding.ts); absent without TLS. */
  readonly channelBinding?: Uint8Array | undefined;
}

/**
 * The client's side of Kerberos, with the server's answer demanded (mutual authentication) and nothing delegated.
 *
 * @see RFC 4121
 */
export class KerberosClient implements SecurityContext, Signing {
  readonly scheme = 'Kerberos';
  readonly mechanism = 'Kerberos';
  readonly provesPassword = false;
  readonly #logon: KerberosLogon;
  readonly #options: KerberosOptions;
  #session: KerberosSession | undefined;
  #spn: string | undefined;
  /** Ready to be sent. */
  #first: Uint8Array | undefined;

  constructor(logon: KerberosLogon, options: KerberosOptions) {
    this.#logon = logon;
    this.#options = options;
  }

  get complete(): boolean {
    return this.#session?.complete ?? false;
  }

  /** The service that the ticket is for; undefined before the first step. */
  get spn(): string | undefined {
    return this.#spn;
  }

  /** Gets the ticket for the service, so that the first step asks nobody. The logon is not needed any more. */
  async prepare(signal?: AbortSignal): Promise<void> {
    this.#first = await this.#begin(signal);
  }

  async step(token?: Uint8Array): Promise<Uint8Array | undefined> {
    if (!this.#session) await this.prepare();
    if (this.#first) {
      const first = this.#first;
      this.#first = undefined;
      return first;
    }
    if (!token || this.complete || !this.#session)
      throw new WinRMError('protocol', 'The computer broke off its Kerberos sign-in.');
    return this.#session.step(token);
  }

  wrap(plain: Uint8Array): SealedMessage {
    return this.#ready().wrap(plain);
  }

  unwrap(sealed: SealedMessage): Uint8Array {
    return this.#ready().unwrap(sealed);
  }

  sign(message: Uint8Array): Uint8Array {
    return this.#ready().sign(message);
  }

  verify(message: Uint8Array, signature: Uint8Array): void {
    this.#ready().verify(message, signature);
  }

  refused(): Error {
    return kerberosFailure('ticketRefused', {
      spn: this.#spn,
      principal: this.#logon.principal || undefined,
    });
  }

  release(): void {
    this.#session?.release();
  }

  async #begin(signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
    const { spns, channelBinding } = this.#options;
    let unknown: unknown;
    for (const spn of spns) {
      const session = this.#logon.openSession(spn, channelBinding);
      try {
        const token = await session.step(undefined, signal);
        this.#session = session;
        this.#spn = spn;
        return token;
      } catch (error) {
        session.release();
        if (kerberosCause(error) !== 'unknownService') throw error;
        unknown ??= error;
      }
    }
    throw this.#noneKnown(unknown);
  }

  /** @param first what the first name failed with */
  #noneKnown(first: unknown): unknown {
    const { spns } = this.#options;
    if (spns.length < 2 || !(first instanceof WinRMError)) return first;
    const spn = `${spns.slice(0, -1).join(', ')} or ${spns.at(-1)}`;
    const principal = this.#logon.principal || undefined;
    return kerberosFailure('unknownService', { principal, spn, detail: first.info.detail });
  }

  #ready(): KerberosSession {
    if (!this.#session?.complete)
      throw new WinRMError('internal', 'Kerberos was used before its sign-in was complete.');
    return this.#session;
  }
}
