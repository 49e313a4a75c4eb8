import type { Computer, Group, ProfileContent, SignIn } from '../shared/computer.ts';
import type { CredentialId, VaultKind } from '../shared/credential.ts';
import { ancestryOf, inheritSignIn } from '../shared/inheritance.ts';
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

/** `Web front ends, 8 computers`; `Nobody`. */
export function usesInWords({ groups, own, computers }: CredentialUses): string {
  const [first, ...more] = [
    ...groups.map(({ name }) => name),
    ...own.map(({ computerName }) => computerName),
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
