import type { Endpoint } from '../../../shared/computer.ts';
import type { WinRMError } from '../error.ts';
import type { HttpReply } from './line.ts';
import { nameOf } from './login.ts';
import type { BeforeLogin, LoginAttempt } from './login.ts';
import { carriesSoap } from './reply.ts';

type Post = (body: Uint8Array, signal: AbortSignal) => Promise<HttpReply>;

/**
 * Where every request of a connection proves the account anew, the first is its login; that a later one is refused is
 * told to that same attempt. That it was taken is the computer's word alone: a server needs no password to answer.
 *
 * @param refusal what a 401 means; 'unauthenticated' where it is the account that is refused
 */
export function provingEach(
  endpoint: Endpoint,
  before: BeforeLogin,
  post: Post,
  refusal: (reply: HttpReply) => WinRMError,
): Post {
  let attempt: LoginAttempt | undefined;
  return async (body, signal) => {
    attempt ??= await before(signal);
    try {
      const reply = await post(body, signal);
      const refused = reply.status === 401 ? refusal(reply) : undefined;
      if (refused?.kind === 'unauthenticated') attempt.refused();
      if (refused) throw refused;
      if (carriesSoap(reply)) attempt.taken(nameOf(endpoint));
      return reply;
    } finally {
      attempt.ended();
    }
  };
}
