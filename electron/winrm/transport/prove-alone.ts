import type { Endpoint } from '../../../shared/computer.ts';
import type { SecurityContext } from '../auth/security-context.ts';
import type { HttpReply, Line } from './line.ts';
import { tellLogin } from './login.ts';
import type { BeforeLogin } from './login.ts';
import { beginsAnew } from './proof-refused.ts';
import { proxyKeepsNoConnection } from './proxy-failure.ts';
import { refusal } from './reply.ts';
import { acceptProven, authorization, NOTHING } from './token-conversation.ts';

/**
 * Sends what proves the password on a request of its own, as is done without TLS, and judges the answer. Behind a proxy
 * a new challenge is no refusal of the account, but the proxy's way with connections.
 *
 * @throws WinRMError
 */
export async function proveAlone(
  { line, context, proof }: { line: Line; context: SecurityContext; proof: Uint8Array },
  endpoint: Endpoint,
  before: BeforeLogin,
  signal: AbortSignal,
): Promise<void> {
  const isAnew = (reply: HttpReply) => line.via !== undefined && beginsAnew(reply, context.scheme);
  const attempt = await before(signal);
  const authenticate = line.post({ headers: authorization(context.scheme, proof), body: NOTHING }, signal);
  const reply = await tellLogin(attempt, authenticate, {
    isTaken: ({ status }) => status === 200,
    isRefused: (answer) => answer.status === 401 && !isAnew(answer),
  });
  if (line.via && isAnew(reply)) throw proxyKeepsNoConnection(line.via.proxy, endpoint);
  await acceptProven(reply, context, endpoint);
  if (reply.status !== 200) throw refusal(reply, endpoint);
}
