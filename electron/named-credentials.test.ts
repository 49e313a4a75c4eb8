import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { NamedCredentials } from './named-credentials.ts';
import { CredentialStore } from './store/credentials.ts';
import { encryptedVault } from './store/encrypted-vault.ts';
import { vaultsOf } from './store/vault.ts';

const LAB = '00000000-0000-4000-8000-000000000001';
const web01: ResolvedComputer = {
  id: '00000000-0000-4000-8000-000000000002',
  computerName: 'web01',
  groupIds: [],
  options: {},
  tags: [],
  signIn: { kind: 'credential', credentialId: LAB },
  username: 'LAB\\me',
};

/** One credential whose password lies in an encrypted file, which no run has read yet. */
async function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-named-'));
  const [file, passwords] = ['credentials.json', 'passwords.json'].map((name) => join(folder, name));
  const encryption = { encrypt: (text: string) => Buffer.from(text), decrypt: String };
  const store = new CredentialStore({
    file: file!,
    vaults: async (tell) => vaultsOf([encryptedVault(passwords!, encryption, tell)]),
  });
  await store.add({ id: LAB, name: 'Lab', username: 'LAB\\me', changedOn: 1 }, 'hunter2');
  const notices: string[] = [];
  const nothing = () => undefined;
  const named = new NamedCredentials({
    store,
    ...{ changed: nothing, accounts: nothing, notice: (one) => notices.push(one), now: () => 0 },
  });
  await named.load();
  return { file: file!, passwords: passwords!, named, notices };
}

test('passwords in a file of a newer version are withheld, which is said once, with where they are', async () => {
  const { passwords, named, notices } = await setup();
  writeFileSync(passwords, JSON.stringify({ version: 2 }));
  for (let n = 0; n < 2; n++) expect(await named.ready([web01])).toEqual([]);
  expect(notices).toEqual([
    `The vault did not give out the password of Lab. The encrypted passwords come from a newer version of the app, which this one cannot read. They stand unchanged in ${passwords}.`,
  ]);
  expect(named.whyNone(LAB)).toMatch(/^Its vault does not give out its password, or its certificate, now\./);
});

test('of passwords in a file that is broken it is said where that was put', async () => {
  const { passwords, named, notices } = await setup();
  writeFileSync(passwords, 'broken');
  for (let n = 0; n < 2; n++) expect(await named.ready([web01])).toEqual([]);
  expect(notices).toEqual([
    expect.stringMatching(
      /^The encrypted passwords could not be read\. The file stands in .*broken-\d+\.json\.$/,
    ),
  ]);
  expect(named.whyNone(LAB)).toMatch(/not there any more\. Replace it\.$/);
});

test('while a newer version’s file stands there the credentials that were known last stay, with their passwords', async () => {
  const { file, named, notices } = await setup();
  await named.ready([web01]);
  writeFileSync(file, JSON.stringify({ version: 2 }));
  await named.load();
  expect(named.credentialFor(web01)).toEqual({ username: 'LAB\\me', password: 'hunter2' });
  expect(named.isDeleted(LAB)).toBe(false);
  expect(notices).toEqual([expect.stringContaining('The saved credentials come from a newer version')]);
});
