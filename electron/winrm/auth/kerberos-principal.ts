import { accountOf } from './ntlm.ts';

/** What a principal is made of. */
export interface PrincipalHints {
  /** Of the computer that is asked. */
  readonly hostname: string;
  /** The realm that this machine is set up for; asked for only where it matters. */
  readonly defaultRealm: () => string | undefined;
  /** Whether a domain's short name will do for a realm, as on Windows; else only where nothing better is known. */
  readonly takesShortNames: () => boolean;
}

const firstLabel = (name: string) => name.split('.')[0]?.toLowerCase();

/**
 * The Kerberos principal of an account as Windows writes it.
 *
 * `user@domain` names its realm. `DOMAIN\user` does so by its short name: the realm is looked for in this machine's own
 * and in the computer's name, else DOMAIN itself is taken, where that will do: asking the name server for the KDC of every
 * such name would cost seconds. A bare name, `.\user` and `COMPUTER\user` are accounts of the
 * computer itself: Kerberos has none of these, and a domain's account of the same name must not be tried instead.
 *
 * @returns undefined for an account of the computer itself, or of a domain that nothing here tells of
 */
export function principalOf(
  account: string,
  { hostname, defaultRealm, takesShortNames }: PrincipalHints,
): string | undefined {
  const at = account.lastIndexOf('@');
  if (!account.includes('\\')) {
    const [user, realm] = [account.slice(0, at), account.slice(at + 1)];
    return at > 0 && realm !== '' ? principal(user, realm) : undefined;
  }
  const { domain, username } = accountOf(account);
  if (domain === '' || domain.toLowerCase() === firstLabel(hostname)) return undefined;
  const realm = domain.includes('.') ? domain : realmOf(domain, hostname, defaultRealm);
  if (realm !== undefined) return principal(username, realm);
  return takesShortNames() ? principal(username, domain) : undefined;
}

/** The account, where it is given as `user@suffix`: the suffix may be a name for people, and no realm. */
export const upnOf = (account: string): string | undefined =>
  /^[^\\@][^\\]*@[^\\@]+$/.test(account) ? account : undefined;

/** What a bare name is where only Kerberos is asked for: an account of this machine's own realm. */
export function bareInRealm(
  account: string,
  defaultRealm: PrincipalHints['defaultRealm'],
): string | undefined {
  const realm = !/[\\@]/.test(account) && account !== '' ? defaultRealm() : undefined;
  return realm === undefined ? undefined : principal(account, realm);
}

function realmOf(
  domain: string,
  hostname: string,
  defaultRealm: PrincipalHints['defaultRealm'],
): string | undefined {
  const wanted = domain.toLowerCase();
  const own = defaultRealm();
  if (own !== undefined && firstLabel(own) === wanted) return own;
  const labels = withoutDot(hostname).toLowerCase().split('.');
  const from = labels.indexOf(wanted, 1);
  return from > 0 && from < labels.length - 1 ? labels.slice(from).join('.') : undefined;
}

/** What means something in a principal's text is written with a backslash (krb5_parse_name). */
const principal = (user: string, realm: string) =>
  `${user.replace(/[\\/@]/g, '\\$&')}@${realm.toUpperCase()}`;

/** A dot at its end says to DNS that the name is whole, and is no part of it for a domain. */
const withoutDot = (hostname: string) => hostname.replace(/\.$/, '');

/** The services that a WinRM listener answers as, in the order in which tickets are asked for. */
const WINRM_SERVICES = ['HTTP', 'WSMAN', 'host'] as const;

/**
 * The same within CredSSP, where Windows' client takes WSMAN: "the SPN can be one of the following:
 * WSMAN/myserver.domain.com or WSMAN/*.domain.com" (its message on the policy Allow Delegating Fresh Credentials, in
 * which Enable-WSManCredSSP enters the computers).
 */
export const CREDSSP_SERVICES = ['WSMAN', 'HTTP', 'host'] as const;

/**
 * Service principal names to ask tickets for, one after the other as the KDC does not know them.
 *
 * @param port with IncludePortInSPN: then the first name with it alone, as Windows does it
 * @param services by which whoever is asked may be known
 */
export function servicePrincipals(
  hostname: string,
  port?: number,
  services: readonly string[] = WINRM_SERVICES,
): readonly string[] {
  const host = withoutDot(hostname);
  return port === undefined
    ? services.map((service) => `${service}/${host}`)
    : services.slice(0, 1).map((service) => `${service}/${host}:${port}`);
}
