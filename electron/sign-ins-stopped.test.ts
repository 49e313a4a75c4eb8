import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bareComputer as computer } from './fleet-fixture.ts';
import { NamedCredentials } from './named-credentials.ts';
import { SignIns } from './sign-ins.ts';
import { CredentialStore } from './store/credentials.ts';
import { Passwords } from './store/passwords.ts';
import { memoryVault, vaultsOf } from './store/vault.ts';

/** Every window is answered; `bound` runs once a computer has its account. */
function setup(bound: (signIns: SignIns) => void = () => undefined) {
  const modes: string[] = [];
  const vaults = vaultsOf([{ ...memoryVault(''), kind: 'keyring' as const, name: 'Vault' }]);
  const file = join(mkdtempSync(join(tmpdir(), 'pssm-sign-ins-')), 'credentials.json');
  const named = new NamedCredentials({
    store: new CredentialStore({ file, vaults: async () => vaults }),
    changed: () => undefined,
    accounts: () => undefined,
    notice: () => undefined,
    now: () => 1,
  });
  let ids = 0;
  const signIns: SignIns = new SignIns({
    named,
    passwords: new Passwords(),
    ask: async ({ mode }) => {
      modes.push(mode);
      return { username: 'me', password: 'x', remember: false };
    },
    chooseCertificate: async () => undefined,
    find: () => undefined,
    bind: async () => bound(signIns),
    typed: () => undefined,
    now: () => 1,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
  });
  return { signIns, named, modes };
}

test('who stops while the vault is read sees no window after that, and the next question is not stopped', async () => {
  const { signIns, modes } = setup();
  const asked = signIns.ask([computer('a')]);
  signIns.stopAsking();
  expect(await asked).toEqual([]);
  expect(modes).toEqual([]);
  expect(await signIns.ask([computer('a')])).toEqual(['a']);
});

test('who stops between two windows sees no second, and nobody is asked with what was typed by then', async () => {
  const { signIns, named, modes } = setup((signIns) => signIns.stopAsking());
  await signIns.add('Lab');
  const [{ id: credentialId } = { id: '' }] = (await named.shown()).credentials;
  const revealed = computer('b', {
    username: 'me',
    signIn: { kind: 'credential', credentialId },
    options: { authentication: 'Basic', allowBasicOverHttp: true },
  });
  expect(await signIns.ask([computer('a'), revealed])).toEqual([]);
  expect(modes).toEqual(['newCredential', 'signIn']);
  // It is known all the same, until they are asked again.
  expect(signIns.credentialFor(computer('a', { username: 'me' }))).toBeDefined();
  expect(await signIns.agreed(credentialId, [revealed])).toBe(true); // a question of its own
});

test('who stops a sweep does not stop a credential from being added', async () => {
  const { signIns, named } = setup();
  const added = signIns.add('Lab');
  signIns.stopAsking();
  await added;
  expect((await named.shown()).credentials).toMatchObject([{ name: 'Lab' }]);
});
