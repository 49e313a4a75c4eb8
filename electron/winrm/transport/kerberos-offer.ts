import { isIP } from 'node:net';
import type { AuthenticationMechanism, Endpoint } from '../../../shared/computer.ts';
import type { RefusedMechanism } from '../../../shared/sign-in-report.ts';
import type { Credential } from '../auth/basic.ts';
import { KerberosClient } from '../auth/kerberos.ts';
import { chooseKerberos } from '../auth/kerberos-choice.ts';
import type { KerberosChoice } from '../auth/kerberos-choice.ts';
import { isBeforeProof, isJudged, isRemembered, isUntold, kerberosCause } from '../auth/kerberos-failure.ts';
import { servicePrincipals, upnOf } from '../auth/kerberos-principal.ts';
import type { KerberosLogon, KerberosProvider } from '../auth/kerberos-provider.ts';
import { systemKerberos } from './kerberos/system-kerberos.ts';
import { WinRMError } from '../error.ts';
import type { BeforeLogin } from './login.ts';

/** What one computer is signed in to with. */
export interface KerberosRequest {
  readonly endpoint: Endpoint;
  readonly mechanism: AuthenticationMechanism;
  /** Absent: as whoever is logged on here. */
  readonly credential?: Credential | undefined;
  readonly includePortInSPN?: boolean | undefined;
  /** By which whoever is asked may be known to the domain, in the order asked for; those of a WinRM listener unless given. */
  readonly services?: readonly string[] | undefined;
  /** Instead of the system's. */
  readonly kerberos?: (() => KerberosProvider) | undefined;
}

/** Kerberos with its ticket, or why not. */
export interface KerberosOffer {
  readonly client?: KerberosClient;
  /** Another for the same service: the token of the first one is spent once it was shown. */
  readonly another?: () => KerberosClient;
  /** Whose ticket it is. */
  readonly account?: string;
  readonly why: string;
  readonly refused: readonly RefusedMechanism[];
  /** A KDC has just taken the account and its password. */
  readonly isTaken?: boolean;
  /** Forgets the ticket; the clients live on. */
  release(): void;
}

/**
 * What is meant, before any traffic.
 *
 * @throws WinRMError 'invalid' or 'unauthenticated' for what cannot be meant
 */
export function chooseFor({
  endpoint,
  mechanism,
  credential,
  kerberos = systemKerberos,
}: KerberosRequest): KerberosChoice {
  const { hostname } = endpoint;
  const choice = chooseKerberos({
    mechanism,
    hostname,
    isAddress: isIP(hostname) !== 0,
    username: credential?.username,
    defaultRealm: () =>
      mechanism === 'Kerberos' ? kerberos().defaultRealm() : ifAny(() => kerberos().defaultRealm()),
    takesShortNames: () => ifAny(() => kerberos().takesShortNames) ?? false,
  });
  if (choice.use !== 'never' && credential) demandNoZero(credential);
  return choice;
}

/** The libraries are written in C, where a text ends at the first zero: another password would be proven, and counted. */
function demandNoZero({ username, password }: Credential): void {
  const what = username.includes('\0') ? 'user name' : password.includes('\0') ? 'password' : undefined;
  if (!what) return;
  throw new WinRMError('invalid', `The ${what} holds a zero character, which Kerberos cannot carry.`, {
    remedy: { text: 'Type it anew: a paste may have brought it along.' },
  });
}

/** Where Kerberos is one way of two, its absence is told later. */
function ifAny<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/**
 * Gets the ticket for one connection. A password goes to the KDC, so that is a login: `before` is asked, and what the
 * KDC refused is not tried by NTLM as well, nor what it got and did not clearly answer.
 *
 * @param channelBinding `tls-server-end-point` data of the connection
 * @throws WinRMError where nothing else may be used and no ticket is had, or where the KDC judged the account
 */
