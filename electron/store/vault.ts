import type { Vault, VaultKind } from '../../shared/credential.ts';

/** Where passwords lie, one by one, under the id of their credential. */
export interface PasswordVault extends Vault {
  /** Undefined when there is none. @throws Error when the vault cannot be read */
  get(id: string): Promise<string | undefined>;
  set(id: string, password: string): Promise<void>;
  delete(id: string): Promise<void>;
}

/** In this process alone: gone with it. */
export function memoryVault(why: string): PasswordVault {
  const passwords = new Map<string, string>();
  return {
    kind: 'memory',
    name: 'memory',
    sentence: `${why} Passwords are kept in memory and are gone when the app ends.`,
    get: async (id) => passwords.get(id),
    set: async (id, password) => void passwords.set(id, password),
    delete: async (id) => void passwords.delete(id),
  };
}

/** The vaults of this machine: where new passwords go, and all where older ones may lie. */
export interface Vaults {
  readonly best: PasswordVault;
  readonly of: (kind: VaultKind) => PasswordVault | undefined;
}

/** @param found best first; memory is always there */
export function vaultsOf(found: readonly PasswordVault[]): Vaults {
  return { best: found[0]!, of: (kind) => found.find((one) => one.kind === kind) };
}
