import { isIP } from 'node:net';
import type { AuthenticationMechanism, Endpoint } from '../../../shared/computer.ts';
import type { RefusedMechanism } from '../../../shared/sign-in-report.ts';
import type { Credential } from '../auth/basic.ts';
import { KerberosClient } from '../auth/kerberos.ts';
import { chooseKerberos } from '../auth/kerberos-choice.ts';
import type { KerberosChoice } from '../auth/kerberos-choice.ts';
import { isJudged, kerberosCause } from '../auth/kerberos-failure.ts';
import { servicePrincipals } from '../auth/kerberos-principal.ts';
import type { KerberosLogon, KerberosProvider } from '../auth/kerberos-provider.ts';
import { systemKerberos } from './kerberos/system-kerberos.ts';
import type { BeforeLogin } from './login.ts';

/** What one computer is signed in to with. */
export interface KerberosRequest {
  readonly endpoint: Endpoint;
  readonly mechanism: AuthenticationMechanism;
  /** Absent: as whoever is logged on here. */
  readonly credential?: Credential | undefined;
  readonly includePortInSPN?: boolean | undefined;
  /** Instead of the system's. */
  readonly kerberos?: (() => KerberosProvider) | undefined;
}

/** Kerberos with its ticket, or why not. */
export interface KerberosOffer {
  readonly client?: KerberosClient;
  /** Whose ticket it is. */
  readonly account?: string;
  readonly why: string;
  readonly refused: readonly RefusedMechanism[];
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
  return chooseKerberos({
    mechanism,
    hostname,
    isAddress: isIP(hostname) !== 0,
    username: credential?.username,
    defaultRealm: () => (mechanism === 'Kerberos' ? kerberos().defaultRealm() : ownRealm(kerberos)),
  });
}

/** Where Kerberos is one way of two, its absence is told later. */
function ownRealm(kerberos: () => KerberosProvider): string | undefined {
  try {
    return kerberos().defaultRealm();
  } catch {
    return undefined;
  }
}

/**
 * Gets the ticket for one connection. A password goes to the KDC, so that is a login: `before` is asked, and what the
 * KDC refused is not tried by NTLM as well.
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
  try {
    const provider = (request.kerberos ?? systemKerberos)();
    const logon = await logOn(provider, choice.principal, request.credential, () => before(signal));
    signal.throwIfAborted();
    const { hostname, port } = request.endpoint;
    const spns = servicePrincipals(hostname, request.includePortInSPN ? port : undefined);
    const client = new KerberosClient(logon, { spns, channelBinding });
    try {
      await client.prepare();
    } finally {
      logon.release();
    }
    return { client, account: logon.principal, why: choice.why, refused: [] };
  } catch (error) {
    const mayGoOn = choice.use === 'first' && kerberosCause(error) !== undefined && !isJudged(error);
    if (!mayGoOn) throw error;
    return without(error instanceof Error ? error.message : '');
  }
}

const without = (why: string): KerberosOffer => ({
  why: 'NTLM needs neither a domain nor a ticket.',
  refused: [{ mechanism: 'Kerberos', why }],
});

async function logOn(
  provider: KerberosProvider,
  principal: string | undefined,
  credential: Credential | undefined,
  before: () => ReturnType<BeforeLogin>,
): Promise<KerberosLogon> {
  if (principal === undefined || !credential) return provider.logOn(undefined);
  const attempt = await before();
  try {
    const logon = await provider.logOn({ principal, password: credential.password });
    attempt.taken();
    return logon;
  } catch (error) {
    if (kerberosCause(error) === 'wrongPassword') attempt.refused();
    throw error;
  } finally {
    attempt.ended();
  }
}
