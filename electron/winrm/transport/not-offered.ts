import type { Endpoint } from '../../../shared/computer.ts';
import { WinRMError } from '../error.ts';
import type { Line } from './line.ts';
import { refusalBefore, schemesOffered, unauthenticated } from './reply.ts';
import { SOAP_TYPE } from './soap-type.ts';
import { letsAnyoneIn, NOTHING } from './token-conversation.ts';

/** In whatever letters. */
export const isOffered = (schemes: readonly string[], wanted: string): boolean =>
  schemes.some((name) => name.toLowerCase() === wanted.toLowerCase());

/**
 * The computer takes other ways to sign in than the one that is chosen for it: so it has not judged the account.
 *
 * @param wanted as `-Authentication` names it
 */
export function notOffered(
  hostname: string,
  wanted: 'Basic' | 'Credssp' | 'Digest' | 'Kerberos' | 'Negotiate',
  schemes: readonly string[],
): WinRMError {
  const name = wanted === 'Credssp' ? 'CredSSP' : wanted;
  const isWinRMs = wanted !== 'Digest';
  return new WinRMError(
    'denied',
    schemes.length === 0
      ? `${hostname} asks who is there, but offers no way to say so.`
      : `${hostname} offers ${schemes.join(', ')}, but not ${name}, which is chosen for it.`,
    {
      causes: [
        isWinRMs
          ? `${name} is switched off in its WinRM service.`
          : 'Digest is a way of web servers and gateways; the WinRM service of Windows does not offer it.',
      ],
      remedy: isWinRMs
        ? {
            text: `Choose a way that it offers, or switch ${name} on, on ${hostname}, elevated:`,
            command: `Set-Item WSMan:\\localhost\\Service\\Auth\\${name} $true`,
          }
        : { text: 'Choose a way that it offers.' },
      faultCode: 5,
      errorId: 'AccessDenied',
    },
  );
}

/**
 * The computer offers the way that was begun, and answers its beginning with nothing to go on with.
 *
 * @param causes why other ways were not taken
 */
export function notGoneOnWith(
  hostname: string,
  scheme: string,
  offered: readonly string[],
  causes: readonly string[] = [],
): WinRMError {
  const isCredssp = scheme === 'CredSSP';
  const it = offered.length === 1 ? 'it' : scheme;
  return new WinRMError(
    'denied',
    `${hostname} offers ${offered.join(', ')}, and then does not go on with ${it}.`,
    {
      causes: [
        ...causes,
        isCredssp
          ? 'CredSSP is switched on in its WinRM service, and forbidden by its policy.'
          : 'NTLM is blocked there (Network security: Restrict NTLM), and Kerberos was not used.',
        'Something between, such as a proxy or a gateway, takes the sign-in out of the requests.',
      ],
      remedy: {
        text: isCredssp
          ? 'Choose Negotiate or Kerberos for this computer.'
          : `${isOffered(offered, 'Basic') ? 'Choose Basic for this computer, with TLS; or ask' : 'Ask'} it by its name in the domain and with an account of the domain, so that Kerberos can be used; or ask it past what is between.`,
      },
      faultCode: 5,
      errorId: 'AccessDenied',
    },
  );
}

/**
 * What a 401 to a proof by Basic means. One that offers other ways alone has most likely Basic switched off, and not
 * judged it; one that offers none, or asked for the proof a moment before, may have.
 */
export function basicRefused(
  hostname: string,
  wwwAuthenticate: readonly string[],
  wasOffered: boolean,
): WinRMError {
  const offered = schemesOffered(wwwAuthenticate);
  return wasOffered || offered.length === 0 || isOffered(offered, 'Basic')
    ? unauthenticated(hostname, wwwAuthenticate, 'Basic')
    : notOffered(hostname, 'Basic', offered);
}

/**
 * Asks on a request without a body, and without the account, which ways to sign in there are.
 *
 * @throws WinRMError unless the wanted one is among them
 */
export async function demandOffer(
  line: Line,
  wanted: 'Basic',
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<void> {
  const reply = await line.post({ headers: { 'Content-Type': SOAP_TYPE }, body: NOTHING }, signal);
  if (reply.status === 200) throw letsAnyoneIn(endpoint, wanted);
  if (reply.status !== 401) throw refusalBefore(reply, endpoint);
  const offered = schemesOffered(reply.wwwAuthenticate);
  if (!isOffered(offered, wanted)) throw notOffered(endpoint.hostname, wanted, offered);
}
