import { endpointUrl, toEndpoint } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { isSignedInAsLoggedOn } from '../shared/logged-on.ts';
import type { AuditEntry } from './audit.ts';
import type { Remote } from './held-sessions.ts';

/** What an act was done with: meanwhile the computer may be gone, and its password another. */
export interface Used {
  readonly computer: ResolvedComputer;
  /** The key of the gate before its credential's logins. */
  readonly credential: string | undefined;
  readonly remote?: Remote | undefined;
}

/** Where it was done, and as whom. @param named what the computer is called where nothing was used */
export function auditedPlace(
  used: Used | undefined,
  named: string,
): Pick<AuditEntry, 'computer' | 'endpoint' | 'account'> {
  if (!used) return { computer: named, endpoint: '', account: '' };
  const { computer, remote } = used;
  const { computerName, options } = computer;
  // Whoever is logged on has the name that the sign-in gave them.
  const account = isSignedInAsLoggedOn(computer) ? remote?.signIn?.account : computer.username;
  const endpoint = remote?.url ?? endpointUrl(toEndpoint(computerName, options));
  return { computer: computerName, endpoint, account: account ?? '' };
}
