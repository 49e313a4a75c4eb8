import type { AuthenticationMechanism, Endpoint } from '../../../shared/computer.ts';
import { SPOKEN_MECHANISMS } from '../../../shared/computer.ts';
import type { SignInReport } from '../../../shared/sign-in-report.ts';
import { basicAuthorization } from '../auth/basic.ts';
import type { Credential } from '../auth/basic.ts';
import type { KerberosProvider } from '../auth/kerberos-provider.ts';
import { WinRMError } from '../error.ts';
import type { HttpReply, Line } from './line.ts';
import { tellLogin } from './login.ts';
import type { BeforeLogin, LoginAttempt } from './login.ts';
import { negotiate } from './negotiate.ts';
import { carriesSoap, SOAP_TYPE, unauthenticated } from './reply.ts';

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
  /** Basic over http needs one of these two: the second is PowerShell's word for it. */
  readonly allowBasicOverHttp?: boolean;
  readonly noEncryption?: boolean;
  /** The Kerberos service is `HTTP/computer:port`. */
  readonly includePortInSPN?: boolean;
  /** Instead of the system's. */
  readonly kerberos?: () => KerberosProvider;
}

/**
 * Decides how to sign in, before anything is sent.
 *
 * @throws WinRMError 'invalid' for a mechanism not spoken or not allowed here, 'unauthenticated' without a credential
 */
export function chooseSignIn(
  endpoint: Endpoint,
  credential: Credential | undefined,
  options: SignInOptions,
): SignIn {
  const mechanism = options.authentication ?? 'Default';
  if (!SPOKEN_MECHANISMS.includes(mechanism)) throw notSpoken(mechanism);
  if (
    mechanism === 'Basic' &&
    endpoint.scheme === 'http' &&
    !options.allowBasicOverHttp &&
    !options.noEncryption
  ) {
    throw new WinRMError(
      'invalid',
      `Basic would send the password to ${endpoint.hostname} as good as in clear, so it is refused over http.`,
      {
        causes: ['Basic was chosen for this computer without TLS.'],
        remedy: {
          text: 'Use Negotiate or TLS; or, in a network that nobody else reads, allow Basic for this computer. At the prompt:',
          command: '-SessionOption @{NoEncryption=$true}',
        },
        faultCode: 2150858974,
      },
    );
  }
  if (mechanism !== 'Basic') {
    const { includePortInSPN, kerberos } = options;
    return negotiate({ endpoint, mechanism, credential, includePortInSPN, kerberos });
  }
  if (!credential) {
    throw new WinRMError('unauthenticated', `No account is known for ${endpoint.hostname}.`, {
      remedy: { text: 'Give a user name and password.' },
      faultCode: 2150858981,
      errorId: 'ExplicitCredentialsRequired',
    });
  }
  return basic(endpoint, credential);
}

function notSpoken(mechanism: AuthenticationMechanism): WinRMError {
  return new WinRMError('invalid', `${mechanism} is not spoken by this version.`, {
    remedy: { text: `Choose one of ${SPOKEN_MECHANISMS.join(', ')}.` },
  });
}

/**
 * The header goes with every request from the first on: waiting for a challenge would cost a round trip and hide
 * nothing. The first request of a connection is its login; that a later one is refused is told to that same attempt.
 */
function basic({ hostname }: Endpoint, credential: Credential): SignIn {
  const report: SignInReport = {
    scheme: 'Basic',
    mechanism: 'Basic',
    account: credential.username,
    isBound: false,
    why: 'Basic was asked for.',
    refused: [],
  };
  const headers = { Authorization: basicAuthorization(credential), 'Content-Type': SOAP_TYPE };
  return (line, before) => {
    let attempt: LoginAttempt | undefined;
    return Promise.resolve({
      report,
      post: async (body, signal) => {
        attempt ??= await before(signal);
        const reply = await tellLogin(attempt, line.post({ headers, body }, signal), carriesSoap);
        if (reply.status === 401) throw unauthenticated(hostname, reply.wwwAuthenticate);
        return reply;
      },
    });
  };
}
