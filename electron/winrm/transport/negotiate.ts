import { TLSSocket } from 'node:tls';
import type { RefusedMechanism } from '../../../shared/sign-in-report.ts';
import { tlsServerEndPoint } from '../auth/channel-binding.ts';
import type { KerberosClient } from '../auth/kerberos.ts';
import type { NtlmClient } from '../auth/ntlm.ts';
import type { SecurityContext } from '../auth/security-context.ts';
import { SpnegoClient } from '../auth/spnego.ts';
import { withSignIn } from '../error.ts';
import { chooseFor, offerKerberos } from './kerberos-offer.ts';
import type { KerberosOffer, KerberosRequest } from './kerberos-offer.ts';
import type { Line } from './line.ts';
import type { BeforeLogin } from './login.ts';
import { newNtlm } from './new-ntlm.ts';
import { isOffered, notGoneOnWith } from './not-offered.ts';
import { proveAlone } from './prove-alone.ts';
import { provenByAnswer } from './proven-by-answer.ts';
import { refusedThoughTaken } from './refused-though-taken.ts';
import { offersInWords, SOAP_TYPE } from './reply.ts';
import { reportOf, reportOfEnded } from './report-of.ts';
import { sealedExchange } from './sealed-exchange.ts';
import type { SignedIn, SignIn } from './sign-in.ts';
import { peerCertificate } from './tls.ts';
import type { Progress } from './token-conversation.ts';
import { acceptProven, authorization, carryTokens, noSignIn } from './token-conversation.ts';
import { tellOfAccount } from './told-of-account.ts';
import { whenClosed } from './when-closed.ts';

/**
 * Negotiate, and Kerberos under its own name. Where there is a ticket it is shown in SPNEGO, or bare where the server
 * offers `Kerberos` alone. Where there is none NTLM goes in SPNEGO, or bare, under `NTLM` or `Negotiate`, where a server
 * does not know SPNEGO. The choice is made before anything that proves the password is sent, so a wrong one counts once.
 *
 * Once a ticket was shown NTLM comes only within the same SPNEGO, by the server's choice, which it must sign to be asked
 * anything: who struck Kerberos out on the way is found out, after NTLM's proof was sent. A server that cannot read the
 * ticket, or answers it with a plain 401, may not be the computer at all, and the answer may be anybody's: an NTLM proof
 * would be handed to whoever wants to guess the password from it, or to sign in with it elsewhere. That one who knows
 * SPNEGO can choose NTLM, and have it so, is not prevented; Windows does the same. Kerberos alone never uses NTLM.
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
    const isBound = binding !== undefined;
    const scheme = request.mechanism === 'Kerberos' ? 'Kerberos' : 'Negotiate';
    const offering = offerKerberos(request, choice, binding, { before, signal });
    const offer = await offering.catch((error: unknown) => {
      throw withSignIn(error, reportOfEnded(error, choice, { scheme, isBound }));
    });
    const ntlm = choice.use === 'only' ? undefined : credential;
    const conversation = { line, request, offer, signal };
    const opening = offer.client
      ? openByTicket(conversation, offer.client, ntlm && newNtlm(ntlm, serviceOf(request), binding))
      : openByNtlm(conversation, () => ntlm && newNtlm(ntlm, serviceOf(request), binding));
    const tried = {
      scheme,
      mechanism: offer.client ? 'Kerberos' : 'NTLM in Negotiate',
      refused: [],
      isBound,
    };
    const opened = await opening
      .catch((error: unknown) => {
        // Why it was not Kerberos may be the cause of all that followed.
        throw withSignIn(error, reportOf(tried, offer, credential));
      })
      .finally(() => offer.release());
    const { context, proof } = opened;
    whenClosed(line.socket, () => context.release?.());
    const { mechanism } = context;
    const report = reportOf(
      { scheme: context.scheme, mechanism, refused: opened.refused, isBound },
      offer,
      credential,
    );
    const isPlain = endpoint.scheme === 'https';
    const told = (error: unknown) =>
      offer.isTaken && credential ? refusedThoughTaken(error, endpoint, credential.username) : error;
    if (!proof) return { ...(isPlain ? plain(line) : sealedExchange(line, context, endpoint)), report };
    if (isPlain) return { ...proving({ line, context, proof, told }, request, before), report };
    const alone = proveAlone({ line, context, proof }, endpoint, before, signal);
    const attempt = await alone.catch((error: unknown) => {
      throw withSignIn(told(error), report);
    });
    const exchange = sealedExchange(line, context, endpoint);
    return { ...provenByAnswer(exchange, attempt, { line, context }), report };
  };
}

function bindingOf({ socket }: Line): Uint8Array | undefined {
  const certificate = socket instanceof TLSSocket ? peerCertificate(socket)?.raw : undefined;
  return certificate && tlsServerEndPoint(certificate);
}

const serviceOf = ({ endpoint: { hostname, port }, includePortInSPN }: KerberosRequest): string =>
  `HTTP/${hostname}${includePortInSPN ? `:${port}` : ''}`;

interface Conversation {
  readonly line: Line;
  readonly request: KerberosRequest;
  readonly offer: KerberosOffer;
  readonly signal: AbortSignal;
}

interface Opened {
  readonly context: SecurityContext;
  /** Is to be sent next, and proves the password. */
  readonly proof?: Uint8Array;
  readonly refused: readonly RefusedMechanism[];
}

