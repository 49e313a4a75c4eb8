import type { SecurityContext } from '../auth/security-context.ts';
import type { Line } from './line.ts';
import type { LoginAttempt } from './login.ts';
import { carriesSoap } from './reply.ts';
import type { SignedIn } from './sign-in.ts';
import { whenClosed } from './when-closed.ts';

type Exchange = Omit<SignedIn, 'report'>;

/**
 * A login that a computer answered with HTTP 200, as one can that knows no password. What proves that it knows this one
 * is its signature in the sign-in; where it gave none, the first answer of its that opens.
 *
 * @param exchange whose answers carry something only if they were sealed
 */
export function provenByAnswer(
  exchange: Exchange,
  attempt: LoginAttempt,
  { line, context }: { readonly line: Line; readonly context: SecurityContext },
): Exchange {
  let isOpen = true;
  const end = () => {
    if (isOpen) attempt.ended();
    isOpen = false;
  };
  const prove = () => {
    if (isOpen) attempt.taken();
    end();
  };
  if (context.isPeerProven) {
    prove();
    return exchange;
  }
  whenClosed(line.socket, end);
  return {
    ...exchange,
    post: async (soap, signal) => {
      try {
        const reply = await exchange.post(soap, signal);
        if (carriesSoap(reply)) prove();
        return reply;
      } finally {
        end();
      }
    },
  };
}
