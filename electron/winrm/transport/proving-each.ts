import type { Endpoint } from '../../../shared/computer.ts';
import type { WinRMError } from '../error.ts';
import type { HttpReply, Line } from './line.ts';
import { nameOf } from './login.ts';
import type { BeforeLogin, LoginAttempt } from './login.ts';
import { carriesSoap, isHttpSys } from './reply.ts';

type Post = (body: Uint8Array, signal: AbortSignal) => Promise<HttpReply>;

/**
 * Where every request of a connection proves the account anew, the first is its login; that a later one is refused is
 * told to that same attempt. That it was taken is the computer's word alone: a server needs no password to answer.
 *
 * @param refusal what a 401 means; 'denied' where nobody looked at the account
 */
export function provingEach(
  { line, endpoint }: { readonly line: Line; readonly endpoint: Endpoint },
  before: BeforeLogin,
  post: Post,
  refusal: (reply: HttpReply) => WinRMError,
): Post {
  let attempt: LoginAttempt | undefined;
  return async (body, signal) => {
    attempt ??= await before(signal);
    let isUnjudged = !line.alive || signal.aborted;
    try {
      const reply = await post(body, signal);
      // Windows' HTTP server in place of a WinRM that is stopped: it knows of no accounts.
      isUnjudged = reply.status === 503 && isHttpSys(reply);
      const refused = reply.status === 401 ? refusal(reply) : undefined;
      isUnjudged ||= refused?.kind === 'denied';
      if (refused && !isUnjudged) attempt.refused();
      if (refused) throw refused;
      if (carriesSoap(reply)) attempt.taken(nameOf(endpoint));
      return reply;
    } finally {
      attempt.ended(isUnjudged ? 'unjudged' : undefined);
    }
  };
}