type Carried = { readonly opened: Opened } | { readonly offered: readonly string[] };

/** A context that does not come about is given back. */
async function carry(
  { line, request, signal }: Conversation,
  context: SecurityContext,
  refused: readonly RefusedMechanism[] = [],
): Promise<Carried> {
  let progress: Progress | undefined;
  try {
    progress = await carryTokens(line, context, request.endpoint, signal);
  } finally {
    if (progress === undefined || progress.kind === 'notTaken') context.release?.();
  }
  if (progress.kind === 'notTaken') return { offered: progress.offered };
  const proof = progress.kind === 'proof' ? { proof: progress.proof } : {};
  return { opened: { context, ...proof, refused } };
}

/** @param ntlm what the server may choose instead, in SPNEGO */
async function openByTicket(
  conversation: Conversation,
  kerberos: KerberosClient,
  ntlm: NtlmClient | undefined,
): Promise<Opened> {
  const { line, offer, request } = conversation;
  const { endpoint, mechanism } = request;
  const first = mechanism === 'Kerberos' ? kerberos : new SpnegoClient({ kerberos, ...(ntlm && { ntlm }) });
  let { scheme } = first;
  let carried = await carry(conversation, first);
  const isElsewhere = (offered: readonly string[]) =>
    !isOffered(offered, scheme) && isOffered(offered, 'Kerberos');
  if ('offered' in carried && isElsewhere(carried.offered) && line.alive && offer.another) {
    const why = `${endpoint.hostname} does not offer Negotiate.`;
    const again = offer.another();
    ({ scheme } = again);
    carried = await carry(conversation, again, [{ mechanism: 'Kerberos in Negotiate', why }]);
  }
  if ('opened' in carried) return carried.opened;
  if (isOffered(carried.offered, scheme)) throw kerberos.refused();
  throw notOffered(conversation, carried.offered, scheme);
}

/** Tries the forms one after the other, until one is about to prove the password. */
async function openByNtlm(
  conversation: Conversation,
  newContext: () => NtlmClient | undefined,
): Promise<Opened> {
  let offered: readonly string[] = [];
  for (const form of ['NTLM in Negotiate', 'NTLM', 'Negotiate'] as const) {
    const ntlm = newContext();
    if (!ntlm) break;
    if (form !== 'NTLM in Negotiate' && !isOffered(offered, form)) continue;
    const context = form === 'NTLM in Negotiate' ? new SpnegoClient({ ntlm }) : bare(ntlm, form);
    const carried = await carry(conversation, context);
    if ('opened' in carried) return carried.opened;
    ({ offered } = carried);
    if (!conversation.line.alive) break;
  }
  throw notOffered(conversation, offered, 'Negotiate');
}

function notOffered({ request, offer }: Conversation, offered: readonly string[], scheme: string) {
  const remedy = isOffered(offered, 'Basic') ? 'Choose Basic for this computer, with TLS.' : undefined;
  const causes = offer.refused.map(({ mechanism, why }) => `${mechanism} was not to be had: ${why}`);
  if (isOffered(offered, scheme)) return notGoneOnWith(request.endpoint.hostname, scheme, offered, causes);
  return noSignIn(request.endpoint, offersInWords(offered), { scheme, remedy, causes });
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

/** Over TLS, signed in: the connection itself says who asks. */
const plain = (line: Line): Omit<SignedIn, 'report'> => ({
  post: (body, signal) => line.post({ headers: { 'Content-Type': SOAP_TYPE }, body }, signal),
});

interface Proving {
  readonly line: Line;
  readonly context: SecurityContext;
  readonly proof: Uint8Array;
  /** What a failure is, by all that is known. */
  readonly told: (error: unknown) => unknown;
}

/**
 * Over TLS: the first SOAP carries the proof, the following ones nothing. That the password was taken is the computer's
 * word alone, unless it signed the list of mechanisms.
 */
function proving(
  { line, context, proof, told }: Proving,
  { endpoint }: KerberosRequest,
  before: BeforeLogin,
): Omit<SignedIn, 'report'> {
  let first = true;
  return {
    post: async (body, signal) => {
      if (!first) return plain(line).post(body, signal);
      const attempt = await before(signal);
      first = false;
      const isSent = line.alive && !signal.aborted;
      try {
        const reply = await line.post({ headers: authorization(context.scheme, proof), body }, signal);
        if (reply.status === 401) attempt.refused();
        await acceptProven(reply, context, endpoint);
        if (context.isPeerProven) attempt.taken();
        else tellOfAccount(reply, endpoint, attempt);
        return reply;
      } catch (error) {
        throw told(error);
      } finally {
        attempt.ended(isSent ? undefined : 'unjudged');
      }
    },
  };
}
