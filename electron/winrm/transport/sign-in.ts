import type { AuthenticationMechanism, Endpoint } from '../../../shared/computer.ts';
import { SPOKEN_MECHANISMS } from '../../../shared/computer.ts';
import { basicAuthorization } from '../auth/basic.ts';
import type { Credential } from '../auth/basic.ts';
import { WinRMError } from '../error.ts';
import { digest } from './digest.ts';
import type { HttpReply, Line } from './line.ts';
import { tellLogin } from './login.ts';
import type { BeforeLogin, LoginAttempt } from './login.ts';
import { negotiate } from './negotiate.ts';
import { carriesSoap, SOAP_TYPE, unauthenticated } from './reply.ts';

/** What says who is asking, on one connection. */
export interface SignedIn {
  /** Whether anyone on the way could write an answer in clear that is listened to; see `openOnly`. */
  readonly isSealed?: boolean;
  /** Sends one SOAP text; the reply's body is in clear whatever travelled. */
  post(soap: Uint8Array, signal: AbortSignal): Promise<HttpReply>;
}

/** Signs in on a fresh connection. Rejects with a WinRMError; makes at most one attempt with the password. */
export type SignIn = (line: Line, before: BeforeLogin, signal: AbortSignal) => Promise<SignedIn>;

export interface SignInOptions {
  readonly authentication?: AuthenticationMechanism;
  /** Basic and Digest over http need one of these two: the second is PowerShell's word for it. */
  readonly allowBasicOverHttp?: boolean;
  readonly noEncryption?: boolean;
  /** The service's name with its port, as `HTTP/web01:5985`: for computers where several services answer. */
  readonly includePortInSPN?: boolean;
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
  const inClear = endpoint.scheme === 'http' && (mechanism === 'Basic' || mechanism === 'Digest');
  if (inClear && !options.allowBasicOverHttp && !options.noEncryption) throw unsealed(mechanism, endpoint);
  if (!credential) {
    throw new WinRMError('unauthenticated', `No account is known for ${endpoint.hostname}.`, {
      remedy: { text: 'Give a user name and password.' },
      faultCode: 2150858981,
      errorId: 'ExplicitCredentialsRequired',
    });
  }
  if (mechanism === 'Basic') return basic(endpoint, credential);
  if (mechanism === 'Digest') return digest(endpoint, credential);
  return negotiate(endpoint, credential, options);
}

/** Neither seals what it sends. Windows' client demands AllowUnencrypted for both, by this same code. */
function unsealed(mechanism: 'Basic' | 'Digest', { hostname }: Endpoint): WinRMError {
  const sentence =
    mechanism === 'Basic'
      ? `Basic would send the password to ${hostname} as good as in clear, so it is refused over http.`
      : `Digest seals nothing: what is asked of ${hostname} and answered could be read and changed on the way, so it is refused over http.`;
  return new WinRMError('invalid', sentence, {
    causes: [`${mechanism} was chosen for this computer without TLS.`],
    remedy: {
      text: `Use Negotiate or TLS; or, in a network that nobody else reads, allow ${mechanism} for this computer. At the prompt:`,
      command: '-SessionOption @{NoEncryption=$true}',
    },
    faultCode: 2150858974,
  });
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
  const headers = { Authorization: basicAuthorization(credential), 'Content-Type': SOAP_TYPE };
  return (line, before) => {
    let attempt: LoginAttempt | undefined;
    return Promise.resolve({
      post: async (body, signal) => {
        attempt ??= await before(signal);
        const reply = await tellLogin(attempt, line.post({ headers, body }, signal), carriesSoap);
        if (reply.status === 401) throw unauthenticated(hostname, reply.wwwAuthenticate);
        return reply;
      },
    });
  };
}
