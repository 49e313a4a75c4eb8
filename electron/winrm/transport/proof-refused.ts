import { TLSSocket } from 'node:tls';
import type { Endpoint } from '../../../shared/computer.ts';
import { WinRMError, withSignIn } from '../error.ts';
import type { HttpReply, Line } from './line.ts';
import { proxyOrPassword } from './proxy-failure.ts';
import { tokenIn } from './token-in.ts';

/** What begins NTLM's CHALLENGE, bare or in SPNEGO (MS-NLMP 2.2.1.2). */
const CHALLENGE = Buffer.from('NTLMSSP\0\x02\0\0\0', 'latin1');

/**
 * Whether a 401 to NTLM's AUTHENTICATE begins from the beginning: then it reached somebody who had not asked for it, on
 * another connection, and the account was not judged. A plain 401 tells nothing: so says a server to a wrong password, too,
 * as to an AUTHENTICATE that it has no challenge for. Nothing else in the answer differs for sure, and to find out with
 * another proof would be another login; so it counts, lest an account be locked out behind a proxy.
 */
export function beginsAnew({ status, wwwAuthenticate }: HttpReply, scheme: string): boolean {
  if (status !== 401) return false;
  return wwwAuthenticate.slice(0, 100).some((line) => {
    const token = tokenIn(line, scheme);
    return token instanceof Uint8Array && Buffer.from(token).includes(CHALLENGE);
  });
}

/**
 * What a refused proof of NTLM may be besides a wrong password: a computer says no more than 401 where TLS is not its
 * own, or the connection is another than that of its challenge.
 */
export function proofRefusedOn({ socket, via }: Line, endpoint: Endpoint, error: unknown): unknown {
  const isProof =
    error instanceof WinRMError && error.kind === 'unauthenticated' && error.info.faultCode === 5;
  if (!isProof) return error;
  if (via) return withSignIn(proxyOrPassword(via.proxy, endpoint, error), error.signIn);
  if (!(socket instanceof TLSSocket)) return error;
  return withSignIn(bindingOrPassword(socket, endpoint, error), error.signIn);
}

/** The sign-in is bound to the certificate that is seen here (channel binding). */
function bindingOrPassword(socket: TLSSocket, { hostname }: Endpoint, refused: WinRMError): WinRMError {
  const { fingerprint = '' } = socket.getPeerCertificate() as { fingerprint?: string };
  const thumbprint = fingerprint.replaceAll(':', '');
  return new WinRMError(refused.kind, refused.message, {
    ...refused.info,
    cause: refused,
    causes: [
      ...(refused.info.causes ?? []),
      'The password is right, but something between here and the computer ends TLS and begins another (an inspecting gateway, a load balancer): the sign-in is bound to the certificate that is seen here, and the computer has another (CBT).',
    ],
    remedy: {
      text: `${refused.info.remedy?.text ?? ''} On ${hostname} the certificate of the listener must have the thumbprint that is seen here, ${thumbprint}; if it has another, TLS is ended between:`.trim(),
      command: 'winrm enumerate winrm/config/listener',
    },
  });
}
