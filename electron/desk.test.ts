import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConnectionOptions, ProfileContent } from '../shared/computer.ts';
import type { EventName, ProfilePatched } from '../shared/contract.ts';
import type { Credentials } from '../shared/credential.ts';
import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import { Desk } from './desk.ts';
import type { Remote } from './held-sessions.ts';
import { openSample } from './sample.ts';
import { CredentialStore } from './store/credentials.ts';
import { openSettings } from './store/settings.ts';
import { memoryVault, vaultsOf } from './store/vault.ts';
import type { PasswordVault } from './store/vault.ts';
import { openProfiles } from './store/profiles.ts';
import { WinRMError } from './winrm/index.ts';

const PLAIN = { options: {}, groupIds: [] };

/** A password for the account asked for, or alice; or the whole answer. */
type Answer = string | PasswordAnswer;

/** What the system keeps between two runs. */
const vaults = new Map<string, PasswordVault>();

/** A desk whose computers know one password. */
function setup(answers: Answer[], list?: Remote['list'], folder = mkdtempSync(join(tmpdir(), 'pssm-desk-'))) {
  const copied: string[] = [];
  const events: [EventName, unknown][] = [];
  const questions: PasswordQuestion[] = [];
  const attempts: string[] = [];
  let ids = 0;
  const file = join(folder, 'profile.json');
  const vault = vaults.get(folder) ?? { ...memoryVault(''), kind: 'keyring' as const, name: 'the vault' };
  vaults.set(folder, vault);
  const desk = new Desk({
    profiles: openProfiles(file),
    settings: openSettings(join(folder, 'settings.json')),
    credentials: new CredentialStore({
      file: join(folder, 'credentials.json'),
      vaults: async () => vaultsOf([vault]),
    }),
    audit: () => undefined,
    showAudit: async () => undefined,
    applySettings: () => undefined,
    setMenu: () => undefined,
    open: ({ computerName }, { password }, _, beforeLogin) => ({
      list: async (...question) => {
        if (list) return list(...question);
        if (computerName === 'dead') throw new WinRMError('unreachable', 'dead does not answer.');
        const attempt = await beforeLogin(new AbortController().signal);
        attempts.push(computerName);
        const isRight = password === 'right';
        attempt[isRight ? 'taken' : 'refused']();
        attempt.ended();
        if (!isRight) throw new WinRMError('unauthenticated', 'Refused.');
        return { sessions: [], misses: [] };
      },
      commands: async () => [],
      connect: () => Promise.reject(new Error('unused')),
      remove: () => Promise.reject(new Error('unused')),
      close: () => undefined,
    }),
    openSample,
    askPassword: async (question) => {
      questions.push(question);
      const answer = answers.shift();
      if (typeof answer !== 'string') return answer;
      return { username: question.username || 'alice', password: answer, remember: false };
    },
    copy: (text) => void copied.push(text),
    send: (event, payload) => void events.push([event, payload]),
    now: () => 1,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 60)); // past the gathering of events
  return { desk, events, questions, attempts, settled, file, folder, copied };
}

test('computers added together are one question, and a wrong password costs two attempts', async () => {
  const { desk, questions, attempts, settled } = setup(['wrong']);
  await desk.start();
  await desk.handlers['computer.add']({ text: 'dead srv1 srv2 srv3', ...PLAIN });
  await settled();
  const computers = ['dead', 'srv1', 'srv2', 'srv3'].map((name) => ({ name }));
  expect(questions).toEqual([{ mode: 'signIn', computers, username: '', vault: 'the vault' }]);
  expect(attempts).toEqual(['srv1', 'srv2']);
  desk.handlers['fleet.refresh']({});
  await settled();
  expect(attempts).toEqual(['srv1', 'srv2']);
});

test('with the right password all are asked; a dead one is passed by', async () => {
  const { desk, attempts, settled } = setup(['right']);
  await desk.start();
  await desk.handlers['computer.add']({
    text: 'dead srv1 srv2',
    ...PLAIN,
    signIn: { kind: 'ask', username: 'alice' },
  });
  await settled();
  expect(attempts).toEqual(['srv1', 'srv2']);
});

test('no event ever carries the password', async () => {
  const { desk, events, settled } = setup(['right']);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await settled();
  expect(events.map(([name]) => name)).toContain('fleet.changed');
  expect(JSON.stringify(events)).not.toContain('right');
});

