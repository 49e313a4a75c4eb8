import type { Endpoint } from '../../../shared/computer.ts';
import type { WinRMError } from '../error.ts';
import type { HttpReply, Line } from './line.ts';
import type { BeforeLogin, LoginAttempt } from './login.ts';
import { tellOfAccount } from './told-of-account.ts';

type Post = (body: Uint8Array, signal: AbortSignal) => Promise<HttpReply>;

/**
 * Where every request of a connection proves the account anew, the first is its login; that a later one is refused is
 * told to that same attempt. That it was taken is the computer's word alone: a server needs no password to answer. What
 * else it says, as that WinRM is stopped, is no less: it may have judged the proof before.
 *
 * @param refusal what a 401 means; 'denied' where it takes other ways to sign in alone
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
    let how: 'unjudged' | 'otherWays' | undefined = !line.alive || signal.aborted ? 'unjudged' : undefined;
    try {
      const reply = await post(body, signal);
      const refused = reply.status === 401 ? refusal(reply) : undefined;
      if (refused?.kind === 'denied') how = 'otherWays';
      else if (refused) attempt.refused();
      if (refused) throw refused;
      tellOfAccount(reply, endpoint, attempt);
      return reply;
    } finally {
      attempt.ended(how);
    }
  };
}
