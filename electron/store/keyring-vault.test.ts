import { expect, test } from 'vitest';
import { openKeyringVault } from './keyring-vault.ts';
import type { Keyring } from './keyring-vault.ts';

/** A keyring of which every entry fails so. */
const failing =
  (error: Error): (() => Keyring) =>
  () => ({
    AsyncEntry: class {
      getPassword = () => Promise.reject(error);
      setPassword = () => Promise.reject(error);
      deleteCredential = () => Promise.reject(error);
    },
  });

test('where the package has no binary, or the system no vault, there is none', async () => {
  const missing = () => {
    throw new Error('Cannot find native binding');
  };
  expect(await openKeyringVault({ load: missing, platform: 'linux' })).toBeUndefined();
  expect(await openKeyringVault({ load: failing(new Error('no D-Bus')), platform: 'linux' })).toBeUndefined();
});
