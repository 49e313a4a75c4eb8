import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CredentialStore } from './credentials.ts';
import { encryptedVault } from './encrypted-vault.ts';
import { memoryVault, vaultsOf } from './vault.ts';
import type { PasswordVault } from './vault.ts';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const lab = { id: id(1), name: 'Lab', username: 'LAB\\me', changedOn: 1 };

function setup(...vaults: PasswordVault[]) {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-credentials-'));
  const file = join(folder, 'credentials.json');
  const found = vaults.length > 0 ? vaults : [memoryVault('')];
  const open = () => new CredentialStore({ file, vaults: async () => vaultsOf(found) });
  return { folder, file, open, store: open() };
}

/** As the real one says it: with the password in its words. */
const lockedVault: PasswordVault = {
  kind: 'keyring',
  name: 'Keychain',
  get: () => Promise.reject(new Error('locked')),
  set: (_, password) => Promise.reject(new Error(`cannot keep ${password}`)),
  delete: () => Promise.reject(new Error('locked')),
};

test('the password goes into the vault, the rest into a file for the owner alone', async () => {
  const { file, store, open } = setup();
  await store.add(lab, 'hunter2');
  expect((await open().load()).content.credentials).toEqual([{ ...lab, kept: 'memory' }]);
  expect(await store.password({ ...lab, kept: 'memory' })).toBe('hunter2');
  expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('what a vault says of a password it does not take is not repeated, and no name is kept', async () => {
  const { store } = setup(lockedVault);
  const adding = store.add(lab, 'hunter2');
  await expect(adding).rejects.toMatchObject({
    message: 'The password could not be kept in Keychain. Nothing was saved.',
  });
  await adding.catch((error: Error) =>
    expect(JSON.stringify([error.message, error.cause])).not.toContain('hunter2'),
  );
  expect((await store.load()).content.credentials).toEqual([]);
});

test('two have no one name, in whatever case', async () => {
  const { store } = setup();
  await store.add(lab, 'a');
  await expect(store.add({ ...lab, id: id(2), name: 'LAB' }, 'b')).rejects.toThrow('already');
  await store.add({ ...lab, id: id(2), name: 'Other' }, 'b');
  await expect(store.rename(id(2), 'lab')).rejects.toThrow('already');
  await store.rename(id(1), 'lab');
});

test('two processes that add at once lose nothing', async () => {
  const { open } = setup();
  await Promise.all([1, 2, 3, 4].map((n) => open().add({ ...lab, id: id(n), name: `c${n}` }, 'x')));
  expect((await open().load()).content.credentials.map(({ name }) => name).toSorted()).toEqual([
    'c1',
    'c2',
    'c3',
    'c4',
  ]);
});

test('a new password moves into the best vault there is by now, and out of the one before', async () => {
  const memory = memoryVault('');
  const better = { ...memoryVault(''), kind: 'keyring' as const };
  const { file, store } = setup(memory);
  await store.add(lab, 'old');
  const later = new CredentialStore({ file, vaults: async () => vaultsOf([better, memory]) });
  await later.replace(lab.id, { username: 'LAB\\me', password: 'new', changedOn: 2 });
  const [kept] = (await later.load()).content.credentials;
  expect(kept).toMatchObject({ kept: 'keyring', changedOn: 2 });
  expect(await later.password(kept!)).toBe('new');
  expect(await memory.get(lab.id)).toBeUndefined();
});

test('what cannot be kept reaches neither file nor vault', async () => {
  const vault = memoryVault('');
  const { store, open } = setup(vault);
  await store.add(lab, 'old');
  const long = { username: 'u'.repeat(256), changedOn: 2 };
  await expect(store.replace(lab.id, { ...long, password: 'new' })).rejects.toThrow(
    'longer than can be kept',
  );
  await expect(store.add({ ...lab, ...long, id: id(2), name: 'b' }, 'x')).rejects.toThrow(
    'Nothing was saved',
  );
  await expect(store.agree(lab.id, ['k'.repeat(1_001)])).rejects.toThrow('nothing was saved');
  expect([await vault.get(lab.id), await vault.get(id(2))]).toEqual(['old', undefined]);
  expect((await open().load()).content.credentials).toEqual([{ ...lab, kept: 'memory' }]);
});

test('of more agreed destinations than can be kept the oldest is forgotten', async () => {
  const { store, open } = setup();
  await store.add(lab, 'x');
  await store.agree(
    lab.id,
    Array.from({ length: 50_000 }, (_, n) => `k${n}`),
  );
  await store.agree(lab.id, ['last']);
  const [kept] = (await open().load()).content.credentials;
  expect([kept?.agreed?.length, kept?.agreed?.[0], kept?.agreed?.at(-1)]).toEqual([50_000, 'k1', 'last']);
});

test('what is deleted is gone from file and vault', async () => {
  const vault = memoryVault('');
  const { store } = setup(vault);
  await store.add(lab, 'x');
  await store.delete(lab.id);
  expect((await store.load()).content.credentials).toEqual([]);
  expect(await vault.get(lab.id)).toBeUndefined();
});

/** One credential, kept with the password `old`, and then a disk that is full. */
async function fullDisk(vault: PasswordVault, others: PasswordVault[] = []) {
  const { file, store } = setup(...others, vault);
  await store.add(lab, 'old');
  const write = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  return new CredentialStore({ file, vaults: async () => vaultsOf([vault, ...others]), write });
}
const anew = { username: 'LAB\\other', password: 'new', changedOn: 2 };

test('a new password whose account cannot be written gives way to the old one', async () => {
  const vault = memoryVault('');
  const store = await fullDisk(vault);
  await expect(store.replace(lab.id, anew)).rejects.toThrow(/the disk is full\.$/);
  expect(await vault.get(lab.id)).toBe('old');
  const [better, other] = [memoryVault(''), { ...memoryVault(''), kind: 'keyring' as const }];
  const moving = await fullDisk(better, [other]);
  await expect(moving.replace(lab.id, anew)).rejects.toThrow(/the disk is full\.$/);
  expect([await better.get(lab.id), await other.get(lab.id)]).toEqual([undefined, 'old']);
});

test('a new password that is kept without its account is told, where the old one could not be read', async () => {
  const vault = memoryVault('');
  const store = await fullDisk({ ...vault, name: 'Keychain', get: () => Promise.reject(new Error('old')) });
  const replacing = store.replace(lab.id, anew);
  await expect(replacing).rejects.toMatchObject({
    message:
      'The saved credentials could not be kept: the disk is full. The new password of Lab lies in Keychain all the same.',
    info: { remedy: { text: 'Do it once more when the file can be written.' } },
  });
  expect(await vault.get(lab.id)).toBe('new');
});

test('a new password for what another process deleted meanwhile does not stay in the vault', async () => {
  const vault = memoryVault('');
  const { open, store } = setup({
    ...vault,
    set: async (key, password) => {
      await vault.set(key, password);
      if (password === 'new') await open().delete(lab.id);
      await vault.set(key, password);
    },
  });
  await store.add(lab, 'old');
  await expect(store.replace(lab.id, anew)).rejects.toThrow('not there any more');
  expect(await vault.get(lab.id)).toBeUndefined();
});

test('of a credential whose name cannot be deleted it is told that its password is', async () => {
  const vault = memoryVault('');
  const store = await fullDisk(vault);
  await expect(store.delete(lab.id)).rejects.toThrow(
    'the disk is full. The password of Lab is deleted from memory, its name is not.',
  );
  expect(await vault.get(lab.id)).toBeUndefined();
  expect((await store.load()).content.credentials).toHaveLength(1);
});

test('what lies in a vault that is away is not deleted by name alone', async () => {
  const { file, store } = setup({ ...memoryVault(''), kind: 'keyring' as const });
  await store.add(lab, 'x');
  const later = new CredentialStore({ file, vaults: async () => vaultsOf([memoryVault('')]) });
  await expect(later.delete(lab.id)).rejects.toThrow('The vault that holds the password of Lab');
  expect((await later.load()).content.credentials).toHaveLength(1);
});

test('a file that cannot be understood is set aside, one of a newer version left alone', async () => {
  const { file, store } = setup();
  writeFileSync(
    file,
    JSON.stringify({ version: 1, credentials: [{ ...lab, kept: 'memory', password: 'x' }] }),
  );
  expect((await store.load()).notice).toContain('credentials.broken-');
  const newer = JSON.stringify({ version: 2, credentials: [] });
  writeFileSync(file, newer);
  await expect(store.add(lab, 'x')).rejects.toThrow('newer version');
  expect(readFileSync(file, 'utf8')).toBe(newer);
});

/** An encrypted file with a password in it, and what is told of it. */
async function encrypted() {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-encrypted-'));
  const file = join(folder, 'passwords.json');
  const told: string[] = [];
  const turned = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
  const encryption = {
    encrypt: (text: string) => turned(Buffer.from(text)),
    decrypt: (bytes: Buffer) => turned(bytes).toString(),
  };
  // Opened anew each time, as the store does after a while where this is the best.
  const open = () => encryptedVault(file, encryption, (sentence) => told.push(sentence));
  await open().set('a', 'hunter2');
  return { folder, file, open, told };
}

test('an encrypted file gives out what was put in, and shows nothing of it', async () => {
  const { file, open, told } = await encrypted();
  const vault = open();
  await vault.set('b', 'other');
  await vault.delete('b');
  expect([await vault.get('a'), await vault.get('b'), told]).toEqual(['hunter2', undefined, []]);
  expect(readFileSync(file, 'utf8')).not.toMatch(/hunter2|aHVudGVyMg/);
});

test('of an encrypted file that is broken it is told where it stands, whatever came upon it', async () => {
  const acts: ((vault: PasswordVault) => Promise<unknown>)[] = [
    (vault) => vault.get('a'),
    (vault) => vault.set('c', 'new'),
    (vault) => vault.delete('a'),
  ];
  for (const act of acts) {
    const { folder, file, open, told } = await encrypted();
    writeFileSync(file, 'broken');
    await act(open());
    const [aside] = readdirSync(folder).filter((name) => name.includes('broken'));
    expect(told).toEqual([
      `The encrypted passwords could not be read. The file stands in ${join(folder, aside!)}.`,
    ]);
    expect(readFileSync(join(folder, aside!), 'utf8')).toBe('broken');
  }
});

test('one of a newer version is not taken for one without the password', async () => {
  const { file, open } = await encrypted();
  writeFileSync(file, JSON.stringify({ version: 2, more: 1 }));
  for (const ask of [() => open().get('a'), () => open().set('a', 'x')])
    await expect(ask()).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining(file) });
});

test('what had to be done to read a vault is told once', async () => {
  const { file } = setup();
  const notices: string[] = [];
  const store = new CredentialStore({
    file,
    vaults: async (tell) => {
      const get = async () => void tell('It was broken.') as undefined;
      return vaultsOf([{ ...memoryVault(''), get }]);
    },
  });
  store.notice = (sentence) => notices.push(sentence);
  for (let n = 0; n < 2; n++) await store.password({ ...lab, kept: 'memory' });
  expect(notices).toEqual(['It was broken.']);
});
