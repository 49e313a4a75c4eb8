import { randomBytes } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { Endpoint } from '../../../shared/computer.ts';
import type { Credential } from '../auth/basic.ts';
import { tlsServerEndPoint } from '../auth/channel-binding.ts';
import { NtlmClient } from '../auth/ntlm.ts';
import { readSealed, SEALED_TYPE, writeSealed } from '../auth/sealed-mime.ts';
import type { SecurityContext } from '../auth/security-context.ts';
import { SpnegoClient } from '../auth/spnego.ts';
import { WinRMError } from '../error.ts';
import type { HttpReply, Line } from './line.ts';
import { tellLogin } from './login.ts';
import type { BeforeLogin } from './login.ts';
import { carriesSoap, mediaType, refusal, schemesOffered, SOAP_TYPE, unauthenticated } from './reply.ts';
import type { SignedIn, SignIn, SignInOptions } from './sign-in.ts';
import { peerCertificate } from './tls.ts';

const AMBIENT = { now: Date.now, randomBytes };
/** http.sys takes no longer ones. */
const MAX_TOKEN_CHARACTERS = 87_384;

/**
 * Negotiate, which is NTLM in SPNEGO for now. Where a server does not know SPNEGO, NTLM goes bare, under `NTLM` or
 * `Negotiate`, as the server offers. The choice is made before anything that proves the password is sent, so a wrong
 * one counts once.
 *
 * Over http: NEGOTIATE and AUTHENTICATE travel on requests without a body, as Windows' own client and pywinrm do it;
 * the third request is the first sealed one. Over https nothing is sealed, and the first SOAP rides with AUTHENTICATE,
 * as HTTP's NTLM always did: two round trips. There AUTHENTICATE is bound to the server's certificate, and the same
 * kept-alive connection then needs no header.
 */
export function negotiate(endpoint: Endpoint, credential: Credential, options: SignInOptions = {}): SignIn {
  // What is wrong with the account itself is said before any traffic.
  const spn = serviceName(endpoint, options);
  newContext(spn, credential, undefined);
  return async (line, before, signal) => {
    const { context, challenge } = await firstLeg(line, endpoint, { spn, credential }, signal);
    const proof = context.step(challenge);
    if (!proof) throw new WinRMError('internal', 'The sign-in ended before the password was proven.');
    if (endpoint.scheme === 'https') return unsealed(line, context, proof, endpoint, before);
    const attempt = await before(signal);
    const authenticate = line.post({ headers: authorization(context.scheme, proof), body: NOTHING }, signal);
    const reply = await tellLogin(attempt, authenticate, ({ status }) => status === 200);
    accept(reply, context, endpoint);
    if (reply.status !== 200) throw refusal(reply, endpoint);
    return sealed(line, context, endpoint);
  };
}

/** IncludePortInSPN is for computers where several services answer, each as another account. */
const serviceName = ({ hostname, port }: Endpoint, { includePortInSPN }: SignInOptions) =>
  `HTTP/${hostname}${includePortInSPN ? `:${port}` : ''}`;

const NOTHING = new Uint8Array();

function newContext(targetName: string, credential: Credential, line: Line | undefined): NtlmClient {
  const certificate = line?.socket instanceof TLSSocket ? peerCertificate(line.socket)?.raw : undefined;
  const channelBinding = certificate && tlsServerEndPoint(certificate);
  const options = { targetName, ...(channelBinding && { channelBinding }) };
  return new NtlmClient(credential, options, AMBIENT);
}

const authorization = (scheme: string, token: Uint8Array) => ({
  Authorization: `${scheme} ${Buffer.from(token).toString('base64')}`,
  'Content-Type': SOAP_TYPE,
});

/** Sends NEGOTIATE and brings the challenge, in the first form that the server takes. */
async function firstLeg(
  line: Line,
  endpoint: Endpoint,
  { spn, credential }: { readonly spn: string; readonly credential: Credential },
  signal: AbortSignal,
) {
  const ntlm = () => newContext(spn, credential, line);
  let offered: readonly string[] = [];
  for (const form of ['spnego', 'NTLM', 'Negotiate'] as const) {
    const scheme = form === 'spnego' ? 'Negotiate' : form;
    if (form !== 'spnego' && !schemesOffered(offered).includes(form)) continue;
    const context: SecurityContext = form === 'spnego' ? new SpnegoClient(ntlm()) : bare(ntlm(), form);
    const token = context.step() ?? NOTHING;
    const reply = await line.post({ headers: authorization(scheme, token), body: NOTHING }, signal);
    if (reply.status === 200) throw noSignIn(endpoint, 'It answers without asking who is there.');
    if (reply.status !== 401) throw refusal(reply, endpoint);
    const challenge = tokenOf(reply, scheme);
    if (challenge) return { context, challenge };
    offered = reply.wwwAuthenticate;
    if (!line.alive) break;
  }
  throw noSignIn(endpoint, ...offers(offered));
}

