import { kerberosCause, kerberosFailure } from '../../auth/kerberos-failure.ts';
import type { KerberosCause, KerberosQuestion } from '../../auth/kerberos-failure.ts';
import type { KerberosAccount, KerberosLogon, KerberosProvider } from '../../auth/kerberos-provider.ts';
import { WinRMError } from '../../error.ts';
import { whyGivenUp } from './context-failures.ts';
import { realmOf } from './down-kdcs.ts';
import { bufferOf, handleIn, OIDS, room } from './gssapi-library.ts';
import type { Gssapi } from './gssapi-library.ts';
import { GssapiSession } from './gssapi-session.ts';
import { failureOf, isError } from './gssapi-status.ts';
import { holdTicket, KDC_LIMIT_MS, releaseOnce } from './held-ticket.ts';
import { callAside, GivenUp } from './native-calls.ts';
import { wantsPassword } from './password-logon.ts';
import type { PasswordLogon } from './password-logon.ts';

const INDEFINITE = 0xffffffff;
const INITIATE = 1;
/** GSS_S_NO_CRED, as the library calls it where it gets no ticket; why stands in the second status. */
const NO_CRED = 7 << 16;
/** What is said of a UPN whose suffix is no realm, or is one that knows the account by another name. */
const NO_REALMS_NAME: readonly unknown[] = ['wrongRealm', 'unknownUser'] satisfies KerberosCause[];
const TELLS_NOTHING: readonly unknown[] = [...NO_REALMS_NAME, 'other' satisfies KerberosCause];
const KERBEROS_ONLY = { count: 1, elements: [OIDS.kerberos] };

interface Credential {
  readonly handle: Buffer;
  readonly free: () => void;
}

interface Acquired extends Credential {
  readonly principal: string;
}

interface Name {
  readonly text: string;
  readonly kind: (typeof OIDS)[keyof typeof OIDS];
}

interface Asked {
  readonly question: KerberosQuestion;
  readonly signal?: AbortSignal | undefined;
}

/** Kerberos by MIT's library or Apple's. */
export class GssapiProvider implements KerberosProvider {
  readonly takesShortNames = false;
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

  async logOn(account: KerberosAccount | undefined, signal?: AbortSignal): Promise<KerberosLogon> {
    const acquired = await (account ? this.#asAccount(account, signal) : this.#loggedOn(signal));
    const { handle, principal, free } = acquired;
    const ticket = holdTicket(handleIn(handle), principal, free);
    return {
      principal,
      openSession: (spn, binding) => new GssapiSession(this.#gss, ticket, spn, binding),
      release: releaseOnce(ticket),
    };
  }

  /** The realm that the name tells; where there is none, this machine's own is asked who that is (RFC 6806 5). */
  async #asAccount({ principal, upn, password }: KerberosAccount, signal?: AbortSignal): Promise<Acquired> {
    try {
      const question = { principal, realm: realmOf(principal), byPassword: true };
      const name = { text: principal, kind: OIDS.principalName };
      const credential = await this.#withPassword(name, password, { question, signal });
      return { ...credential, principal };
    } catch (error) {
      const realm = upn !== undefined && NO_REALMS_NAME.includes(kerberosCause(error)) && this.defaultRealm();
      if (!realm) throw error;
      const question = { principal: upn, realm, byPassword: true };
      const name = { text: upn, kind: OIDS.enterpriseName };
      const credential = await this.#withPassword(name, password, { question, signal }).catch(
        (own: unknown) => {
          // Neither knows it, or the library knows no such names: what is wrong with the name as written tells more.
          throw TELLS_NOTHING.includes(kerberosCause(own)) ? error : own;
        },
      );
      return { ...credential, principal: this.#ownerOf(handleIn(credential.handle)) || upn };
    }
  }

  /** The ticket lies in a cache in memory that is this credential's own and is destroyed with it. */
  async #withPassword(name: Name, password: string, asked: Asked): Promise<Credential> {
    const isEnterprise = name.kind === OIDS.enterpriseName;
    const logon = this.#gss.passwordLogons?.begin({ text: name.text, isEnterprise }, password);
    return logon ? this.#inTwoSteps(logon, asked) : this.#atOnce(name, password, asked);
  }

