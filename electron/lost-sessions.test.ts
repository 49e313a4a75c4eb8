import { expect, test } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import { fail, heldSession, key, session, settled, setup } from './fleet-fixture.ts';
import { WinRMError } from './winrm/index.ts';

/** One whose line broke, and what its computer lists afterwards. */
async function lost(first: Partial<PSSession['shell']> = {}) {
  const taken = heldSession(true, fail('unreachable'));
  let listed: readonly PSSession[] = [session];
  const all = setup(async () => ({ sessions: [...listed], misses: [] }), { held: taken.held });
  const list = async (...sessions: readonly PSSession[]) => {
    listed = sessions;
    await all.fleet.refresh(['a']);
    await settled();
    return all.row();
  };
  await all.fleet.refresh(['a']);
  if (Object.keys(first).length > 0) listed = [busyBy(first)];
  await all.fleet.connect(key);
  await settled();
  taken.lose(new WinRMError('unreachable', 'Gone.'));
  await settled();
  return { ...all, list };
}
const busyBy = (shell: Partial<PSSession['shell']>): PSSession => ({
  ...session,
  availability: 'Busy',
  shell: { ...session.shell, ...shell },
});
const US = { owner: 'LAB\\me', clientIP: '10.0.0.2' };
const BOB = { owner: 'LAB\\bob', clientIP: '10.0.0.9' };

test('a lost one that somebody else took up meanwhile reads in use, by whom and from where', async () => {
  const { list, row, clock } = await lost(US);
  expect(row()).toMatchObject({ state: 'Broken' });
  await clock.pass(60_000);
  expect(await list(busyBy({ ...BOB, shellInactivityMs: 0 }))).toMatchObject({
    state: 'Disconnected',
    availability: 'Busy',
    shell: BOB,
  });
});

test('nor is it ours because our account is in it, from here: somebody did something in it since', async () => {
  const { list, clock } = await lost(US);
  await clock.pass(60_000);
  for (const shellInactivityMs of [0, 40_000]) {
    expect(await list(busyBy({ ...US, shellInactivityMs }))).toMatchObject({
      state: 'Disconnected',
      availability: 'Busy',
    });
  }
  expect(await list(busyBy(US))).toMatchObject({ state: 'Disconnected' }); // the computer does not tell
});

test('as long as its computer has not noticed, and nothing was done in it since, it stays Broken', async () => {
  const { list, clock } = await lost(US);
  await clock.pass(60_000);
  expect(await list(busyBy({ ...US, shellInactivityMs: 60_000 }))).toMatchObject({ state: 'Broken' });
  // Whoever is quiet and another is another.
  expect(await list(busyBy({ ...BOB, shellInactivityMs: 60_000 }))).toMatchObject({ state: 'Disconnected' });
  expect(await list(session)).toMatchObject({ state: 'Disconnected', availability: 'None' });
});

test('a lost one that is not listed any more is closed, as after its computer started anew', async () => {
  const { list, fleet, row } = await lost();
  expect(row()).toMatchObject({ state: 'Broken' });
  expect(await list()).toMatchObject({ state: 'Closed', availability: 'None' });
  fleet.held.close(key);
  expect(row()).toBeUndefined();
});
