import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SessionOption } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import { NamedCredentials } from './named-credentials.ts';
import { CredentialStore } from './store/credentials.ts';
import { memoryVault, vaultsOf } from './store/vault.ts';

const PROXYS = '00000000-0000-4000-8000-000000000001';

async function named(): Promise<NamedCredentials> {
  const store = new CredentialStore({
    file: join(mkdtempSync(join(tmpdir(), 'proxy-credential-')), 'credentials.json'),
    vaults: () => Promise.resolve(vaultsOf([memoryVault('')])),
  });
  await store.add({ id: PROXYS, name: 'Proxy', username: 'paul', changedOn: 0 }, 'pr0xy');
  const nothing = () => undefined;
  const credentials = new NamedCredentials({
    store,
    ...{ changed: nothing, accounts: nothing, notice: nothing, now: () => 0 },
  });
  await credentials.load();
  return credentials;
}

const computer = (sessionOption: SessionOption): ResolvedComputer => ({
  id: '00000000-0000-4000-8000-000000000002',
  computerName: 'web01',
  groupIds: [],
  options: { sessionOption },
  tags: [],
});

test('a proxy’s credential is read from the vault, proven to the proxy, and never the computer’s', async () => {
  const credentials = await named();
  const one = computer({ proxyAccessType: 'IEConfig', proxyCredential: PROXYS });
  expect(credentials.proxyCredentialFor(one)).toBeUndefined();
  expect(await credentials.ready([one])).toEqual([one]);
  expect(credentials.proxyCredentialFor(one)).toEqual({ username: 'paul', password: 'pr0xy' });
  expect(credentials.credentialFor(one)).toBeUndefined();
});

test('whatever the window sets, no proxy reads its password', async () => {
  const credentials = await named();
  const one = computer({ proxyAuthentication: 'Basic', proxyCredential: PROXYS });
  await credentials.ready([one]);
  expect(credentials.proxyCredentialFor(one)).toBeUndefined();
});

test('a credential that is not there any more is none', async () => {
  const credentials = await named();
  const one = computer({ proxyCredential: '00000000-0000-4000-8000-000000000009' });
  expect(await credentials.ready([one])).toEqual([]);
  expect(credentials.proxyCredentialFor(one)).toBeUndefined();
});
