import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Computer, ConnectionOptions, ProfileContent } from '../shared/computer.ts';
import type { EventName, ProfilePatched } from '../shared/contract.ts';
import type { Credentials } from '../shared/credential.ts';
import { PLAIN, setup } from './desk-fixture.ts';

const ID = '00000000-0000-4000-8000-000000000001';
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

test('edits that the window made of what it knew undo nothing that was done meanwhile, nor bring back what went', async () => {
  const { desk, events } = setup([]);
  await desk.start();
  await desk.handlers['fleet.watch']({});
  await desk.handlers['computer.add']({ text: 'srv1', ...PLAIN, tags: ['a'] });
  const [computer] = (lastOf(events, 'profile.patched') as ProfilePatched).put.computers!;
  const edit = (change: Partial<Computer>) =>
    desk.handlers['profile.edit']({
      label: 'Edit srv1',
      put: { computers: [{ ...computer!, ...change }] },
      from: { computers: [computer!] },
      remove: {},
    });
  await Promise.all([edit({ tags: ['b'] }), edit({ favourite: true })]); // the second before the first is told
  expect(lastOf(events, 'profile.patched')).toMatchObject({
    put: { computers: [{ ...computer, tags: ['b'], favourite: true }] },
  });
  await desk.handlers['profile.undo']({});
  await desk.handlers['profile.undo']({});
  expect(lastOf(events, 'profile.patched')).toMatchObject({
    put: { computers: [computer] },
    redo: 'Edit srv1',
  });
  await desk.handlers['profile.edit']({ label: 'Remove', put: {}, remove: { computers: [computer!.id] } });
  await expect(edit({ favourite: true })).rejects.toThrow(
    'srv1 is not in the list any more. Nothing was saved.',
  );
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
