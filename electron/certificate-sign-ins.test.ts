import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { PasswordQuestion } from '../shared/password-question.ts';
import { CertificateSignIns } from './certificate-sign-ins.ts';
import { NamedCredentials } from './named-credentials.ts';
import { SignIns } from './sign-ins.ts';
import { CredentialStore } from './store/credentials.ts';
import { Passwords } from './store/passwords.ts';
import { memoryVault, vaultsOf } from './store/vault.ts';
import { NEW_PFX, OPEN_PEM, PASSPHRASE, RENEWED_PFX } from './winrm/auth/client-certificate-fixture.ts';
import { isClientCertificate } from './winrm/index.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const web01: ResolvedComputer = {
  id: ID,
  computerName: 'web01',
  groupIds: [],
  tags: [],
  options: { useSSL: true },
  signIn: { kind: 'credential', credentialId: ID },
};

/** Answers in their order; without one the window is closed. */
function setup(passphrases: string[], file: Uint8Array | string = NEW_PFX) {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-certificates-'));
  const path = join(folder, 'alice.pfx');
  writeFileSync(path, file);
  const kept = new Map<string, string>();
  const vault = {
    ...memoryVault(''),
    kind: 'keyring' as const,
    set: async (id: string, secret: string) => void kept.set(id, secret),
    get: async (id: string) => kept.get(id),
    delete: async (id: string) => void kept.delete(id),
  };
  const store = join(folder, 'credentials.json');
  const notices: string[] = [];
  const questions: PasswordQuestion[] = [];
  const clock = { now: Date.now() };
  const open = () =>
    new NamedCredentials({
      store: new CredentialStore({ file: store, vaults: async () => vaultsOf([vault]) }),
      changed: () => undefined,
      accounts: () => undefined,
      notice: (sentence) => void notices.push(sentence),
      now: () => clock.now,
    });
  const named = open();
  const signIns = new CertificateSignIns({
    named,
    ask: async (question) => {
      questions.push(question);
      const password = passphrases.shift();
      return password === undefined ? undefined : { username: '', password, remember: false };
    },
    chooseCertificate: async () => path,
    now: () => clock.now,
    newId: () => ID,
  });
  return {
    signIns,
    named,
    open,
    questions,
    notices,
    kept,
    path,
    clock,
    onDisk: () => readFileSync(store, 'utf8'),
  };
}

test('the passphrase is asked for until it is right, and lies in the vault alone; of the file its place is kept', async () => {
  const { signIns, named, questions, kept, onDisk, path } = setup(['wrong', PASSPHRASE]);
  await signIns.add('Web', { kind: 'file' });
  expect(questions).toEqual([
    { mode: 'passphrase', computers: [], username: '', credential: 'Web', file: 'alice.pfx' },
    expect.objectContaining({ reason: 'That was not the passphrase.' }),
  ]);
  const { username, certificate } = named.get(ID);
  expect(username).toBe('alice');
  expect(certificate).toMatchObject({
    subject: 'O=Lab, CN=alice',
    source: { kind: 'file', path, hasPassphrase: true },
  });
  expect([...kept.values()]).toEqual([PASSPHRASE]);
  expect(onDisk()).not.toContain(PASSPHRASE);
  expect(onDisk() + JSON.stringify(await named.shown())).not.toMatch(/PRIVATE KEY|MIG/);
});

test('whoever closes the window adds nothing', async () => {
  const { signIns, named, kept } = setup(['wrong']);
  await signIns.add('Web', { kind: 'file' });
  expect((await named.shown()).credentials).toEqual([]);
  expect(kept.size).toBe(0);
});

test('a later run opens it with the vault, for every computer that signs in with it', async () => {
  const { signIns, open } = setup([PASSPHRASE]);
  await signIns.add('Web', { kind: 'file' });
  const later = open();
  await later.load();
  expect(await later.ready([web01])).toEqual([web01]);
  const credential = later.credentialFor(web01);
  expect(isClientCertificate(credential) && credential.info.subject).toBe('O=Lab, CN=alice');
  // Nothing of it is ever readable on the way, however the computer is asked.
  expect(later.isAgreed({ ...web01, options: { authentication: 'Basic' } })).toBe(true);
  expect(
    later.proxyCredentialFor({ ...web01, options: { sessionOption: { proxyCredential: ID } } }),
  ).toBeUndefined();
});

