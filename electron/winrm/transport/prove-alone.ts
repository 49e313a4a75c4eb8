import type { Endpoint } from '../../../shared/computer.ts';
import type { SecurityContext } from '../auth/security-context.ts';
import type { Line } from './line.ts';
import type { BeforeLogin, LoginAttempt } from './login.ts';
import { beginsAnew } from './proof-refused.ts';
import { proxyKeepsNoConnection } from './proxy-failure.ts';
import { refusal } from './reply.ts';
import { acceptProven, authorization, NOTHING } from './token-conversation.ts';

/**
 * Sends what proves the password on a request of its own, as is done without TLS, and judges the answer. Behind a proxy
 * a new challenge is no refusal of the account, but the proxy's way with connections.
 *
 * @returns the login, of which it is not known yet whether the password was taken: HTTP 200 is said by anybody
 * @throws WinRMError
 */
export async function proveAlone(
  { line, context, proof }: { line: Line; context: SecurityContext; proof: Uint8Array },
  endpoint: Endpoint,
  before: BeforeLogin,
  signal: AbortSignal,
): Promise<LoginAttempt> {
  const attempt = await before(signal);
  // Who waited long may have been hung up on meanwhile.
  const isSent = line.alive && !signal.aborted;
  try {
    const headers = authorization(context.scheme, proof);
    const reply = await line.post({ headers, body: NOTHING }, signal);
    if (line.via && beginsAnew(reply, context.scheme)) throw proxyKeepsNoConnection(line.via.proxy, endpoint);
    if (reply.status === 401) attempt.refused();
    await acceptProven(reply, context, endpoint);
    if (reply.status !== 200) throw refusal(reply, endpoint);
    return attempt;
  } catch (error) {
    attempt.ended(isSent ? undefined : 'unjudged');
    throw error;
  }
}
