import type { AuthenticationMechanism, Endpoint } from '../../../shared/computer.ts';
import type { SignInReport } from '../../../shared/sign-in-report.ts';
import { demandAccountName, shownName } from '../auth/account-name.ts';
import { basicAuthorization } from '../auth/basic.ts';
import type { Credential } from '../auth/basic.ts';
import { isClientCertificate } from '../auth/client-certificate.ts';
import type { AnyCredential } from '../auth/client-certificate.ts';
import type { KerberosProvider } from '../auth/kerberos-provider.ts';
import { WinRMError } from '../error.ts';
import { byCertificate } from './client-certificate-sign-in.ts';
import { credssp } from './credssp/credssp.ts';
import { digest } from './digest.ts';
import type { HttpReply, Line } from './line.ts';
import type { BeforeLogin } from './login.ts';
import { negotiate } from './negotiate.ts';
import { basicRefused, demandOffer } from './not-offered.ts';
import { provingEach } from './proving-each.ts';
import { SOAP_TYPE } from './reply.ts';

/** What says who is asking, on one connection. */
export interface SignedIn {
  /** Whether anyone on the way could write an answer in clear that is listened to; see `openOnly`. */
  readonly isSealed?: boolean;
  /** How, and why so. */
  readonly report: SignInReport;
  /** Sends one SOAP text; the reply's body is in clear whatever travelled. */
  post(soap: Uint8Array, signal: AbortSignal): Promise<HttpReply>;
}

/** Signs in on a fresh connection. Rejects with a WinRMError; makes at most one attempt with the password. */
export type SignIn = (line: Line, before: BeforeLogin, signal: AbortSignal) => Promise<SignedIn>;

export interface SignInOptions {
  readonly authentication?: AuthenticationMechanism;
  /** Basic and Digest over http need one of these two: the second is PowerShell's word for it, and never undoes a no. */
  readonly allowBasicOverHttp?: boolean;
  readonly noEncryption?: boolean;
  /** Also CredSSP that can be relayed: of computers without the update of 2018. */
  readonly allowOldCredssp?: boolean;
  /** Is told what a person should know of the sign-in: a sentence. */
  readonly onWarning?: (sentence: string) => void;
  /** The Kerberos service is `HTTP/computer:port`. */
  readonly includePortInSPN?: boolean;
  /** Instead of the system's. */
  readonly kerberos?: () => KerberosProvider;
}

/**
 * Decides how to sign in, before anything is sent.
 *
 * @throws WinRMError 'invalid' for a mechanism that is not allowed here, 'unauthenticated' without a credential
 */
export function chooseSignIn(
  endpoint: Endpoint,
  credential: AnyCredential | undefined,
  options: SignInOptions,
): SignIn {
  const mechanism = options.authentication ?? 'Default';
  if (isClientCertificate(credential))
    return byCertificate({ endpoint, certificate: credential, mechanism, now: Date.now });
  if (credential) demandAccountName(credential);
  if (credential && !namesSomebody(credential.username)) throw nobody(credential.username);
  const inClear = endpoint.scheme === 'http' && (mechanism === 'Basic' || mechanism === 'Digest');
  if (inClear && !(options.allowBasicOverHttp ?? options.noEncryption)) throw unsealed(mechanism, endpoint);
  if (mechanism !== 'Basic' && mechanism !== 'Digest' && mechanism !== 'Credssp') {
    const { includePortInSPN, kerberos } = options;
    return negotiate({ endpoint, mechanism, credential, includePortInSPN, kerberos });
  }
  if (!credential) {
    throw noAccount(mechanism === 'Credssp' ? 'CredSSP' : mechanism, endpoint);
  }
  if (mechanism === 'Credssp') {
    const { allowOldCredssp, onWarning, includePortInSPN, kerberos } = options;
    return credssp({ endpoint, credential, allowOldCredssp, onWarning, includePortInSPN, kerberos });
  }
  return mechanism === 'Basic' ? basic(endpoint, credential) : digest(endpoint, credential);
}

/** `LAB\\alice`, `alice@lab.test`, `alice`: whatever the form, a user. */
const namesSomebody = (username: string): boolean =>
  /^\s*[^\s@]/.test(username.slice(username.lastIndexOf('\\') + 1));

/** Else a slip of the hand counts as a wrong login. */
const nobody = (username: string) =>
  new WinRMError(
    'invalid',
    `No user stands in the user name “${shownName(username)}”, so nothing was sent.`,
    {
      remedy: { text: 'Write it as DOMAIN\\user, user@domain or user.' },
    },
  );

/** The three show a password: a ticket is none. */
const noAccount = (mechanism: 'Basic' | 'CredSSP' | 'Digest', { hostname }: Endpoint) =>
  new WinRMError(
    'unauthenticated',
    `No account is known for ${hostname}, and ${mechanism} cannot sign in without.`,
    {
      remedy: {
        text: 'Give a user name and password; or use Default, Negotiate or Kerberos, which sign in as whoever is logged on here.',
      },
      faultCode: 2150858981,
      errorId: 'ExplicitCredentialsRequired',
    },
  );

/** Neither seals what it sends. Windows' client demands AllowUnencrypted for both, by this same code. */
function unsealed(mechanism: 'Basic' | 'Digest', { hostname }: Endpoint): WinRMError {
  const sentence =
    mechanism === 'Basic'
      ? `Basic would send the password to ${hostname} as good as in clear, so it is refused over http.`
      : `Digest seals nothing: what is asked of ${hostname} and answered could be read and changed on the way, and the password be guessed from its proofs, so it is refused over http.`;
  return new WinRMError('invalid', sentence, {
    causes: [`${mechanism} was chosen for this computer without TLS.`],
    remedy: {
      text: `Use Negotiate or TLS; or, in a network that nobody else reads, allow Basic and Digest over http for this computer. At the prompt:`,
      command: '-SessionOption "@{NoEncryption=1}"',
    },
    faultCode: 2150858974,
  });
}

/**
 * The header goes with every request from the first on: waiting for a challenge would cost a round trip and hide
 * nothing. But who answered it by offering other ways alone is shown the password no more, until asked without it and
 * offering Basic; who then does so again has refused it.
 */
function basic(endpoint: Endpoint, credential: Credential): SignIn {
  const { hostname } = endpoint;
  let isOff = false;
  const report: SignInReport = {
    scheme: 'Basic',
    mechanism: 'Basic',
    account: credential.username,
    isBound: false,
    why: 'Basic was asked for.',
    refused: [],
  };
  const headers = { Authorization: basicAuthorization(credential), 'Content-Type': SOAP_TYPE };
  return async (line, before, signal) => {
    const wasOffered = isOff;
    if (isOff) await demandOffer(line, 'Basic', endpoint, signal);
    isOff = false;
    const refusal = ({ wwwAuthenticate }: HttpReply) => {
      const error = basicRefused(hostname, wwwAuthenticate, wasOffered);
      isOff = error.kind !== 'unauthenticated';
      return error;
    };
    return {
      report,
      post: provingEach(
        { line, endpoint },
        before,
        (body, ends) => line.post({ headers, body }, ends),
        refusal,
      ),
    };
  };
}