/** NTLM's own tokens, under the scheme that the server takes them in. */
function bare(ntlm: NtlmClient, scheme: string): SecurityContext {
  return {
    scheme,
    mechanism: 'NTLM',
    get complete() {
      return ntlm.complete;
    },
    step: (token) => ntlm.step(token),
    wrap: (plain) => ntlm.wrap(plain),
    unwrap: (message) => ntlm.unwrap(message),
  };
}

function tokenOf({ wwwAuthenticate }: HttpReply, scheme: string): Uint8Array | undefined {
  for (const line of wwwAuthenticate.slice(0, 100)) {
    const [name, token] = line.trim().split(/\s+/, 2);
    if (name?.toLowerCase() !== scheme.toLowerCase() || !token) continue;
    if (token.length > MAX_TOKEN_CHARACTERS || !/^[A-Za-z0-9+/]+={0,2}$/.test(token)) {
      throw new WinRMError('protocol', 'The computer answered the sign-in with a token that cannot be read.');
    }
    return new Uint8Array(Buffer.from(token, 'base64'));
  }
  return undefined;
}

/** Judges the answer to AUTHENTICATE. The last token may be left out: that the server went on says enough. */
function accept(reply: HttpReply, context: SecurityContext, endpoint: Endpoint): void {
  if (reply.status === 401) throw unauthenticated(endpoint.hostname, reply.wwwAuthenticate);
  const token = tokenOf(reply, context.scheme);
  if (token && !context.complete) context.step(token);
}

function sealed(line: Line, context: SecurityContext, endpoint: Endpoint): SignedIn {
  return {
    isSealed: true,
    post: async (soap, signal) => {
      const body = writeSealed({
        ...context.wrap(soap),
        contentType: line.soapType,
        plainLength: soap.length,
      });
      const reply = await line.post({ headers: { 'Content-Type': SEALED_TYPE }, body }, signal);
      return mediaType(reply.contentType) === 'multipart/encrypted'
        ? open(reply, context)
        : openOnly(reply, endpoint);
    },
  };
}

function open(reply: HttpReply, context: SecurityContext): HttpReply {
  const parts = readSealed(reply.body, reply.contentType);
  const plain = parts.map((part) => context.unwrap(part));
  return { ...reply, contentType: parts[0]?.contentType ?? '', body: Buffer.concat(plain) };
}

/** Anyone on the way can write an answer in clear; only refusals, which carry no data, are listened to. */
function openOnly(reply: HttpReply, { hostname }: Endpoint): HttpReply {
  const isRefusal = reply.status >= 300 && mediaType(reply.contentType) !== 'application/soap+xml';
  if (isRefusal) return { ...reply, body: Buffer.alloc(0) };
  throw new WinRMError(
    'protocol',
    `${hostname} sent in clear what must be sealed; the answer is not trusted.`,
    {
      causes: [
        'Something between takes part in the conversation.',
        'The server does not seal what it answers.',
      ],
      remedy: { text: 'Use TLS for this computer.' },
      faultCode: 2150859001,
    },
  );
}

/** Over TLS: the first SOAP carries the proof, the following ones nothing. */
function unsealed(
  line: Line,
  context: SecurityContext,
  proof: Uint8Array,
  endpoint: Endpoint,
  before: BeforeLogin,
): SignedIn {
  let first = true;
  return {
    post: async (body, signal) => {
      if (!first) return line.post({ headers: { 'Content-Type': SOAP_TYPE }, body }, signal);
      const attempt = await before(signal);
      first = false;
      const authenticate = line.post({ headers: authorization(context.scheme, proof), body }, signal);
      const reply = await tellLogin(attempt, authenticate, carriesSoap);
      accept(reply, context, endpoint);
      return reply;
    },
  };
}

function noSignIn({ hostname }: Endpoint, why: string, remedy?: string): WinRMError {
  return new WinRMError('denied', `${hostname} does not take a sign-in by Negotiate. ${why}`, {
    causes: [
      'Negotiate is switched off in its WinRM service (Auth\\Negotiate), or NTLM is.',
      'Something other than WinRM answers on this port.',
    ],
    remedy: { text: remedy ?? 'Ask its administrator which ways to sign in are allowed.' },
    faultCode: 5,
    errorId: 'AccessDenied',
  });
}

function offers(wwwAuthenticate: readonly string[]): [why: string, remedy?: string] {
  const offered = schemesOffered(wwwAuthenticate);
  if (offered.length === 0) return ['It offers no way to sign in.'];
  const takesBasic = offered.some((name) => name.toLowerCase() === 'basic');
  const why = `It offers ${offered.join(', ')}.`;
  return takesBasic ? [why, 'Choose Basic for this computer, with TLS.'] : [why];
}
