import type { KerberosAccount, KerberosLogon, KerberosProvider } from '../../auth/kerberos-provider.ts';
import { holdTicket, releaseOnce } from './held-ticket.ts';
import { SEC_E_OK, sspiFailure } from './sspi-library.ts';
import type { Sspi } from './sspi-library.ts';
import { layOutIdentity } from './sspi-memory.ts';
import { SspiSession } from './sspi-session.ts';

const PACKAGE = 'Kerberos';
const OUTBOUND = 2;
const ATTRIBUTE_NAMES = 1;

/**
 * Kerberos by Windows. A password is only kept by `logOn`: the KDC sees it with the first step of the first session. So
 * until one of them has a ticket, an error that does not say that the KDC was not reached, or had something else to say,
 * may be what it thinks of the password. Windows has one word (SEC_E_NO_AUTHENTICATING_AUTHORITY) for no KDC and for one
 * that broke off: its own Negotiate goes on by NTLM after it, and so do we, as nothing here can tell the two apart.
 * Run on no Windows yet.
 */
export class SspiProvider implements KerberosProvider {
  readonly takesShortNames = true;
  readonly #sspi: Sspi;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(sspi: Sspi, environment: Readonly<Record<string, string | undefined>>) {
    this.#sspi = sspi;
    this.#environment = environment;
  }

  defaultRealm(): string | undefined {
    return this.#environment['USERDNSDOMAIN'];
  }

  logOn(account: KerberosAccount | undefined): Promise<KerberosLogon> {
    try {
      const handle = this.#acquire(account);
      const principal = account?.principal ?? this.#ownerOf(handle);
      let isUnproven = account !== undefined;
      const proven = () => void (isUnproven = false);
      const ticket = holdTicket(handle, principal, () => this.#sspi.FreeCredentialsHandle(handle));
      return Promise.resolve({
        principal,
        isUnproven: () => isUnproven,
        openSession: (spn, binding) => new SspiSession(this.#sspi, ticket, spn, binding, proven),
        release: releaseOnce(ticket),
      });
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #acquire(account: KerberosAccount | undefined): Buffer {
    const handle = Buffer.alloc(16);
    const laid = account && layOutIdentity(partsOf(account), this.#sspi.addressOf);
    const status = this.#sspi.AcquireCredentialsHandleW(
      ...[null, PACKAGE, OUTBOUND, null, laid?.identity ?? null, null, null, handle, Buffer.alloc(8)],
    );
    laid?.keep.forEach((bytes) => bytes.fill(0));
    if (status !== SEC_E_OK)
      throw sspiFailure(status, { principal: account?.principal, byPassword: account !== undefined });
    return handle;
  }

  #ownerOf(handle: Buffer): string {
    const names = Buffer.alloc(8);
    if (this.#sspi.QueryCredentialsAttributesW(handle, ATTRIBUTE_NAMES, names) !== SEC_E_OK) return '';
    const pointer = names.readBigUInt64LE();
    const name = this.#sspi.text(pointer);
    this.#sspi.FreeContextBuffer(pointer);
    return name;
  }
}

/**
 * `alice@LAB.TEST`; what krb5 writes with a backslash is meant literally here. A UPN goes whole into the user and leaves
 * the domain empty (SEC_WINNT_AUTH_IDENTITY_W): its suffix need not be a domain's name.
 */
export function partsOf({ principal, upn, password }: KerberosAccount) {
  if (upn !== undefined) return { user: upn, domain: '', password };
  const at = principal.lastIndexOf('@');
  const user = principal.slice(0, at).replace(/\\(.)/g, '$1');
  return { user, domain: principal.slice(at + 1), password };
}
