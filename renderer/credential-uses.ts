import type { Computer, Group, ProfileContent, SignIn } from '../shared/computer.ts';
import type { CredentialId, VaultKind } from '../shared/credential.ts';
import { ancestryOf, inheritSignIn } from '../shared/inheritance.ts';
import { plainText } from '../shared/plain-text.ts';
import { changeComputer, changeGroup } from './bulk-edit.ts';
import { count } from './format.ts';

/** Who signs in with a credential. */
export interface CredentialUses {
  /** Those that it was assigned to. */
  readonly groups: readonly Group[];
  readonly own: readonly Computer[];
  /** All that sign in with it, their own way or by a group's. */
  readonly computers: readonly Computer[];
}

const uses = (signIn: SignIn | undefined, id: CredentialId) =>
  signIn?.kind === 'credential' && signIn.credentialId === id;

export function usesOf(profile: ProfileContent, id: CredentialId): CredentialUses {
  return {
    groups: profile.groups.filter(({ signIn }) => uses(signIn, id)),
    own: profile.computers.filter(({ signIn }) => uses(signIn, id)),
    computers: profile.computers.filter((one) =>
      uses(inheritSignIn(one, ancestryOf(profile, one)).value, id),
    ),
  };
}

/**
 * A credential given to a group or a computer. Those below the group that were asked for a password have an account of
 * their own from that, which nobody chose instead: they sign in with what the group has from now on.
 */
export function assigned(profile: ProfileContent, credentialId: CredentialId, to: string): Given {
  const changes = { signIn: { kind: 'credential', credentialId } } as const;
  const groups = profile.groups.filter(({ id }) => id === to).map((one) => changeGroup(one, changes));
  const [changed] = groups;
  const handsDown = (computer: Computer) => {
    const above = ancestryOf(profile, computer).map((one) => (one.id === to && changed ? changed : one));
    return computer.signIn?.kind === 'ask' && above.some(({ id }) => id === to)
      ? uses(inheritSignIn(undefined, above).value, credentialId)
      : false;
  };
  const computers = profile.computers.flatMap((one) =>
    one.id === to
      ? changeComputer(one, changes)
      : handsDown(one)
        ? changeComputer(one, { signIn: null })
        : [],
  );
  return { groups, computers };
}

interface Given {
  readonly groups: Group[];
  readonly computers: Computer[];
}

/** `Web front ends, 8 computers`; `Nobody`. */
export function usesInWords({ groups, own, computers }: CredentialUses): string {
  const [first, ...more] = [
    ...groups.map(({ name }) => plainText(name)),
    ...own.map(({ computerName }) => plainText(computerName)),
  ];
  if (first === undefined) return 'Nobody';
  const named = more.length > 0 ? `${first} and ${more.length} more` : first;
  const isThatOne = groups.length === 0 && own.length === 1 && computers.length === 1;
  return isThatOne ? named : `${named}, ${count(computers.length, 'computer')}`;
}

/** Where a password lies, in words. */
export const KEPT_WORDS: Readonly<Record<VaultKind, string>> = {
  keyring: 'System’s vault',
  safeStorage: 'Encrypted file',
  memory: 'In memory',
};