  /**
   * Asks first without the password whether a KDC is there: it goes to nobody where none is, and where one then breaks
   * off, it may have judged the password. NTLM follows the former, as Windows' Negotiate does it, and not the latter,
   * which would count twice.
   */
  async #inTwoSteps(logon: PasswordLogon, { question, signal }: Asked): Promise<Credential> {
    const minor = room(4);
    let [isAnswered, isLate] = [false, false];
    try {
      const status = await callAside({
        ...logon.question,
        next: (answer) => ((isAnswered = wantsPassword(answer)) ? logon.proof : undefined),
        waitsFor: question.realm,
        limitMs: KDC_LIMIT_MS,
        signal,
        late: logon.free,
      });
      minor.writeInt32LE(status);
      const told = () => ({ ...question, detail: logon.words(status), isUntold: !isAnswered });
      if (!isAnswered || status !== 0) throw failureOf(this.#gss, NO_CRED, minor, told());
      return this.#imported(logon, question);
    } catch (error) {
      isLate = error instanceof GivenUp && error.goesOn;
      if (!isLate) logon.free();
      const failure = error instanceof GivenUp ? whyGivenUp(error, question) : error;
      if (!isAnswered || kerberosCause(failure) !== 'kdcUnreachable') throw failure;
      const { detail } = failure instanceof WinRMError ? failure.info : {};
      throw kerberosFailure('brokenOff', { ...question, detail });
    }
  }

  #imported(logon: PasswordLogon, question: KerberosQuestion): Credential {
    const gss = this.#gss;
    const [minor, handle] = [room(4), room()];
    const major = gss.passwordLogons?.gss_krb5_import_cred(minor, logon.cache, 0n, 0n, handle) ?? NO_CRED;
    if (isError(major)) throw failureOf(gss, major, minor, question);
    logon.forget();
    const free = () => {
      gss.gss_release_cred(room(4), handle);
      logon.free();
    };
    return { handle, free };
  }

  async #atOnce({ text, kind }: Name, password: string, asked: Asked): Promise<Credential> {
    const gss = this.#gss;
    const [minor, name] = [room(4), room()];
    const imported = gss.gss_import_name(minor, bufferOf(Buffer.from(text, 'utf8')), kind, name);
    if (isError(imported)) throw failureOf(gss, imported, minor, asked.question);
    const secret = Buffer.from(password, 'utf8');
    const wipe = () => {
      secret.fill(0);
      gss.gss_release_name(room(4), name);
    };
    const who = [handleIn(name), bufferOf(secret)];
    return this.#acquire(gss.gss_acquire_cred_with_password, who, asked, wipe);
  }

  async #loggedOn(signal: AbortSignal | undefined): Promise<Acquired> {
    const credential = await this.#acquire(this.#gss.gss_acquire_cred, [0n], { question: {}, signal });
    // Of a ticket that is past its end it gives no name; whoever is told of that should know whose it is.
    const principal = this.#ownerOf(handleIn(credential.handle)) || ((await this.#gss.cacheOwner?.()) ?? '');
    return { ...credential, principal };
  }

  async #acquire(
    fn: Gssapi['gss_acquire_cred'],
    who: readonly unknown[],
    { question, signal }: Asked,
    done = () => undefined as unknown,
  ): Promise<Credential> {
    const gss = this.#gss;
    const [minor, handle] = [room(4), room()];
    const free = () => void gss.gss_release_cred(room(4), handle);
    let isLate = false;
    try {
      const major = await callAside({
        fn,
        args: [minor, ...who, INDEFINITE, KERBEROS_ONLY, INITIATE, handle, null, null],
        waitsFor: question.realm ?? 'whoever is logged on',
        limitMs: KDC_LIMIT_MS,
        signal,
        late: () => {
          done();
          if (handleIn(handle) !== 0n) free();
        },
      });
      if (isError(major)) throw failureOf(gss, major, minor, question);
      return { handle, free };
    } catch (error) {
      isLate = error instanceof GivenUp && error.goesOn;
      throw error instanceof GivenUp ? whyGivenUp(error, question) : error;
    } finally {
      if (!isLate) done();
    }
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
