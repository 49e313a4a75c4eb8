import { TLSSocket } from 'node:tls';
import type { RefusedMechanism, SignInReport } from '../../../shared/sign-in-report.ts';
import type { Credential } from '../auth/basic.ts';
import { tlsServerEndPoint } from '../auth/channel-binding.ts';
import { kerberosCause, kerberosFailure } from '../auth/kerberos-failure.ts';
import type { NtlmClient } from '../auth/ntlm.ts';
import type { SecurityContext } from '../auth/security-context.ts';
import { SpnegoClient } from '../auth/spnego.ts';
import { chooseFor, offerKerberos } from './kerberos-offer.ts';
import type { KerberosOffer, KerberosRequest } from './kerberos-offer.ts';
import type { Line } from './line.ts';
import { tellLogin } from './login.ts';
import type { BeforeLogin } from './login.ts';
import { newNtlm } from './new-ntlm.ts';
import { proveAlone } from './prove-alone.ts';
import { carriesSoap, offersInWords, SOAP_TYPE } from './reply.ts';
import { sealedExchange } from './sealed-exchange.ts';
import type { SignedIn, SignIn } from './sign-in.ts';
import { peerCertificate } from './tls.ts';
import { acceptProven, authorization, carryTokens, noSignIn } from './token-conversation.ts';

/**
 * Negotiate, and Kerberos under its own name: Kerberos where there is a ticket, in SPNEGO or bare; else NTLM in SPNEGO.
 * Where a server does not know SPNEGO, NTLM goes bare, under `NTLM` or `Negotiate`, as the server offers. The choice is
 * made before anything that proves the password is sent, so a wrong one counts once.
 *
 * Over http: tokens travel on requests without a body, as Windows' own client and pywinrm do it; what follows is sealed.
 * Over https nothing is sealed, and the first SOAP rides with NTLM's AUTHENTICATE, as HTTP's NTLM always did. There the
 * sign-in is bound to the server's certificate, and the same kept-alive connection then needs no header.
 */
export function negotiate(request: KerberosRequest): SignIn {
  const { endpoint, credential } = request;
  const choice = chooseFor(request);
  // What is wrong with the account itself is said before any traffic.
  if (credential) newNtlm(credential, serviceOf(request));
  return async (line, before, signal) => {
    const binding = bindingOf(line);
    const offer = await offerKerberos(request, choice, binding, { before, signal });
    const ntlm = choice.use === 'only' ? undefined : credential;
    const opened = await open(line, request, { offer, binding, ntlm }, signal);
    const { context, proof } = opened;
    // An answer behind which the computer closes is opened before that.
    line.socket.once('close', () => setImmediate(() => context.release?.()));
    const report = reportOf(opened, offer, credential, binding !== undefined);
    const isPlain = endpoint.scheme === 'https';
    if (!proof) return { ...(isPlain ? plain(line) : sealedExchange(line, context, endpoint)), report };
    if (isPlain) return { ...proving(line, context, proof, request, before), report };
    await proveAlone({ line, context, proof }, endpoint, before, signal);
    return { ...sealedExchange(line, context, endpoint), report };
  };
}

function bindingOf({ socket }: Line): Uint8Array | undefined {
  const certificate = socket instanceof TLSSocket ? peerCertificate(socket)?.raw : undefined;
  return certificate && tlsServerEndPoint(certificate);
}

const serviceOf = ({ endpoint: { hostname, port }, includePortInSPN }: KerberosRequest): string =>
  `HTTP/${hostname}${includePortInSPN ? `:${port}` : ''}`;

interface Means {
  readonly offer: KerberosOffer;
  readonly binding: Uint8Array | undefined;
  /** Absent: NTLM must not be used. */
  readonly ntlm: Credential | undefined;
}

interface Opened {
  readonly context: SecurityContext;
  /** Is to be sent next, and proves the password. */
  readonly proof?: Uint8Array;
  readonly refused: readonly RefusedMechanism[];
}

