import type { AuthenticationMechanism, Endpoint } from '../../../shared/computer.ts';
import { demandUsable, MUTUAL_TLS } from '../auth/client-certificate.ts';
import type { ClientCertificate } from '../auth/client-certificate.ts';
import { WinRMError } from '../error.ts';
import { certificateRefused, certificateUnheard } from './client-certificate-failure.ts';
import type { HttpReply, Line } from './line.ts';
import type { BeforeLogin } from './login.ts';
import { provingEach } from './proving-each.ts';
import { SOAP_TYPE } from './reply.ts';
import type { SignIn } from './sign-in.ts';

export interface CertificateSignIn {
  readonly endpoint: Endpoint;
  readonly certificate: ClientCertificate;
  readonly mechanism: AuthenticationMechanism;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * TLS proves who asks, and each request says so; no password is part of it.
 *
 * @throws WinRMError 'invalid', before anything is sent, where that cannot be
 */
export function byCertificate({ endpoint, certificate, mechanism, now }: CertificateSignIn): SignIn {
  if (endpoint.scheme !== 'https') throw withoutTls(endpoint);
  if (mechanism !== 'Default') throw otherMechanism(mechanism, endpoint);
  demandUsable(certificate, now());
  const headers = { Authorization: MUTUAL_TLS, 'Content-Type': SOAP_TYPE };
  return (line: Line, before: BeforeLogin) => {
    let isHeard = false;
    const post = async (body: Uint8Array, signal: AbortSignal): Promise<HttpReply> => {
      const reply = await line.post({ headers, body }, signal).catch((error: unknown) => {
        throw isHeard ? error : certificateUnheard(error, endpoint);
      });
      isHeard = true;
      if (reply.status === 403) throw certificateRefused(endpoint, 403);
      return reply;
    };
    return Promise.resolve({
      report: {
        scheme: 'Certificate',
        mechanism: 'Client certificate',
        account: certificate.info.subject,
        // The key signs the TLS handshake itself.
        isBound: true,
        why: 'A client certificate was given, which signs in by TLS alone.',
        refused: [],
      },
      post: provingEach({ line, endpoint }, before, post, () => certificateRefused(endpoint, 401)),
    });
  };
}

const withoutTls = ({ hostname }: Endpoint) =>
  new WinRMError('invalid', `A client certificate signs in by TLS, and ${hostname} is asked without.`, {
    causes: ['UseSSL is not chosen for this computer.'],
    remedy: { text: 'Use TLS for this computer; at the prompt:', command: '-UseSSL' },
  });

const otherMechanism = (mechanism: string, { hostname }: Endpoint) =>
  new WinRMError(
    'invalid',
    `${mechanism} is chosen for ${hostname}, and a client certificate signs in by itself alone.`,
    { remedy: { text: 'Choose Default for Authentication, or another credential.' } },
  );
