import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../../../../shared/computer.ts';
import type { SignInReport } from '../../../../shared/sign-in-report.ts';
import type { Credential } from '../../auth/basic.ts';
import { tlsServerEndPoint } from '../../auth/channel-binding.ts';
import { CredsspClient } from '../../auth/credssp/credssp-client.ts';
import { subjectPublicKey } from '../../auth/credssp/key-binding.ts';
import { refusedByCredssp } from '../../auth/credssp/refused-with.ts';
import type { KerberosClient } from '../../auth/kerberos.ts';
import { CREDSSP_SERVICES, servicePrincipals } from '../../auth/kerberos-principal.ts';
import { SpnegoClient } from '../../auth/spnego.ts';
import { WinRMError, withSignIn } from '../../error.ts';
import { chooseFor, offerKerberos } from '../kerberos-offer.ts';
import type { KerberosOffer, KerberosRequest } from '../kerberos-offer.ts';
import type { Line } from '../line.ts';
import type { BeforeLogin, LoginAttempt } from '../login.ts';
import { newNtlm } from '../new-ntlm.ts';
import { refusedThoughTaken } from '../refused-though-taken.ts';
import { SOAP_TYPE } from '../reply.ts';
import { reportOf } from '../report-of.ts';
import type { SignIn } from '../sign-in.ts';
import { peerCertificate } from '../tls.ts';
import { Legs } from './legs.ts';
import { MemoryTls } from './memory-tls.ts';
import { sealedByTls } from './sealed-by-tls.ts';

export interface CredsspRequest extends Pick<KerberosRequest, 'endpoint' | 'includePortInSPN' | 'kerberos'> {
  readonly credential: Credential;
  /** Also a computer whose CredSSP is older than 5; see FIRST_SAFE_VERSION. */
  readonly allowOldCredssp?: boolean | undefined;
  /** Is told once what CredSSP does with the password. */
  readonly onWarning?: ((sentence: string) => void) | undefined;
}

const AMBIENT = { now: Date.now, randomBytes };

/**
 * CredSSP: TLS within the tokens of HTTP, in it SPNEGO, and in the end the password itself. In SPNEGO stands Kerberos
 * where it is to be had, and NTLM, as in `negotiate` and by the same rules: once a ticket was shown, NTLM comes by the
 * computer's choice in SPNEGO alone. All travels on requests without a body; over http the bodies that follow are sealed by
 * that same TLS, over https by the outer one.
 *
 * @throws WinRMError 'invalid' for an account that cannot sign in over the network
 */
export function credssp(request: CredsspRequest): SignIn {
  const { endpoint, credential, onWarning } = request;
  newNtlm(credential, serviceOf(request));
  let hasWarned = false;
  return async (line, before, signal) => {
    if (!hasWarned) onWarning?.(warning(endpoint));
    hasWarned = true;
    const tls = new MemoryTls();
    const legs = new Legs(line, endpoint, signal);
    try {
      let token = await tls.handshake();
      while (!tls.isSecure) token = await tls.handshake(await legs.exchange(token));
      const report = await signInWithin(tls, request, legs, { before, signal });
      if (endpoint.scheme === 'http') return { ...sealedByTls(line, tls, endpoint), report };
      tls.destroy();
      return { report, post: inClear(line) };
    } catch (error) {
      tls.destroy();
      throw error;
    }
  };
}

/** The outer TLS seals it, and the connection says who asks. */
const inClear = (line: Line) => (body: Uint8Array, signal: AbortSignal) =>
  line.post({ headers: { 'Content-Type': SOAP_TYPE }, body }, signal);

const warning = ({ hostname }: Endpoint) =>
  `With CredSSP the password itself is handed to whoever answers as ${hostname}: whoever controls that computer can use the account.`;

/** NTLM's proof is checked by whoever knows the password's hash, or asks a domain controller that does, and names nobody. */
const BY_NTLM = 'By NTLM only somebody who can check the account names the computer.';

const byNtlm = ({ hostname }: Endpoint) =>
  `CredSSP with ${hostname} came about by NTLM, not Kerberos: that it is ${hostname} is shown by nothing but that it can check the account, and then the password is handed to it.`;

/** For NTLM what Kerberos asks for first: the computer is called one name. */
export const serviceOf = ({
  endpoint,
  includePortInSPN,
}: Pick<CredsspRequest, 'endpoint' | 'includePortInSPN'>): string => {
  const port = includePortInSPN ? endpoint.port : undefined;
  return servicePrincipals(endpoint.hostname, port, CREDSSP_SERVICES)[0] ?? '';
};

/** Who asks a KDC, and may prove a password to the computer. */
interface Asking {
  readonly before: BeforeLogin;
  readonly signal: AbortSignal;
}

