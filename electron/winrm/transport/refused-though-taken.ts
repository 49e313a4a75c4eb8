import type { Endpoint } from '../../../shared/computer.ts';
import { shownName } from '../auth/account-name.ts';
import { upnOf } from '../auth/kerberos-principal.ts';
import { reworded, WinRMError } from '../error.ts';
import { accountCauses } from './reply.ts';

const CALLS_IT_WRONG = /\bpassword is wrong\b/;

/**
 * What NTLM's proof is refused for where a KDC took that account and password just before: they are not wrong, so that
 * is not said, and what else it may be comes first.
 */
export function refusedThoughTaken(error: unknown, { hostname }: Endpoint, username: string): unknown {
  const name = shownName(username);
  const isUpn = upnOf(username) !== undefined;
  return notCalledWrong(error, hostname, {
    message: `${hostname} did not let ${name} in by NTLM, though the domain of the account has just taken the password.`,
    causes: [
      ...(isUpn
        ? [`NTLM there does not map ${name} to an account: it may have to be written as DOMAIN\\user.`]
        : []),
      'The account may not sign in there over the network.',
      'NTLM is restricted there, or in the domain.',
      `${hostname} is in no domain, or in one that does not trust that of the account.`,
    ],
    remedy: `${isUpn ? 'Write the account as DOMAIN\\user, or look' : 'Look'} at who may sign in there, before you try again: ${EACH_COUNTS}`,
  });
}

/**
 * What a proof is refused for by a computer that let that account in with that password before. What it says in
 * particular, and what a KDC says, is told as it is.
 */
export function refusedThoughLetIn(error: unknown, { hostname }: Endpoint): unknown {
  const [anything = ''] = accountCauses(hostname);
  if (!(error instanceof WinRMError) || !error.info.causes?.includes(anything)) return error;
  return notCalledWrong(error, hostname, {
    message: `${hostname} did not let the account in again, though it had let it in with that password before.`,
    causes: [
      'The account was locked or disabled since, or may not sign in there any more.',
      'Its domain controller does not answer, or is another one by now.',
      `Something else answers as ${hostname} by now: another computer behind the same name, or a gateway between.`,
      'The password was changed since.',
    ],
    remedy: `Look at how the account stands before you try again: ${EACH_COUNTS}`,
  });
}

const EACH_COUNTS = 'each refused attempt counts towards the lock-out of the account.';

interface Told {
  readonly message: string;
  readonly causes: readonly string[];
  readonly remedy: string;
}

/** @returns what does not call the password wrong, as it is */
function notCalledWrong(error: unknown, hostname: string, { message, causes, remedy }: Told): unknown {
  if (!(error instanceof WinRMError) || error.kind !== 'unauthenticated') return error;
  const { causes: those = [] } = error.info;
  if (!those.some((cause) => CALLS_IT_WRONG.test(cause))) return error;
  const isFalse = (cause: string) => CALLS_IT_WRONG.test(cause) || accountCauses(hostname).includes(cause);
  return reworded(error, message, {
    ...error.info,
    cause: error,
    causes: [...causes, ...those.filter((cause) => !isFalse(cause))],
    remedy: { text: remedy },
  });
}
