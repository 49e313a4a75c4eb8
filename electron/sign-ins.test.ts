import { expect, test } from 'vitest';
import type { ConnectionOptions, SignIn } from '../shared/computer.ts';
import type { ResolvedComputer } from '../shared/inheritance.ts';
import type { PasswordAnswer, PasswordQuestion } from '../shared/password-question.ts';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareComputer as computer } from './fleet-fixture.ts';
import { NamedCredentials } from './named-credentials.ts';
import { SignIns } from './sign-ins.ts';
import { CredentialStore } from './store/credentials.ts';
import { Passwords } from './store/passwords.ts';
import { memoryVault, vaultsOf } from './store/vault.ts';

const BASIC: ConnectionOptions = { authentication: 'Basic', allowBasicOverHttp: true };
const LAB = '00000000-0000-4000-8000-000000000001';
const byLab: SignIn = { kind: 'credential', credentialId: LAB };

const lab = (id: string, options: ConnectionOptions = {}) =>
  computer(id, { options, signIn: byLab, username: 'LAB\\me' });

/** Answers in their order; undefined closes the window, `open` leaves it open until nobody waits for it. */
function setup(...answers: (Partial<PasswordAnswer> | 'open' | undefined)[]) {
  const folder = mkdtempSync(join(tmpdir(), 'pssm-sign-ins-'));
  const questions: PasswordQuestion[] = [];
  const bound: unknown[] = [];
  const typed: string[] = [];
  const vault = { ...memoryVault(''), kind: 'keyring' as const, name: 'Vault' };
  const there = new Map<string, ResolvedComputer>();
  let ids = 0;
  const open = () =>
    new NamedCredentials({
      store: new CredentialStore({
        file: join(folder, 'credentials.json'),
        vaults: async () => vaultsOf([vault]),
      }),
      changed: () => undefined,
      accounts: () => undefined,
      notice: () => undefined,
      now: () => 1,
    });
  const named = open();
  const signIns = new SignIns({
    named,
    passwords: new Passwords(),
    ask: async (question, over) => {
      questions.push(question);
      const answer = answers.shift();
      if (answer === 'open')
        return new Promise((resolve) => over.addEventListener('abort', () => resolve(undefined)));
      return answer && { username: question.username, password: '', remember: false, ...answer };
    },
    chooseCertificate: async () => undefined,
    find: (id) => there.get(id),
    bind: async (computers, signIn) => void bound.push([computers.map(({ id }) => id), signIn]),
    typed: ({ username }) => void typed.push(username),
    now: () => ++ids,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
  });
  return { signIns, named, questions, bound, typed, open, vault, there };
}

test('a password that was typed once is for the computers that the window showed', async () => {
  const { signIns, questions, bound, typed } = setup({ username: 'me', password: 'x' });
  const shown = [computer('a'), computer('b', { options: BASIC }), computer('c', { options: { port: 81 } })];
  expect(await signIns.ask(shown)).toEqual(['a', 'b', 'c']);
  expect(typed).toEqual(['me']);
  expect(questions).toEqual([
    {
      mode: 'signIn',
      username: '',
      vault: 'Vault',
      computers: [
        { name: 'a' },
        { name: 'b', revealed: 'as good as in clear over http' },
        { name: 'http://c:81' },
      ],
    },
  ]);
  expect(bound).toEqual([[['a', 'b', 'c'], { username: 'me' }]]);
  const credential = { username: 'me', password: 'x' };
  expect(signIns.credentialFor({ ...shown[0]!, username: 'me' })).toEqual(credential);
  // An edit makes it weaker, or sends it elsewhere: it stays here until it is typed for that.
  expect(signIns.credentialFor({ ...shown[0]!, username: 'me', options: BASIC })).toBeUndefined();
  expect(signIns.credentialFor({ ...shown[0]!, username: 'me', computerName: 'evil' })).toBeUndefined();
});

test('one that is to be remembered becomes a named credential that these computers use', async () => {
  const { signIns, named, bound, open } = setup({ username: 'LAB\\me', password: 'x', remember: true });
  await signIns.ask([computer('a'), computer('b', { options: BASIC })]);
  const { id, name } = (await named.shown()).credentials[0]!;
  expect(name).toBe('LAB\\me');
  expect(bound).toEqual([[['a', 'b'], { credentialId: id }]]);
  const signIn = { kind: 'credential', credentialId: id } as const;
  const a = computer('a', { signIn, username: 'LAB\\me' });
  expect(signIns.credentialFor(a)).toEqual({ username: 'LAB\\me', password: 'x' });
  // It was shown that b would read it, so it is agreed to: in later runs, too, and for b alone.
  const later = open();
  await later.load();
  expect(later.isAgreed({ ...a, id: 'b', computerName: 'b', options: BASIC })).toBe(true);
  expect(later.isAgreed({ ...a, options: BASIC })).toBe(false);
});

