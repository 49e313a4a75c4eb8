import type { WinRMError } from '../error.ts';
import type { HttpReply } from './line.ts';
import { tellLogin } from './login.ts';
import type { BeforeLogin, LoginAttempt } from './login.ts';
import { carriesSoap } from './reply.ts';

type Post = (body: Uint8Array, signal: AbortSignal) => Promise<HttpReply>;

/**
 * Where every request of a connection proves the account anew, the first is its login; that a later one is refused is
 * told to that same attempt.
 *
 * @param refusal what a 401 means; 'unauthenticated' where it is the account that is refused
 */
export function provingEach(
  before: BeforeLogin,
  post: Post,
  refusal: (reply: HttpReply) => WinRMError,
): Post {
  let attempt: LoginAttempt | undefined;
  return async (body, signal) => {
    attempt ??= await before(signal);
    const isRefused = (reply: HttpReply) => reply.status === 401 && refusal(reply).kind === 'unauthenticated';
    const reply = await tellLogin(attempt, post(body, signal), { isTaken: carriesSoap, isRefused });
    if (reply.status === 401) throw refusal(reply);
    return reply;
  };
}