test('what is in the list already is not added twice', async () => {
  const { desk } = setup([]);
  await desk.start();
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await expect(desk.handlers['computer.add']({ text: 'SRV1', ...PLAIN })).rejects.toThrow('already');
});

test('the sample fleet stands in for the own computers until it is left', async () => {
  const { desk, events } = setup([]);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['sample.open']({});
  await desk.handlers['sample.close']({});
  const shown = events.filter(([name]) => name === 'profile.changed').map(([, profile]) => profile);
  expect(shown).toMatchObject([{ sample: false }, { sample: true }, { sample: false, computers: [] }]);
  expect(await desk.close()).toEqual([]);
});

test('a password goes to no computer of another account', async () => {
  const { desk, questions, attempts, settled } = setup(['right']);
  await desk.start();
  const add = desk.handlers['computer.add'];
  await add({ text: 'srv1', ...PLAIN, signIn: { kind: 'ask', username: 'alice' } });
  await settled();
  await add({ text: 'srv2', ...PLAIN, signIn: { kind: 'ask', username: 'bob' } });
  await settled();
  expect(questions.map(({ username }) => username)).toEqual(['alice', 'bob']);
  expect(attempts).toEqual(['srv1']);
});

test('what is to be said before a window listens is said when it does', async () => {
  const { desk, events, file } = setup([]);
  writeFileSync(file, '{ half a file');
  await desk.start();
  expect(events).toEqual([]);
  await desk.handlers['fleet.watch']({});
  expect(events.find(([name]) => name === 'notice')?.[1]).toMatchObject({
    level: 'error',
    message: expect.stringContaining('profile.broken-'),
  });
});

const ID = '00000000-0000-4000-8000-000000000001';
const certificate = (sha256: string) => ({
  subject: 'CN=srv1',
  issuer: 'CN=srv1',
  sha256,
  validFrom: 0,
  validTo: 1,
  names: ['srv1'],
});

test('only the certificate that the computer showed last can be pinned', async () => {
  const shown = 'a'.repeat(64);
  const untrusted = new WinRMError('untrusted', 'Nobody vouches for it.', {
    certificate: certificate(shown),
  });
  const { desk, settled, file } = setup(['right'], () => Promise.reject(untrusted));
  await desk.start();
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN, signIn: { kind: 'ask', username: 'alice' } });
  await settled();
  const pin = (sha256: string) => desk.handlers['certificate.pin']({ computerId: ID, sha256 });
  await expect(pin('b'.repeat(64))).rejects.toMatchObject({ kind: 'denied' });
  await pin(shown);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    computers: [{ options: { pinnedCertificate: shown } }],
  });
});

test('an edit answers before the computer does, and the others keep their clients', async () => {
  let asked = 0;
  const { desk, settled, file } = setup(['right'], () => {
    asked++;
    return asked === 1 ? Promise.resolve({ sessions: [], misses: [] }) : new Promise(() => undefined);
  });
  await desk.start();
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN, signIn: { kind: 'ask', username: 'alice' } });
  await settled();
  const [computer] = (JSON.parse(readFileSync(file, 'utf8')) as ProfileContent).computers;
  const put = { computers: [{ ...computer!, options: { configurationName: 'ITTasks' } }] };
  await desk.handlers['profile.edit']({ label: 'Edit computer', put, remove: {} });
  expect(asked).toBe(2);
});

test('a profile of a newer version is said, shown as empty, and nothing is saved over it', async () => {
  const { desk, events, file } = setup([]);
  const newer = JSON.stringify({ version: 3, computers: [] });
  writeFileSync(file, newer);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  expect(events.find(([name]) => name === 'notice')?.[1]).toMatchObject({
    message: expect.stringContaining('newer version'),
  });
  await expect(desk.handlers['computer.add']({ text: 'srv1', ...PLAIN })).rejects.toThrow(
    'Nothing was saved',
  );
  expect(readFileSync(file, 'utf8')).toBe(newer);
});

const lastOf = (events: readonly (readonly [EventName, unknown])[], name: EventName) =>
  events.findLast(([one]) => one === name)?.[1];