test('a named credential is proved anywhere, and sent in readable form only where the person agrees', async () => {
  const { signIns, questions } = setup({ username: 'LAB\\me', password: 'x' }, undefined, {});
  await signIns.add('Lab');
  await signIns.ask([lab('a')]); // nothing to ask: Negotiate sends no password
  expect(questions.map(({ mode }) => mode)).toEqual(['newCredential']);
  expect(signIns.credentialFor(lab('a'))).toEqual({ username: 'LAB\\me', password: 'x' });
  expect(signIns.credentialFor(lab('b', BASIC))).toBeUndefined();
  expect(await signIns.ask([lab('a'), lab('b', BASIC)])).toEqual([]); // closed
  expect(signIns.credentialFor(lab('b', BASIC))).toBeUndefined();
  expect(await signIns.ask([lab('a'), lab('b', BASIC)])).toEqual(['a', 'b']);
  expect(questions.at(-1)).toMatchObject({
    mode: 'send',
    credential: 'Lab',
    computers: [{ name: 'b', revealed: 'as good as in clear over http' }],
  });
  expect(signIns.credentialFor(lab('b', BASIC))).toBeDefined();
  expect(signIns.credentialFor(lab('b', { ...BASIC, port: 9999 }))).toBeUndefined();
});

test('a password that is revealed goes on to another place only after a question that names it', async () => {
  const { signIns, questions } = setup({ username: 'LAB\\me', password: 'x' }, {}, {});
  await signIns.add('Lab');
  await signIns.ask([lab('b', BASIC)]);
  const onward = { ...BASIC, redirectTo: ['https://web02:5986'] };
  expect(signIns.credentialFor(lab('b', BASIC))).toBeDefined();
  expect(signIns.credentialFor(lab('b', onward))).toBeUndefined();
  await signIns.ask([lab('b', onward)]);
  expect(questions.at(-1)).toMatchObject({
    mode: 'send',
    computers: [{ name: 'b or https://web02:5986', revealed: 'as good as in clear over http' }],
  });
  expect(signIns.credentialFor(lab('b', onward))).toBeDefined();
});

test('a credential that is refused is sent nowhere until it is typed anew', async () => {
  const { signIns, named, questions } = setup({ username: 'LAB\\me', password: 'old' }, { password: 'new' });
  await signIns.add('Lab');
  await named.ready([lab('a'), lab('b')]);
  for (const id of ['a', 'b']) signIns.credentialFor(lab(id));
  signIns.refused(lab('a'));
  signIns.stopped(lab('b')); // as the guard says of those that would come next
  expect((await named.shown()).credentials[0]?.lastUse).toEqual({
    at: 1,
    computerName: 'a',
    result: 'refused',
  });
  expect(signIns.credentialFor(lab('b'))).toBeUndefined();
  await signIns.ask([lab('b')]);
  expect(questions.at(-1)).toMatchObject({ mode: 'newPassword', reason: 'The password was refused.' });
  expect(signIns.credentialFor(lab('b'))).toMatchObject({ password: 'new' });
});

test('one computer that refuses a good credential is asked again only when the person says so', async () => {
  const { signIns, named } = setup({ username: 'LAB\\me', password: 'x' });
  await signIns.add('Lab');
  await named.ready([lab('a'), lab('b')]);
  for (const id of ['a', 'b']) signIns.credentialFor(lab(id));
  signIns.taken(lab('a'));
  signIns.refused(lab('b'));
  expect(signIns.credentialFor(lab('a'))).toBeDefined();
  expect(signIns.credentialFor(lab('b'))).toBeUndefined();
  await signIns.ask([lab('b')]);
  expect(signIns.credentialFor(lab('b'))).toBeDefined();
});

test('one whose password is gone from the vault is used no more, and that is shown', async () => {
  const { signIns, open, vault } = setup({ username: 'LAB\\me', password: 'x' }, { password: 'y' });
  await signIns.add('Lab');
  await vault.delete(LAB);
  const later = open();
  await later.load();
  await later.ready([lab('a')]);
  expect(later.credentialFor(lab('a'))).toBeUndefined();
  expect((await later.shown()).credentials).toMatchObject([{ name: 'Lab', hasPassword: false }]);
});

test('where there is no vault a password is there as soon as it was typed, and gone with the app', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pssm-sign-ins-')), 'credentials.json');
  const start = () => {
    const vaults = vaultsOf([memoryVault('')]);
    return new NamedCredentials({
      store: new CredentialStore({ file, vaults: async () => vaults }),
      changed: () => undefined,
      accounts: () => undefined,
      notice: () => undefined,
      now: () => 1,
    });
  };
  const first = start();
  await first.store.add({ id: LAB, name: 'Lab', username: 'LAB\\me', changedOn: 1 }, 'x');
  await first.load();
  expect((await first.shown()).credentials).toMatchObject([{ hasPassword: true }]);
  const later = start();
  await later.load();
  expect((await later.shown()).credentials).toMatchObject([{ hasPassword: false }]);
});

test('what the window is shown of a credential holds no password', async () => {
  const { signIns, named } = setup({ username: 'LAB\\me', password: 'hunter2' });
  await signIns.add('Lab');
  await named.ready([lab('a')]);
  expect(JSON.stringify(await named.shown())).not.toContain('hunter2');
});

