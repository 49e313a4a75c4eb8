import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { PROFILE_VERSION } from '../shared/computer.ts';
import type { ProfileContent } from '../shared/computer.ts';
import { WinRMError } from './winrm/index.ts';
import type { Change, EventName } from '../shared/contract.ts';
import { PLAIN, setup, withTwoSessions } from './desk-fixture.ts';
import { session } from './fleet-fixture.ts';
import { openProfiles } from './store/profiles.ts';

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

test('computers that are added while a sign-in is written down for others are asked, too', async () => {
  let type: (password: string) => void = () => undefined;
  const { desk, attempts, settled } = setup([new Promise<string>((resolve) => (type = resolve))]);
  await desk.start();
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN });
  await settled();
  const asLoggedOn = { authentication: 'NegotiateWithImplicitCredential' } as const;
  const added = desk.handlers['computer.add']({ text: 'srv2', ...PLAIN, options: asLoggedOn });
  type('right'); // is to be written while the other is
  await added;
  await settled();
  expect(attempts.toSorted()).toEqual(['srv1', 'srv2 as logged on']);
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

test('of the sample fleet, too, an account that was refused twice is not tried any more, and nobody else waits for it', async () => {
  const { desk, events } = setup([]);
  await desk.start({ sample: true });
  await desk.handlers['fleet.watch']({});
  const told = (name: EventName) => events.filter(([one]) => one === name).map(([, what]) => what);
  await vi.waitFor(
    () => expect(told('sweep.changed').at(-1)).toMatchObject({ stopped: ['CONTOSO\\svc-branch'] }),
    5_000,
  );
  const answered = () => {
    const last = new Map(told('fleet.changed').flatMap((changes) => changes as Change[]));
    return [...last.values()].filter(({ kind }) => kind === 'answered').length;
  };
  await vi.waitFor(() => expect(answered()).toBeGreaterThan(20), 5_000);
  await desk.close();
});

test('the sample fleet is not opened over an act that goes on, for nobody could see or stop it', async () => {
  const { desk, events, beginRemoval, end } = await withTwoSessions();
  await beginRemoval();
  const opened = vi.spyOn(globalThis, 'setTimeout');
  await expect(desk.handlers['sample.open']({})).rejects.toThrow(/^Removing goes on on your own computers/);
  expect(opened).not.toHaveBeenCalled(); // nothing of it is left running
  opened.mockRestore();
  expect(events.filter(([name]) => name === 'profile.changed').at(-1)).toMatchObject([
    'profile.changed',
    { sample: false },
  ]);
  end();
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

test('only the place that the computer sent on to last can be allowed, and it is asked again with that', async () => {
  const place = 'https://srv2:5986';
  const sentOn = new WinRMError('protocol', 'srv1 redirects.', { redirectsTo: place });
  let asked = 0;
  const { desk, settled, file } = setup(['right'], () => {
    asked++;
    return Promise.reject(sentOn);
  });
  await desk.start();
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN, signIn: { kind: 'ask', username: 'alice' } });
  await settled();
  const allow = (to: string) => desk.handlers['redirection.allow']({ computerId: ID, place: to });
  await expect(allow('https://srv3:5986')).rejects.toMatchObject({ kind: 'denied' });
  await allow(place);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    computers: [{ options: { redirectTo: [place] } }],
  });
  await settled();
  expect(asked).toBe(2);
});

test('no address that is pasted can spoil the computers that are kept', async () => {
  const { desk, file, folder } = setup([]);
  await desk.start();
  const add = (text: string) => desk.handlers['computer.add']({ text, ...PLAIN });
  await add('web01 web02 web03');
  const long = `https://gw.corp.example.com/${'p'.repeat(256)}`;
  await expect(add(long)).rejects.toThrow('too long for a path');
  await add(`web04 ${long}`);
  await add('web05');
  const { desk: next, events } = setup([], undefined, folder);
  await next.start();
  await next.handlers['fleet.watch']({});
  expect(events.filter(([name]) => name === 'notice')).toEqual([]);
  expect(events.find(([name]) => name === 'profile.changed')?.[1]).toMatchObject({
    computers: ['web01', 'web02', 'web03', 'web04', 'web05'].map((computerName) => ({ computerName })),
  });
  expect(JSON.parse(readFileSync(`${file}.bak`, 'utf8'))).toHaveProperty('computers.length', 4);
});

test('a computer may send on to fifty places, and to one more it is said that it may not', async () => {
  const to = (n: number) => `https://gw${n}:5986`;
  let place = to(50);
  const { desk, settled, file } = setup(['right'], () =>
    Promise.reject(new WinRMError('protocol', 'srv1 redirects.', { redirectsTo: place })),
  );
  const redirectTo = Array.from({ length: 49 }, (_, n) => to(n));
  const computer = { id: ID, computerName: 'srv1', groupIds: [], tags: [], options: { redirectTo } };
  const signIn = { kind: 'ask', username: 'alice' };
  const saved = { version: PROFILE_VERSION, groups: [], views: [], computers: [{ ...computer, signIn }] };
  writeFileSync(file, JSON.stringify(saved));
  await desk.start();
  const allow = async () => {
    await desk.handlers['password.ask']({ computerIds: [ID] });
    await settled();
    await desk.handlers['redirection.allow']({ computerId: ID, place });
    await settled();
  };
  await allow();
  place = to(51);
  await desk.handlers['fleet.refresh']({});
  await settled();
  await expect(desk.handlers['redirection.allow']({ computerId: ID, place })).rejects.toThrow(
    'srv1 may send on to 50 places already',
  );
  const kept = await openProfiles(file).load();
  expect(kept.content.computers[0]?.options.redirectTo).toHaveLength(50);
});

test('an edit answers before the computer does, and the others keep their clients', async () => {
  let asked = 0;
  let answer = () => {};
  const sessions = ['Microsoft.PowerShell', 'ITTasks'].map((configurationName, n) => ({
    ...session,
    instanceId: `s${n}`,
    configurationName,
    shell: { shellId: `S${n}`, resourceUri: `http://schemas.microsoft.com/powershell/${configurationName}` },
  }));
  const { desk, settled, file, events } = setup(['right'], () => {
    asked++;
    const found = { sessions, misses: [] };
    return asked === 1 ? Promise.resolve(found) : new Promise((resolve) => (answer = () => resolve(found)));
  });
  await desk.start();
  await desk.handlers['fleet.watch']({});
  const listed = () => {
    const told = events.flatMap(([name, changes]) => (name === 'fleet.changed' ? (changes as Change[]) : []));
    const last = told.findLast(([, status]) => status.last)?.[1].last;
    return last?.sessions.map(({ configurationName }) => configurationName);
  };
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN, signIn: { kind: 'ask', username: 'alice' } });
  await settled();
  const [computer] = (JSON.parse(readFileSync(file, 'utf8')) as ProfileContent).computers;
  const put = { computers: [{ ...computer!, options: { configurationName: 'ITTasks' } }] };
  expect(listed()).toEqual(['Microsoft.PowerShell', 'ITTasks']);
  await desk.handlers['profile.edit']({ label: 'Edit computer', put, remove: {} });
  expect(asked).toBe(2);
  answer();
  await settled();
  expect(listed()).toEqual(['ITTasks']); // what the edit was for
});

test('a profile of a newer version is said, shown as empty, and nothing is saved over it', async () => {
  const { desk, events, file } = setup([]);
  const newer = JSON.stringify({ version: PROFILE_VERSION + 1, computers: [] });
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