/** Tries the forms one after the other, until one is complete or about to prove the password. */
async function open(
  line: Line,
  request: KerberosRequest,
  { offer, binding, ntlm }: Means,
  signal: AbortSignal,
): Promise<Opened> {
  const { endpoint, mechanism } = request;
  const { client } = offer;
  const newContext = () => ntlm && newNtlm(ntlm, serviceOf(request), binding);
  const refused: RefusedMechanism[] = [];
  let offered: readonly string[] = [];
  for (const form of formsOf(offer, request, ntlm !== undefined)) {
    if ((form === 'NTLM' || form === 'Negotiate') && !offered.includes(form)) continue;
    const context = contextOf(form, client, newContext());
    const progress = await carryTokens(line, context, endpoint, signal).catch((error: unknown) => {
      context.release?.();
      // The computer said why it does not take the ticket; nothing of the password was shown yet.
      if (!ntlm || kerberosCause(error) === undefined || !(error instanceof Error)) throw error;
      return { kind: 'notTaken' as const, offered: [], why: error.message };
    });
    if (progress.kind === 'complete') return { context, refused };
    if (progress.kind === 'proof') return { context, proof: progress.proof, refused };
    context.release?.();
    offered = progress.offered;
    if (form === 'Kerberos' || form === 'Kerberos in Negotiate') {
      const why = 'why' in progress ? progress.why : `${endpoint.hostname} did not take the ticket.`;
      refused.push({ mechanism: 'Kerberos', why });
    }
    if (!line.alive) break;
  }
  const scheme = mechanism === 'Kerberos' ? 'Kerberos' : 'Negotiate';
  if (client && !ntlm && offered.some((name) => name.toLowerCase() === scheme.toLowerCase()))
    throw kerberosFailure('ticketRefused', { spn: client.spn, principal: offer.account });
  const [why, remedy] = offers(offered);
  throw noSignIn(endpoint, why, { scheme, remedy });
}

type Form = 'Kerberos' | 'Kerberos in Negotiate' | 'NTLM in Negotiate' | 'NTLM' | 'Negotiate';

function formsOf({ client }: KerberosOffer, { mechanism }: KerberosRequest, mayUseNtlm: boolean): Form[] {
  if (mechanism === 'Kerberos') return ['Kerberos'];
  return [
    ...(client ? (['Kerberos in Negotiate'] as const) : []),
    ...(mayUseNtlm ? (['NTLM in Negotiate', 'NTLM', 'Negotiate'] as const) : []),
  ];
}

function contextOf(
  form: Form,
  kerberos: KerberosOffer['client'],
  ntlm: NtlmClient | undefined,
): SecurityContext {
  if (form === 'Kerberos' && kerberos) return kerberos;
  if (form === 'Kerberos in Negotiate' || !ntlm)
    return new SpnegoClient({ ...(kerberos && { kerberos }), ...(ntlm && { ntlm }) });
  return form === 'NTLM in Negotiate' ? new SpnegoClient({ ntlm }) : bare(ntlm, form);
}

/** NTLM's own tokens, under the scheme that the server takes them in. */
function bare(ntlm: NtlmClient, scheme: string): SecurityContext {
  return {
    scheme,
    mechanism: 'NTLM',
    get complete() {
      return ntlm.complete;
    },
    get provesPassword() {
      return ntlm.provesPassword;
    },
    step: (token) => ntlm.step(token),
    wrap: (text) => ntlm.wrap(text),
    unwrap: (message) => ntlm.unwrap(message),
  };
}

function reportOf(
  { context, refused }: Opened,
  { client, account, why, refused: before }: KerberosOffer,
  credential: Credential | undefined,
  isBound: boolean,
): SignInReport {
  const { scheme, mechanism } = context;
  const isKerberos = mechanism.startsWith('Kerberos');
  const name = isKerberos ? account : credential?.username;
  const wasTurnedDown = client !== undefined && !isKerberos;
  const turnedDown = { mechanism: 'Kerberos', why: 'The computer chose NTLM instead.' };
  return {
    scheme,
    mechanism,
    ...(name && { account: name }),
    ...(isKerberos && client?.spn !== undefined && { spn: client.spn }),
    isBound,
    why: wasTurnedDown ? 'The computer does not take Kerberos.' : why,
    refused: [...before, ...refused, ...(wasTurnedDown && refused.length === 0 ? [turnedDown] : [])],
  };
}

/** Over TLS, signed in: the connection itself says who asks. */
const plain = (line: Line): Omit<SignedIn, 'report'> => ({
  post: (body, signal) => line.post({ headers: { 'Content-Type': SOAP_TYPE }, body }, signal),
});

/** Over TLS: the first SOAP carries the proof, the following ones nothing. */
function proving(
  line: Line,
  context: SecurityContext,
  proof: Uint8Array,
  { endpoint }: KerberosRequest,
  before: BeforeLogin,
): Omit<SignedIn, 'report'> {
  let first = true;
  return {
    post: async (body, signal) => {
      if (!first) return plain(line).post(body, signal);
      const attempt = await before(signal);
      first = false;
      const authenticate = line.post({ headers: authorization(context.scheme, proof), body }, signal);
      const reply = await tellLogin(attempt, authenticate, { isTaken: carriesSoap });
      await acceptProven(reply, context, endpoint);
      return reply;
    },
  };
}

function offers(offered: readonly string[]): [why: string, remedy?: string] {
  const takesBasic = offered.some((name) => name.toLowerCase() === 'basic');
  const why = offersInWords(offered);
  return takesBasic ? [why, 'Choose Basic for this computer, with TLS.'] : [why];
}