/** What CredSSP says inside TLS. As Remote Desktop does it, the sign-in is bound to the certificate of that TLS. */
async function signInWithin(
  tls: MemoryTls,
  request: CredsspRequest,
  legs: Legs,
  asking: Asking,
): Promise<SignInReport> {
  const { endpoint, credential, allowOldCredssp = false } = request;
  const certificate = peerCertificate(tls.socket);
  if (!certificate) throw new WinRMError('protocol', 'The computer shows no key in its CredSSP sign-in.');
  const publicKey = subjectPublicKey(certificate.publicKey.export({ type: 'spki', format: 'der' }));
  const binding = tlsServerEndPoint(certificate.raw);
  const ntlm = newNtlm(credential, serviceOf(request), binding);
  const inCredssp = { ...request, mechanism: 'Credssp', services: CREDSSP_SERVICES } as const;
  const offer = await offerKerberos(inCredssp, chooseFor(inCredssp), binding, asking);
  const inner = new SpnegoClient({ ...(offer.client && { kerberos: offer.client }), ntlm });
  const options = { inner, credential, publicKey, allowOldVersions: allowOldCredssp };
  const client = new CredsspClient(options, AMBIENT);
  const report = () => reportOn(client, inner, offer, credential);
  try {
    const ticket = () => (isByTicket(inner) ? offer.client : undefined);
    const beforeHandOver = () => {
      if (!isByTicket(inner)) request.onWarning?.(byNtlm(endpoint));
    };
    const way = { tls, legs, hostname: endpoint.hostname, beforeHandOver };
    await new Delegation(client, ticket, way).run(asking);
    return report();
  } catch (error) {
    const isTaken = offer.isTaken && !isByTicket(inner);
    throw withSignIn(isTaken ? refusedThoughTaken(error, endpoint, credential.username) : error, report());
  } finally {
    inner.release();
    offer.release();
  }
}

const isByTicket = ({ mechanism }: SpnegoClient) => mechanism.startsWith('Kerberos');

/** Also of what did not come about. */
function reportOn(
  { version }: CredsspClient,
  inner: SpnegoClient,
  offer: KerberosOffer,
  credential: Credential,
): SignInReport {
  const name = isByTicket(inner) ? 'Kerberos' : 'NTLM';
  const used = {
    scheme: 'CredSSP',
    mechanism: `${name} in CredSSP${version === undefined ? '' : ` ${version}`}`,
    isBound: true,
    refused: [],
  };
  const report = reportOf(used, offer, credential);
  const proven = isByTicket(inner) ? '' : ` ${BY_NTLM}`;
  return { ...report, why: `CredSSP was asked for. ${report.why}${proven}` };
}

interface DelegationWay {
  readonly tls: MemoryTls;
  readonly legs: Legs;
  readonly hostname: string;
  /** Is called when the computer was proven, before the password goes to it. */
  readonly beforeHandOver: () => void;
}

class Delegation {
  readonly #client: CredsspClient;
  readonly #ticket: () => KerberosClient | undefined;
  readonly #way: DelegationWay;
  #attempt: LoginAttempt | undefined;

  /** @param ticket whose computer has not chosen another way so far */
  constructor(client: CredsspClient, ticket: () => KerberosClient | undefined, way: DelegationWay) {
    this.#client = client;
    this.#ticket = ticket;
    this.#way = way;
  }

  async run({ before, signal }: Asking): Promise<void> {
    const client = this.#client;
    const { tls, legs } = this.#way;
    let isUnjudged = false;
    try {
      let message = await client.step();
      while (!client.complete) {
        if (client.provesPassword && !this.#attempt) {
          this.#attempt = await before(signal);
          isUnjudged = !legs.isOpen;
        }
        const isProven = this.#attempt !== undefined;
        const unanswered = () => this.#unanswered();
        const answer = await legs.exchange(await tls.seal(message), { isProven, unanswered });
        message = await client.step(await tls.open(answer));
      }
      // That the computer knew the session's key means that it, or its domain, took the password.
      this.#attempt?.taken();
      this.#way.beforeHandOver();
      await legs.last(await tls.seal(message));
    } catch (error) {
      const refused = refusedByCredssp(error);
      const isUnauthenticated = error instanceof WinRMError && error.kind === 'unauthenticated';
      if ((isUnauthenticated || refused === 'account') && !client.complete) this.#attempt?.refused();
      isUnjudged ||= refused === 'other';
      throw error;
    } finally {
      this.#attempt?.ended(isUnjudged ? 'unjudged' : undefined);
    }
  }

  /** The computer breaks off after a ticket: it did not take it, or does not see the key that is seen here. */
  #unanswered(): Error | undefined {
    const ticket = this.#ticket();
    return ticket?.complete ? keyRefused(this.#way.hostname) : ticket?.refused();
  }
}

const keyRefused = (hostname: string) =>
  new WinRMError(
    'denied',
    `${hostname} took the Kerberos ticket, and then broke CredSSP off; the password was not handed over.`,
    {
      causes: [
        'Something between takes part in the conversation, and shows a key of its own.',
        'CredSSP is forbidden there by a policy.',
      ],
      remedy: { text: 'Choose Kerberos for this computer.' },
      faultCode: 5,
      errorId: 'AccessDenied',
    },
  );
