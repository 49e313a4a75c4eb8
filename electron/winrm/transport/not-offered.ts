import { WinRMError } from '../error.ts';
import { schemesOffered, unauthenticated } from './reply.ts';

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
 * What a 401 to a proof means that went out with the request itself. One that offers other ways alone does not judge it,
 * and counts towards no lock-out; one that offers none may.
 */
export function proofRefused(
  hostname: string,
  scheme: 'Basic' | 'Digest',
  wwwAuthenticate: readonly string[],
): WinRMError {
  const offered = schemesOffered(wwwAuthenticate);
  return offered.length === 0 || isOffered(offered, scheme)
    ? unauthenticated(hostname, wwwAuthenticate)
    : notOffered(hostname, scheme, offered);
}