export async function offerKerberos(
  request: KerberosRequest,
  choice: KerberosChoice,
  channelBinding: Uint8Array | undefined,
  { before, signal }: { readonly before: BeforeLogin; readonly signal: AbortSignal },
): Promise<KerberosOffer> {
  if (choice.use === 'never') return without(choice.why);
  let logon: KerberosLogon | undefined;
  /** A KDC has taken the password: what fails now is another matter. By SSPI that comes with the first ticket for a service. */
  const isLoggedOn = () => logon !== undefined && !(logon.isUnproven?.() ?? false);
  try {
    const provider = (request.kerberos ?? systemKerberos)();
    const asking = { channelBinding, signal, loggedOn: (own: KerberosLogon) => void (logon = own) };
    const ticket = await asLogin(
      choice.principal === undefined ? undefined : () => before(signal),
      () => ticketFor(provider, choice.principal, request, asking),
      isLoggedOn,
    );
    return { ...ticket, why: choice.why, refused: [], isTaken: choice.principal !== undefined };
  } catch (error) {
    const mayGoOn = choice.use === 'first' && !isJudged(error) && isUnproven(error, isLoggedOn());
    if (!mayGoOn) throw error;
    const isTaken = choice.principal !== undefined && (isLoggedOn() || knowsNoService(error));
    return { ...without(error instanceof Error ? error.message : ''), isTaken };
  }
}

const without = (why: string): KerberosOffer => ({
  why: 'NTLM needs neither a domain nor a ticket.',
  refused: [{ mechanism: 'Kerberos', why }],
  release: () => undefined,
});

type Ticket = Required<Pick<KerberosOffer, 'client' | 'another' | 'account' | 'release'>>;

/** Logs on and gets the ticket for the service. */
async function ticketFor(
  provider: KerberosProvider,
  principal: string | undefined,
  { endpoint, credential, includePortInSPN, services }: KerberosRequest,
  {
    channelBinding,
    signal,
    loggedOn,
  }: {
    readonly channelBinding: Uint8Array | undefined;
    readonly signal: AbortSignal;
    readonly loggedOn: (logon: KerberosLogon) => void;
  },
): Promise<Ticket> {
  const { username = '', password = '' } = credential ?? {};
  const account = principal === undefined ? undefined : { principal, upn: upnOf(username), password };
  const logon: KerberosLogon = await provider.logOn(account, signal);
  loggedOn(logon);
  const spns = servicePrincipals(endpoint.hostname, includePortInSPN ? endpoint.port : undefined, services);
  const client = new KerberosClient(logon, { spns, channelBinding });
  try {
    await client.prepare(signal);
    signal.throwIfAborted();
  } catch (error) {
    client.release();
    logon.release();
    throw error;
  }
  return {
    client,
    another: () => new KerberosClient(logon, { spns: [client.spn ?? ''], channelBinding }),
    account: logon.principal,
    release: () => logon.release(),
  };
}

/** Who is told that there is no such service, has logged on. */
const knowsNoService = (error: unknown): boolean => kerberosCause(error) === 'unknownService';

/** Whether it failed of Kerberos, and not by a proof of which nobody knows what became. */
const isUnproven = (error: unknown, isLoggedOn: boolean): boolean =>
  isLoggedOn ? kerberosCause(error) !== undefined : isBeforeProof(error);

/**
 * A password that is told to a KDC is a login.
 *
 * @param before absent where no password is used
 * @param isLoggedOn whether what fails now fails behind the logon
 */
async function asLogin<T>(
  before: (() => ReturnType<BeforeLogin>) | undefined,
  work: () => Promise<T>,
  isLoggedOn: () => boolean,
): Promise<T> {
  const attempt = await before?.();
  let isUnjudged = false;
  try {
    const result = await work();
    attempt?.taken();
    return result;
  } catch (error) {
    // Also that it is locked or has expired: each further question would be asked in vain, and may count.
    if (isJudged(error)) attempt?.refused();
    if (knowsNoService(error)) attempt?.taken();
    // NTLM need not follow all the same: who was not told the password now may have been told it just before.
    isUnjudged = isUnproven(error, isLoggedOn()) || isUntold(error) || isRemembered(error);
    throw error;
  } finally {
    attempt?.ended(isUnjudged ? 'unjudged' : undefined);
  }
}
