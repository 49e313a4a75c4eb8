import { setTimeout as sleep } from 'node:timers/promises';
import type { PasswordVault } from './vault.ts';

/** What is used of @napi-rs/keyring. */
export interface Keyring {
  readonly AsyncEntry: new (
    service: string,
    username: string,
    options: { readonly linux: { readonly store: 'secret-service' } },
  ) => {
    getPassword(): Promise<string | null>;
    setPassword(password: string): Promise<void>;
    deleteCredential(): Promise<boolean>;
  };
}

export interface KeyringDeps {
  /** @throws Error where the package has no binary for this system */
  readonly load: () => Keyring;
  readonly platform: NodeJS.Platform;
  /** Under which the system's own tools list the passwords. */
  readonly service?: string;
}

const SERVICE = 'PSSession Manager';
/** An id that no credential has; asking for it tells whether there is a vault. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
/** A vault that says nothing for so long is none; meanwhile somebody may be unlocking it by hand. Milliseconds. */
const LIMIT_MS = 30_000;

const NAMES: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'Windows Credential Manager',
  darwin: 'macOS Keychain',
};

/**
 * The system's own vault: Credential Manager, Keychain, Secret Service. The kernel's keyring, which the package would
 * fall back to on Linux, forgets with the session and is not asked.
 *
 * @returns undefined where there is none, or none that answers
 */
export async function openKeyringVault({
  load,
  platform,
  service = SERVICE,
}: KeyringDeps): Promise<PasswordVault | undefined> {
  try {
    const { AsyncEntry } = load();
    const entry = (id: string) => new AsyncEntry(service, id, { linux: { store: 'secret-service' } });
    await Promise.race([
      entry(NOBODY).getPassword(),
      sleep(LIMIT_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('no answer'))),
    ]);
    return {
      kind: 'keyring',
      name: NAMES[platform] ?? 'Secret Service',
      get: async (id) => (await entry(id).getPassword()) ?? undefined,
      set: (id, password) => entry(id).setPassword(password),
      delete: async (id) => void (await entry(id).deleteCredential()),
    };
  } catch {
    return undefined; // no binary, no vault, or a locked one: all are as good as none
  }
}
