import type { Endpoint } from '../../../shared/computer.ts';
import type { SecurityContext } from '../auth/security-context.ts';
import { WinRMError } from '../error.ts';
import type { HttpReply, Line } from './line.ts';
import { refusalBefore, schemesOffered, SOAP_TYPE, unauthenticated } from './reply.ts';
import { tokenOf } from './token-in.ts';

/** Negotiate in which the server takes NTLM instead of Kerberos needs four. */
const MAX_LEGS = 5;

export const NOTHING = new Uint8Array();

export const authorization = (scheme: string, token: Uint8Array) => ({
  Authorization: `${scheme} ${Buffer.from(token).toString('base64')}`,
  'Content-Type': SOAP_TYPE,
});

/** How far tokens carried. */
export type Progress =
  | { readonly kind: 'complete' }
  /** What is to be sent next proves the password, so it is a login. */
  | { readonly kind: 'proof'; readonly proof: Uint8Array }
  /** The computer does not take this way, or not what it was shown; nothing proved the password. */
  | { readonly kind: 'notTaken'; readonly offered: readonly string[] };

/**
 * Carries tokens to and fro on requests without a body, until the sign-in is complete or the next token proves the
 * password.
 *
 * @throws WinRMError
 */
export async function carryTokens(
  line: Line,
  context: SecurityContext,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<Progress> {
  let token = (await context.step()) ?? NOTHING;
  for (let leg = 0; leg < MAX_LEGS; leg++) {
    if (context.provesPassword) return { kind: 'proof', proof: token };
    const headers = authorization(context.scheme, token);
    const reply = await line.post({ headers, body: NOTHING }, signal);
    const answer = tokenOf(reply.wwwAuthenticate, context.scheme);
    if (reply.status === 200) {
      if (answer && !context.complete) await context.step(answer);
      if (context.complete) return { kind: 'complete' };
      throw leg === 0 && !answer ? letsAnyoneIn(endpoint, settingOf(context)) : unproven(endpoint);
    }
    if (reply.status !== 401) throw refusalBefore(reply, endpoint);
    if (!answer) return { kind: 'notTaken', offered: schemesOffered(reply.wwwAuthenticate) };
    const next = await context.step(answer);
    if (!next) throw unproven(endpoint);
    token = next;
  }
  throw endless(endpoint);
}

/** What a computer switches off; NTLM by its own name is a part of Negotiate. */
const settingOf = ({ scheme }: SecurityContext) => (scheme === 'NTLM' ? 'Negotiate' : scheme);

/** Judges the answer to what proved the password. The last token may be left out: that the server went on says enough. */
export async function acceptProven(
  reply: HttpReply,
  context: SecurityContext,
  endpoint: Endpoint,
): Promise<void> {
  if (reply.status === 401) throw unauthenticated(endpoint.hostname, reply.wwwAuthenticate, context.scheme);
  const token = tokenOf(reply.wwwAuthenticate, context.scheme);
  if (token && !context.complete) await context.step(token);
  if (!context.complete) context.endUnheard?.();
}

export const letsAnyoneIn = (endpoint: Endpoint, scheme?: string): WinRMError =>
  noSignIn(endpoint, 'It answers without asking who is there.', scheme === undefined ? {} : { scheme });

/** It goes on with the sign-in for ever. */
export const endless = ({ hostname }: Endpoint) =>
  new WinRMError('protocol', `${hostname} does not come to an end with the sign-in.`);

/** It took us in before it had shown that it is itself. */
export const unproven = ({ hostname }: Endpoint) =>
  new WinRMError('protocol', `${hostname} let us in without proving who it is; it is not believed.`, {
    causes: ['Something other than the computer answers in its place.'],
  });

/** The computer does not take a sign-in of this kind. */
export function noSignIn(
  { hostname }: Endpoint,
  why: string,
  {
    scheme = 'Negotiate',
    remedy,
    causes = [],
  }: {
    readonly scheme?: string;
    readonly remedy?: string | undefined;
    readonly causes?: readonly string[];
  } = {},
): WinRMError {
  return new WinRMError('denied', `${hostname} does not take a sign-in by ${scheme}. ${why}`, {
    causes: [
      ...causes,
      scheme === 'Negotiate'
        ? 'Negotiate is switched off in its WinRM service (Auth\\Negotiate), or NTLM is.'
        : `${scheme} is switched off in its WinRM service (Auth\\${scheme}).`,
      'Something other than WinRM answers on this port.',
    ],
    remedy: { text: remedy ?? 'Ask its administrator which ways to sign in are allowed.' },
    faultCode: 5,
    errorId: 'AccessDenied',
  });
}
