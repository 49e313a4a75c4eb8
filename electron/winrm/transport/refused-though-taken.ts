import type { Endpoint } from '../../../shared/computer.ts';
import { shownName } from '../auth/account-name.ts';
import { upnOf } from '../auth/kerberos-principal.ts';
import { WinRMError } from '../error.ts';
import { accountCauses } from './reply.ts';

const CALLS_IT_WRONG = /\bpassword is wrong\b/;

/**
 * What NTLM's proof is refused for where a KDC took that account and password just before: they are not wrong, so that
 * is not said, and what else it may be comes first.
 */
export function refusedThoughTaken(error: unknown, { hostname }: Endpoint, username: string): unknown {
  if (!(error instanceof WinRMError) || error.kind !== 'unauthenticated') return error;
  const { causes = [] } = error.info;
  if (!causes.some((cause) => CALLS_IT_WRONG.test(cause))) return error;
  const name = shownName(username);
  const isUpn = upnOf(username) !== undefined;
  const isFalse = (cause: string) => CALLS_IT_WRONG.test(cause) || accountCauses(hostname).includes(cause);
  const told = new WinRMError(
    error.kind,
    `${hostname} did not let ${name} in by NTLM, though the domain of the account has just taken the password.`,
    {
      ...error.info,
      cause: error,
      causes: [
        ...(isUpn
          ? [`NTLM there does not map ${name} to an account: it may have to be written as DOMAIN\\user.`]
          : []),
        'The account may not sign in there over the network.',
        'NTLM is restricted there, or in the domain.',
        `${hostname} is in no domain, or in one that does not trust that of the account.`,
        ...causes.filter((cause) => !isFalse(cause)),
      ],
      remedy: {
        text: `${isUpn ? 'Write the account as DOMAIN\\user, or look' : 'Look'} at who may sign in there, before you try again: each refused attempt counts towards the lock-out of the account.`,
      },
    },
  );
  told.signIn = error.signIn;
  return told;
}