test('an edit of the window sends no kept password elsewhere or in clear, nor sets a pin', async () => {
  const { desk, attempts, settled, file } = setup(['right']);
  await desk.start();
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await settled();
  expect(attempts).toEqual(['srv1']);
  const [computer] = (JSON.parse(readFileSync(file, 'utf8')) as ProfileContent).computers;
  const edit = async (options: ConnectionOptions) => {
    const put = { computers: [{ ...computer!, options }] };
    await desk.handlers['profile.edit']({ label: 'Edit computer', put, remove: {} });
    await settled();
    await desk.handlers['fleet.refresh']({});
    await settled();
  };
  await edit({ authentication: 'Basic', allowBasicOverHttp: true, port: 9999 });
  await edit({ port: 9999 });
  expect(attempts).toEqual(['srv1']);
  await expect(edit({ pinnedCertificate: 'a'.repeat(64) })).rejects.toMatchObject({ kind: 'denied' });
  await edit({});
  expect(attempts).toEqual(['srv1', 'srv1', 'srv1']); // changed, so asked at once, and refreshed
});

test('edits are undone and redone; the window is told what that would do', async () => {
  const { desk, events } = setup([]);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['computer.add']({ text: 'srv1 srv2', ...PLAIN });
  const told = () => lastOf(events, 'profile.patched') as ProfilePatched;
  expect(told()).toMatchObject({ put: { computers: [{}, {}] }, undo: 'Add 2 computers' });
  const ids = told().put.computers?.map(({ id }) => id);
  await desk.handlers['profile.undo']({});
  expect(told()).toMatchObject({ put: {}, remove: { computers: ids }, redo: 'Add 2 computers' });
  expect(told()).not.toHaveProperty('undo');
  await desk.handlers['profile.redo']({});
  expect(told()).toMatchObject({ put: { computers: [{}, {}] }, remove: {} });
  await desk.handlers['fleet.watch']({}); // a window that was loaded anew knows nothing
  expect(lastOf(events, 'profile.changed')).toMatchObject({
    computers: [{ computerName: 'srv1' }, { computerName: 'srv2' }],
  });
});

test('a password that is to be remembered becomes a credential, which another run signs in with', async () => {
  const answer = { username: 'alice', password: 'right', remember: true };
  const { desk, events, attempts, settled, folder } = setup([answer]);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await settled();
  expect(attempts).toEqual(['srv1']);
  expect(lastOf(events, 'credentials.changed')).toMatchObject({
    vault: { kind: 'keyring', name: 'the vault' },
    credentials: [
      {
        name: 'alice',
        username: 'alice',
        hasPassword: true,
        lastUse: { computerName: 'srv1', result: 'taken' },
      },
    ],
  });
  expect(JSON.stringify(events)).not.toContain('right');
  const later = setup([], undefined, folder);
  await later.desk.start();
  await later.settled();
  expect(later.attempts).toEqual(['srv1']);
});

test('a credential is tested at one computer, once, and what came of it is shown', async () => {
  const answer = { username: 'alice', password: 'wrong', remember: false };
  const { desk, events, attempts, settled } = setup([answer]);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['credential.add']({ name: 'Lab' });
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await settled();
  const { credentials } = lastOf(events, 'credentials.changed') as Credentials;
  const computerId = (lastOf(events, 'profile.patched') as ProfilePatched).put.computers![0]!.id;
  const test = desk.handlers['credential.test']({ credentialId: credentials[0]!.id, computerId });
  await expect(test).rejects.toMatchObject({ kind: 'unauthenticated' });
  await settled();
  expect(attempts).toEqual(['srv1']);
  expect(lastOf(events, 'credentials.changed')).toMatchObject({
    credentials: [{ lastUse: { result: 'refused' } }],
  });
  for (let i = 0; i < 4; i++) {
    const again = desk.handlers['credential.test']({ credentialId: credentials[0]!.id, computerId });
    await expect(again).rejects.toMatchObject({ kind: 'unauthenticated' });
  }
  expect(attempts).toEqual(['srv1', 'srv1']);
});

test('settings are said at once and kept for the next run', async () => {
  const { desk, events, folder } = setup([]);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['settings.change']({ theme: 'dark', sizes: { tree: 300 } });
  await desk.handlers['settings.change']({ sizes: { details: 280 } });
  const settings = { theme: 'dark', sizes: { tree: 300, details: 280 } };
  expect(lastOf(events, 'settings.changed')).toMatchObject(settings);
  desk.settings.place({ width: 900, height: 600 });
  await desk.close();
  expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toEqual({
    version: 1,
    window: { width: 900, height: 600 },
    ...settings,
  });
});

test('what a session said is copied whole, by its key', async () => {
  const { desk, copied } = setup([]);
  await desk.handlers['output.copy']({ computerId: ID, instanceId: 'nobody' });
  expect(copied).toEqual(['']);
});
