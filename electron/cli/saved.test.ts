import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConnectionOptions, ProfileContent, SignIn } from '../../shared/computer.ts';
import { REAL_SURROUNDINGS, SimulatorListener } from '../simulator/listen.ts';
import { listeningComputers } from '../simulator/listening-computers.ts';
import { CredentialStore } from '../store/credentials.ts';
import { openKeyringVault } from '../store/keyring-vault.ts';
import type { Keyring } from '../store/keyring-vault.ts';
import { openProfiles } from '../store/profiles.ts';
import { memoryVault, vaultsOf } from '../store/vault.ts';
import { appFolder } from './app-folder.ts';
import type { CommandIO } from './io.ts';
import { recordingIO } from './recording-io.ts';
import { run } from './run.ts';

const ACCOUNT = { username: 'alice', password: 'Passw0rd!', owner: 'LAB\\alice', isAdministrator: true };
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const LAB = id(1);

/** A vault of the system's, in memory. */
function keyring(): Keyring {
  const passwords = new Map<string, string>();
  return {
    AsyncEntry: class {
      readonly #key: string;
      constructor(service: string, username: string) {
        this.#key = `${service}/${username}`;
      }
      getPassword = async () => passwords.get(this.#key) ?? null;
      setPassword = async (password: string) => void passwords.set(this.#key, password);
      deleteCredential = async () => passwords.delete(this.#key);
    },
  };
}

let listener: SimulatorListener;
let port: number;
let folder: string;
let system: Keyring;

beforeEach(async () => {
  listener = new SimulatorListener({ accounts: [ACCOUNT] });
  const [computer] = listeningComputers(1, ACCOUNT.owner, 1, REAL_SURROUNDINGS);
  ({ port } = await listener.open(computer!, { address: '127.0.0.1', port: 0 }));
  folder = mkdtempSync(join(tmpdir(), 'pssm-saved-'));
  system = keyring();
});
afterEach(() => listener.close());

const place = () => appFolder({ environment: {}, platform: 'linux', homeFolder: folder });

async function pssm(argv: readonly string[], overrides: Partial<CommandIO> = {}) {
  const recording = recordingIO(folder, { loadKeyring: () => system, ...overrides });
  const code = await run(argv, recording.io);
  return { code, out: recording.out(), err: recording.err() };
}

/** As the app saves it. */
async function saveCredential(kept: 'keyring' | 'memory' = 'keyring') {
  const vault = await openKeyringVault({ load: () => system, platform: 'linux' });
  const best = kept === 'keyring' ? vault! : memoryVault('');
  const store = new CredentialStore({
    file: join(place(), 'credentials.json'),
    vaults: async () => vaultsOf([best]),
  });
  await store.add({ id: LAB, name: 'Lab', username: 'alice', changedOn: 1 }, ACCOUNT.password);
  return store;
}

/** A tree with one computer below Production/Database and one in Staging/Database. */
async function saveProfile(
  options: ConnectionOptions = {},
  signIn: SignIn = { kind: 'credential', credentialId: LAB },
  more: ProfileContent['computers'] = [],
) {
  const group = (n: number, name: string, parentId?: string) => ({
    id: id(n),
    name,
    options: {},
    ...(parentId && { parentId }),
  });
  const content: ProfileContent = {
    groups: [
      { ...group(10, 'Production'), options: { port, ...options }, signIn },
      group(11, 'Database', id(10)),
      group(12, 'Staging'),
      group(13, 'Database', id(12)),
      group(14, 'Empty'),
    ],
    computers: [
      { id: id(20), computerName: '127.0.0.1', groupIds: [id(11)], options: {}, tags: [] },
      { id: id(21), computerName: 'other', groupIds: [id(13)], options: {}, tags: [] },
      ...more,
    ],
    views: [],
  };
  await openProfiles(join(place(), 'profile.json')).update(() => content);
}

const at = () => ['Get-PSSession', '-ComputerName', '127.0.0.1', '-Port', String(port)];

test('-Credential with a saved credential’s name takes account and password from the vault', async () => {
  await saveCredential();
  const { code, out, err } = await pssm([...at(), '--credential', 'lab']);
  expect(err).toBe('');
  expect({ code, listed: out.includes('NightlyBackup') }).toEqual({ code: 0, listed: true });
});

test('a name that nobody saved is an account, whose password is asked for', async () => {
  await saveCredential();
  const asked: string[] = [];
  const askPassword = async (prompt: string) => {
    asked.push(prompt);
    return ACCOUNT.password;
  };
  expect((await pssm([...at(), '-Credential', 'alice'], { askPassword })).code).toBe(0);
  expect(asked).toEqual(['Password for user alice: ']);
});

test('who hands a password in with the name of a credential gives another one for its account', async () => {
  await saveCredential();
  const { code } = await pssm([...at(), '-Credential', 'Lab', '--password-stdin']);
  expect({ code, refused: listener.counts.refusedLogins }).toEqual({ code: 1, refused: 1 });
});

test.each<[string, string, () => Promise<unknown>, Partial<CommandIO>]>([
  ['lies in memory', 'memory alone', () => saveCredential('memory'), {}],
  [
    'has no vault here',
    'cannot be reached',
    saveCredential,
    {
      loadKeyring: () => {
        throw new Error('none');
      },
    },
  ],
  [
    'lies in a file of the app’s',
    'only the app can decrypt',
    async () => {
      mkdirSync(place(), { recursive: true });
      const kept = { id: LAB, name: 'Lab', username: 'alice', changedOn: 1, kept: 'safeStorage' };
      writeFileSync(join(place(), 'credentials.json'), JSON.stringify({ version: 1, credentials: [kept] }));
    },
    {},
  ],
])('one that %s says so, and nothing is sent', async (_, sentence, save, overrides) => {
  await save();
  const { code, err } = await pssm([...at(), '-Credential', 'Lab'], overrides);
  expect(code).toBe(2);
  expect(err).toContain(sentence);
  expect(err).toContain('CredentialUnavailable');
  expect(listener.counts.connections).toBe(0);
});

test('-Profile asks the computers of a saved group with the options and credential that they inherit', async () => {
  await saveCredential();
  await saveProfile();
  for (const name of ['Production', 'production/database', 'Production']) {
    const { code, out, err } = await pssm(['Get-PSSession', '--profile', name, '-Name', 'Nightly*']);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('NightlyBackup');
    expect(out).not.toContain('IndexRebuild');
  }
  const filtered = await pssm(['Get-PSSession', '-Profile', 'Production', '-State', 'Broken', '--json']);
  expect(filtered).toMatchObject({ code: 0, out: '[]\n' });
});

test.each([
  ['Nowhere', 'There is no group', 'Production/Database'],
  ['Database', 'means several groups', 'Staging/Database'],
  ['Empty', 'no computer', 'Empty'],
])('-Profile %s is refused with what there is', async (name, sentence, also) => {
  await saveProfile();
  const { code, err } = await pssm(['Get-PSSession', '-Profile', name]);
  expect(code).toBe(2);
  expect(err).toContain(sentence);
  expect(err).toContain(also);
});

test('a saved computer that is narrowed to a configuration lists that one, and the prompt says otherwise', async () => {
  await saveCredential();
  const listed = async (...rest: string[]) => {
    const { out } = await pssm(['Get-PSSession', '--profile', 'Production', '--json', ...rest]);
    return (JSON.parse(out) as { ConfigurationName: string }[]).map((one) => one.ConfigurationName);
  };
  await saveProfile();
  const all = await listed();
  expect(all).toContain('Microsoft.PowerShell');
  await saveProfile({ configurationName: 'ITTasks' }); // which it has none of
  expect(await listed()).toEqual([]);
  expect(await listed('-ConfigurationName', 'Microsoft.PowerShell')).toEqual(all);
  await saveProfile({ configurationName: 'microsoft.powershell' });
  expect(await listed()).toEqual(all);
});

test('what is removed of it is of that configuration, too', async () => {
  await saveCredential();
  await saveProfile({ configurationName: 'Nothing.Of.It' });
  const { out } = await pssm(['Remove-PSSession', '--profile', 'Production', '-Name', '*', '-WhatIf']);
  expect(out).not.toContain('What if');
  await saveProfile();
  const all = await pssm(['Remove-PSSession', '--profile', 'Production', '-Name', '*', '-WhatIf']);
  expect(all.out).toContain('What if');
});

test('a profile cannot send a saved password in readable form: that takes the person’s word in the app, or at the prompt', async () => {
  const store = await saveCredential();
  await saveProfile({ authentication: 'Basic', allowBasicOverHttp: true });
  const { code, err } = await pssm(['Get-PSSession', '-Profile', 'Production']);
  expect(code).toBe(1);
  expect(err).toContain('as good as in clear over http, which nobody has agreed to for 127.0.0.1');
  expect(listener.counts.connections).toBe(0);
  const named = await pssm(['Get-PSSession', '-Profile', 'Production', '-Credential', 'Lab']);
  expect([named.code, listener.counts.connections]).toEqual([1, 0]);
  await store.agree(LAB, [`clear http://127.0.0.1:${port} anybody`]);
  expect((await pssm(['Get-PSSession', '-Profile', 'Production'])).code).toBe(0);
});

test('nor one that would be typed for it, whoever names the account', async () => {
  await saveProfile(
    { authentication: 'Basic', allowBasicOverHttp: true },
    { kind: 'ask', username: 'alice' },
  );
  const asked: string[] = [];
  const askPassword = async (prompt: string) => (asked.push(prompt), ACCOUNT.password);
  const { code, err } = await pssm(['Get-PSSession', '-Profile', 'Production'], { askPassword });
  expect({ code, asked, connections: listener.counts.connections }).toEqual({
    code: 1,
    asked: [],
    connections: 0,
  });
  expect(err).toContain('The password of alice would be as good as in clear over http');
  expect(err).toContain('-ComputerName 127.0.0.1');
  const named = await pssm(['Get-PSSession', '-Profile', 'Production', '-Credential', 'alice'], {
    askPassword,
  });
  expect([named.code, listener.counts.connections]).toEqual([1, 0]);
  // The words that it gives are ones that do it.
  const run = /Run {4}: (.*)/.exec(named.err)?.[1] ?? '';
  expect(run).toBe(
    `-ComputerName 127.0.0.1 -Authentication Basic -Port ${port} -SessionOption '@{NoEncryption=$true}' -Credential 'alice'`,
  );
  const argv = run.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));
  const meant = await pssm(['Get-PSSession', ...argv], { askPassword });
  expect([meant.code, meant.err]).toEqual([0, '']);
});

test('a computer that is asked as whoever is logged on gets no password, also where one is handed in', async () => {
  const loggedOn: ProfileContent['computers'][number] = {
    ...{ id: id(22), computerName: '192.0.2.1', groupIds: [id(11)], options: {}, tags: [] },
    signIn: { kind: 'loggedOn' },
  };
  await saveProfile({}, { kind: 'ask', username: 'alice' }, [loggedOn]);
  const { code, out, err } = await pssm(['Get-PSSession', '-Profile', 'Production', '--password-stdin'], {
    readPasswordLine: async () => ACCOUNT.password,
  });
  expect({ code, listed: out.includes('NightlyBackup') }).toEqual({ code: 1, listed: true });
  expect(err).toContain('192.0.2.1 is an address: without a user name and password');
});

test('one password that is handed in is not sent for several accounts', async () => {
  const others = { id: id(22), computerName: 'other', groupIds: [id(11)], options: {}, tags: [] };
  const bob = { ...others, signIn: { kind: 'ask', username: 'bob' } as const };
  await saveProfile({}, { kind: 'ask', username: 'alice' }, [bob]);
  const { code, err } = await pssm(['Get-PSSession', '-Profile', 'Production', '--password-stdin']);
  expect(code).toBe(2);
  expect(err).toContain('several accounts: alice, bob');
  expect(listener.counts.connections).toBe(0);
});

test('what is done to sessions is written to the app’s audit log, what is only listed is not', async () => {
  await saveCredential();
  await saveProfile();
  const remove = ['Remove-PSSession', '-Profile', 'Production', '-Name'];
  await pssm(['Get-PSSession', '-Profile', 'Production']);
  await pssm([...remove, 'NightlyBackup', '-WhatIf']);
  await pssm([...remove, 'NightlyBackup']);
  const [line, ...more] = readFileSync(join(place(), 'audit.jsonl'), 'utf8').trim().split('\n');
  expect(more).toEqual([]);
  expect(JSON.parse(line!)).toMatchObject({
    action: 'remove',
    session: 'NightlyBackup',
    computer: '127.0.0.1',
    endpoint: `http://127.0.0.1:${port}/wsman`,
    account: 'alice',
    result: 'done',
  });
  expect(line).not.toContain(ACCOUNT.password);
});

test('in a group in safe mode nothing is removed but by saying so', async () => {
  await saveCredential();
  await saveProfile();
  await openProfiles(join(place(), 'profile.json')).update((content) => ({
    ...content,
    groups: content.groups.map((group) => (group.id === id(10) ? { ...group, safeMode: true } : group)),
  }));
  const remove = (...rest: string[]) =>
    pssm(['Remove-PSSession', '--profile', 'Production/Database', '-Name', '*', ...rest]);
  const list = async () =>
    (
      JSON.parse(
        (await pssm(['Get-PSSession', '--profile', 'Production/Database', '--json'])).out,
      ) as object[]
    ).length;
  const before = await list();
  const refused = await remove();
  expect([refused.code, refused.out]).toEqual([2, '']);
  expect(refused.err).toContain('127.0.0.1 stands in a group in safe mode');
  expect((await remove('-WhatIf')).code).toBe(0);
  expect(await list()).toBe(before);
  await remove('-Confirm:$false');
  expect(await list()).toBeLessThan(before);
});
