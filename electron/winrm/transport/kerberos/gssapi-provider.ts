import { kerberosFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosAccount, KerberosLogon, KerberosProvider } from '../../auth/kerberos-provider.ts';
import { bufferOf, handleIn, OIDS, room } from './gssapi-library.ts';
import type { Gssapi } from './gssapi-library.ts';
import { GssapiSession, KDC_LIMIT_MS } from './gssapi-session.ts';
import type { HeldTicket } from './gssapi-session.ts';
import { failureOf, isError } from './gssapi-status.ts';
import { callAside, GivenUp } from './native-calls.ts';

const INDEFINITE = 0xffffffff;
const INITIATE = 1;
const KERBEROS_ONLY = { count: 1, elements: [OIDS.kerberos] };

/** Kerberos by MIT's library or Apple's. */
export class GssapiProvider implements KerberosProvider {
  readonly #gss: Gssapi;

  constructor(gss: Gssapi) {
    this.#gss = gss;
  }

  defaultRealm(): string | undefined {
    const [minor, name, canonical] = [room(4), room(), room()];
    const gss = this.#gss;
    try {
      if (isError(gss.gss_import_name(minor, bufferOf(Buffer.from('x')), OIDS.userName, name)))
        return undefined;
      if (isError(gss.gss_canonicalize_name(minor, handleIn(name), OIDS.kerberos, canonical)))
        return undefined;
      const text = this.#textOf(handleIn(canonical));
      return text.slice(text.indexOf('@') + 1) || undefined;
    } finally {
      for (const one of [name, canonical]) if (handleIn(one) !== 0n) gss.gss_release_name(minor, one);
    }
  }

  async logOn(account: KerberosAccount | undefined): Promise<KerberosLogon> {
    const handle = await (account ? this.#withPassword(account) : this.#loggedOn());
    const principal = account?.principal ?? this.#ownerOf(handleIn(handle));
    const ticket = this.#hold(handle, principal);
    let isReleased = false;
    return {
      principal,
      openSession: (spn, binding) => new GssapiSession(this.#gss, ticket, spn, binding),
      release: () => {
        if (!isReleased) ticket.release();
        isReleased = true;
      },
    };
  }

  /** The ticket lies in a cache in memory that is this credential's own and is destroyed with it. */
  async #withPassword({ principal, password }: KerberosAccount): Promise<Buffer> {
    const gss = this.#gss;
    const [minor, name] = [room(4), room()];
    const text = bufferOf(Buffer.from(principal, 'utf8'));
    const imported = gss.gss_import_name(minor, text, OIDS.principalName, name);
    if (isError(imported)) throw failureOf(gss, imported, minor, { principal });
    const secret = Buffer.from(password, 'utf8');
    const wipe = () => {
      secret.fill(0);
      gss.gss_release_name(room(4), name);
    };
    return this.#acquire(
      gss.gss_acquire_cred_with_password,
      [handleIn(name), bufferOf(secret)],
      principal,
      wipe,
    );
  }

  #loggedOn(): Promise<Buffer> {
    return this.#acquire(this.#gss.gss_acquire_cred, [0n], undefined, () => undefined);
  }

  async #acquire(
    fn: Gssapi['gss_acquire_cred'],
    who: readonly unknown[],
    principal: string | undefined,
    done: () => void,
  ): Promise<Buffer> {
    const gss = this.#gss;
    const [minor, handle] = [room(4), room()];
    let isLate = false;
    try {
      const major = await callAside({
        fn,
        args: [minor, ...who, INDEFINITE, KERBEROS_ONLY, INITIATE, handle, null, null],
        limitMs: KDC_LIMIT_MS,
        late: () => {
          done();
          if (handleIn(handle) !== 0n) gss.gss_release_cred(room(4), handle);
        },
      });
      if (isError(major)) throw failureOf(gss, major, minor, { principal });
      return handle;
    } catch (error) {
      isLate = error instanceof GivenUp;
      throw isLate ? kerberosFailure('kdcUnreachable', { principal }) : error;
    } finally {
      if (!isLate) done();
    }
  }

  #hold(handle: Buffer, principal: string): HeldTicket {
    let users = 1;
    return {
      handle: handleIn(handle),
      principal,
      hold: () => void users++,
      release: () => {
        if (--users === 0) this.#gss.gss_release_cred(room(4), handle);
      },
    };
  }

  #ownerOf(handle: bigint): string {
    const [minor, name] = [room(4), room()];
    const major = this.#gss.gss_inquire_cred(minor, handle, name, null, null, null);
    if (isError(major) || handleIn(name) === 0n) return '';
    try {
      return this.#textOf(handleIn(name));
    } finally {
      this.#gss.gss_release_name(minor, name);
    }
  }

  #textOf(name: bigint): string {
    const text = room(16);
    const major = this.#gss.gss_display_name(room(4), name, text, null);
    const bytes = this.#gss.takeBuffer(text);
    return isError(major) ? '' : Buffer.from(bytes).toString('utf8');
  }
}