test('a key without a passphrase asks for none, and puts nothing into the vault', async () => {
  const { signIns, named, questions, kept } = setup([], OPEN_PEM);
  await signIns.add('Web', { kind: 'file' });
  expect(questions).toEqual([]);
  expect(named.get(ID).certificate?.source).toMatchObject({ hasPassphrase: false });
  expect(kept.size).toBe(0);
  await named.ready([web01]);
  expect(named.credentialFor(web01)).toBeDefined();
  named.took(await named.store.delete(ID));
  expect(named.credentialFor(web01)).toBeUndefined();
});

test('a refused one is wrong nowhere else, and is not typed anew', async () => {
  const { signIns, named } = setup([PASSPHRASE]);
  await signIns.add('Web', { kind: 'file' });
  await named.ready([web01]);
  for (const id of ['a', 'b', 'c']) named.refused({ ...web01, id });
  expect(named.credentialFor(web01)).toBeDefined();
  expect(named.credentialFor({ ...web01, id: 'a' })).toBeUndefined();
  expect(named.isDoubtful(ID, [{ ...web01, id: 'a' }])).toBe(false);
});

test('a file that is gone is said once, with its name', async () => {
  const { signIns, open, notices, path } = setup([PASSPHRASE]);
  await signIns.add('Web', { kind: 'file' });
  const later = open();
  await later.load();
  writeFileSync(path, 'something else');
  expect(await later.ready([web01])).toEqual([]);
  expect(await later.ready([web01])).toEqual([]);
  expect(notices).toEqual([
    'The certificate of Web cannot be used. This is no PFX file that can be read: it is broken, or something else.',
  ]);
});

test('a renewed one in the same place is found once the old one ended', async () => {
  const { signIns, named, path, clock } = setup([PASSPHRASE]);
  await signIns.add('Web', { kind: 'file' });
  await named.ready([web01]);
  const before = named.credentialFor(web01);
  await named.ready([web01]);
  expect(named.credentialFor(web01)).toBe(before);
  writeFileSync(path, RENEWED_PFX);
  await named.ready([web01]);
  expect(named.credentialFor(web01)).toBe(before);
  const { validTo, thumbprint } = named.get(ID).certificate!;
  clock.now = validTo + 1;
  await named.ready([web01]);
  expect(named.get(ID).certificate?.validTo).toBeGreaterThan(validTo);
  expect(named.opened(ID)).toMatchObject({ info: { thumbprint: named.get(ID).certificate?.thumbprint } });
  expect(named.get(ID).certificate?.thumbprint).not.toBe(thumbprint);
});

test('of Windows’ store nothing is taken before the person says so, who is shown which one it is', async () => {
  const thumbprint = '00112233445566778899AABBCCDDEEFF00112233';
  const wanted = {
    kind: 'windowsStore',
    thumbprint: thumbprint.replace(/../g, '$& ').toLowerCase(),
  } as const;
  const refused = setup([]);
  await refused.signIns.add('Web', wanted);
  expect(refused.questions).toEqual([
    { mode: 'export', computers: [], username: '', credential: 'Web', thumbprint },
  ]);
  const agreed = setup(['']);
  // No store holds it, and elsewhere there is none: that it was looked for is what shows here.
  await expect(agreed.signIns.add('Web', wanted)).rejects.toMatchObject({ kind: 'invalid' });
  expect((await agreed.named.shown()).credentials).toEqual([]);
});

test.each(['stopAsking', 'recheck'] as const)(
  'a passphrase that computers wait for is not asked for any more once nobody does (%s)',
  async (end) => {
    const { signIns: before, named, kept } = setup([PASSPHRASE]);
    await before.add('Web', { kind: 'file' });
    kept.clear(); // the vault has lost it
    const questions: PasswordQuestion[] = [];
    const there = new Map([[web01.id, web01]]);
    const signIns = new SignIns({
      named,
      passwords: new Passwords(),
      ask: (question, over) => {
        questions.push(question);
        return new Promise((resolve) => over.addEventListener('abort', () => resolve(undefined)));
      },
      chooseCertificate: async () => undefined,
      find: (id) => there.get(id),
      bind: async () => undefined,
      typed: () => undefined,
      now: () => 1,
      newId: () => ID,
    });
    const asked = signIns.ask([web01]);
    await expect.poll(() => questions).toMatchObject([{ mode: 'passphrase', credential: 'Web' }]);
    if (end === 'recheck') there.clear();
    signIns[end]();
    expect(await asked).toEqual([]);
  },
);
