import { WinRMError } from '../error.ts';
import type { Credential } from './basic.ts';

/** Characters. Active Directory keeps no longer userPrincipalName; a file that was taken for a name is longer. */
const LONGEST = 1_024;
const SHOWN = 100;

/** A name that somebody gave, as far as it helps to see which. */
export const shownName = (name: string): string =>
  name.length <= SHOWN ? name : `${[...name.slice(0, SHOWN)].slice(0, -1).join('')}…`;

/** Nobody is called that: it would only be carried through every message that tells of the account. @throws WinRMError 'invalid' */
export function demandAccountName({ username }: Pick<Credential, 'username'>): void {
  if (username.length <= LONGEST) return;
  throw new WinRMError(
    'invalid',
    `The user name “${shownName(username)}” has ${username.length} characters, and no account has more than ${LONGEST}, so nothing was sent.`,
    { remedy: { text: 'Write it as DOMAIN\\user, user@domain or user.' } },
  );
}