test('one question at a time', async () => {
  const { signIns } = setup({ username: 'me', password: 'x' });
  const first = signIns.ask([computer('a')]);
  await expect(signIns.add('Other')).rejects.toThrow('being asked for already');
  await first;
});

test('a password that was refused is not sent there again before it is typed anew', async () => {
  const { signIns, named, questions } = setup({ username: 'LAB\\me', password: 'old' }, undefined, {
    password: 'new',
  });
  await signIns.add('Lab');
  await named.ready([lab('a')]);
  signIns.refused(lab('a'));
  expect(await signIns.ask([lab('a')])).toEqual([]); // closed
  expect(questions.at(-1)).toMatchObject({ mode: 'newPassword', reason: 'The password was refused.' });
  expect(signIns.credentialFor(lab('a'))).toBeUndefined();
  expect(await signIns.ask([lab('a')])).toEqual(['a']);
  expect(signIns.credentialFor(lab('a'))).toMatchObject({ password: 'new' });
});

test('what was refused twice and taken nowhere is wrong, however much time lay between', async () => {
  const { signIns, named } = setup({ username: 'LAB\\me', password: 'x' });
  await signIns.add('Lab');
  await named.ready([lab('a'), lab('b'), lab('c')]);
  signIns.refused(lab('a'));
  expect(signIns.credentialFor(lab('c'))).toBeDefined();
  signIns.refused(lab('b'));
  expect(signIns.credentialFor(lab('c'))).toBeUndefined();
});

test('one that was taken here and is refused twice since is asked for anew', async () => {
  const { signIns, named, questions } = setup({ username: 'LAB\\me', password: 'x' }, { password: 'y' });
  await signIns.add('Lab');
  await named.ready([lab('a')]);
  signIns.taken(lab('a'));
  signIns.refused(lab('a'));
  await signIns.ask([lab('a')]);
  expect(questions).toHaveLength(1);
  signIns.refused(lab('a'));
  await signIns.ask([lab('a')]);
  expect(questions.at(-1)).toMatchObject({ mode: 'newPassword', reason: 'The password was refused.' });
});

test('a vault that failed once is asked again; what is deleted is forgotten', async () => {
  const { named, vault } = setup();
  await named.store.add({ id: LAB, name: 'Lab', username: 'me', changedOn: 1 }, 'x');
  await named.load();
  const { get } = vault;
  vault.get = () => Promise.reject(new Error('locked'));
  expect(await named.ready([lab('a')])).toEqual([]);
  vault.get = get;
  expect(await named.ready([lab('a')])).toHaveLength(1);
  named.took(await named.store.delete(LAB));
  expect(named.opened(LAB)).toBeUndefined();
});

test('what comes of signing in as whoever is logged on says nothing of a credential that a group hands down', async () => {
  const { signIns, named } = setup({ username: 'LAB\\me', password: 'x' });
  await signIns.add('Lab');
  const { id } = (await named.shown()).credentials[0]!;
  const byGroup = { signIn: { kind: 'credential', credentialId: id } as const, username: 'LAB\\me' };
  const inherited = (name: string, options: ConnectionOptions) => computer(name, { ...byGroup, options });
  const loggedOn = ['a', 'b'].map((name) =>
    inherited(name, { authentication: 'NegotiateWithImplicitCredential' }),
  );
  for (const one of loggedOn) signIns.refused(one);
  signIns.stopped(loggedOn[0]!);
  const other = inherited('c', {});
  await named.ready([other]);
  expect(named.isDoubtful(id, [other])).toBe(false);
  expect(signIns.credentialFor(other)).toEqual({ username: 'LAB\\me', password: 'x' });
  signIns.taken(loggedOn[0]!);
  signIns.refused(inherited('d', {}));
  signIns.refused(inherited('e', {}));
  expect(signIns.credentialFor(other)).toBeUndefined();
});

test('who stops a sweep, or takes a computer away, is not asked for its password any more', async () => {
  for (const end of ['stopAsking', 'recheck'] as const) {
    const { signIns, questions, there, bound } = setup('open', { username: 'me', password: 'x' });
    there.set('a', computer('a'));
    const asked = signIns.ask([computer('a')]);
    await expect.poll(() => questions.length).toBe(1);
    if (end === 'recheck') there.clear();
    signIns[end]();
    expect(await asked).toEqual([]);
    expect(bound).toEqual([]);
    expect(await signIns.ask([computer('a')])).toEqual(['a']); // another question may be asked at once
  }
});

test('a credential that is saved elsewhere while its password is asked for is not saved once more', async () => {
  const { signIns, named, questions } = setup({ username: 'me', password: 'x' }, 'open');
  await signIns.add('Lab');
  const [{ id } = { id: '' }] = (await named.shown()).credentials;
  const asked = signIns.replace(id);
  await expect.poll(() => questions.length).toBe(2);
  named.took(await named.store.replace(id, { username: 'me', password: 'y', changedOn: 99 }));
  signIns.recheck();
  await expect(asked).rejects.toThrow('The credential Lab was changed meanwhile');
});
