import { expect, test } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import { heldSession, key, session, settled, setup } from './fleet-fixture.ts';
import type { List } from './fleet-fixture.ts';
import type { Remote } from './held-sessions.ts';
import { WinRMError } from './winrm/index.ts';

const bobs: PSSession = {
  ...session,
  availability: 'Busy',
  shell: { ...session.shell, owner: 'LAB\\bob', clientIP: '10.0.0.9' },
};

test.each([true, false])(
  'one that was shown as free is spared when it is known to be in use by now, by force (%s), too',
  async (force) => {
    const asked: boolean[] = [];
    const list: List = async () => ({ sessions: [bobs], misses: [] });
    const { fleet, row, audited } = setup(list, { remove: async (_, how) => void asked.push(how.force) });
    await fleet.refresh(['a']);
    await expect(fleet.remove(key, force, { inUse: false })).rejects.toMatchObject({
      kind: 'denied',
      message: 'It was not removed: LAB\\bob is in nightly on a from 10.0.0.9 now.',
    });
    expect(asked).toEqual([]);
    expect(row()).toMatchObject({ availability: 'Busy' });
    expect(audited).toMatchObject([{ action: force ? 'forceRemove' : 'remove', result: 'failed' }]);
  },
);

test('before one that was shown as free is forced its computer is asked whether it still is', async () => {
  const asked: boolean[] = [];
  let listed = session;
  const list: List = async () => ({ sessions: [listed], misses: [] });
  const { fleet, row } = setup(list, { remove: async (_, how) => void asked.push(how.force) });
  await fleet.refresh(['a']);
  listed = bobs;
  await expect(fleet.remove(key, true, { inUse: false })).rejects.toMatchObject({ kind: 'denied' });
  await settled();
  expect(asked).toEqual([]);
  expect(row()).toMatchObject({ availability: 'Busy' });
  listed = session;
  await fleet.refresh(['a']);
  await fleet.remove(key, true, { inUse: false });
  expect(asked).toEqual([true]);
  expect(row()).toBeUndefined();
});

test('one that was shown in use is forced, as it was asked', async () => {
  const asked: boolean[] = [];
  const list: List = async () => ({ sessions: [bobs], misses: [] });
  const { fleet } = setup(list, { remove: async (_, how) => void asked.push(how.force) });
  await fleet.refresh(['a']);
  await fleet.remove(key, true, { inUse: true });
  expect(asked).toEqual([true]);
});

/** One whose line broke, while its computer still takes our client for connected. */
async function lost(remove: Remote['remove']) {
  const taken = heldSession(true, () =>
    Promise.reject(new WinRMError('unreachable', 'The network is down.')),
  );
  const shell = { ...session.shell, owner: 'LAB\\me', shellInactivityMs: 60_000 };
  let listed: PSSession = { ...session, shell };
  const all = setup(async () => ({ sessions: [listed], misses: [] }), { held: taken.held, remove });
  await all.fleet.refresh(['a']);
  await all.fleet.connect(key);
  taken.lose(new WinRMError('unreachable', 'The network is down.'));
  await settled();
  await all.clock.pass(60_000);
  listed = { ...listed, availability: 'Busy' };
  await all.fleet.refresh(['a']);
  expect(all.row()).toMatchObject({ state: 'Broken' });
  return all;
}

test('a lost one is removed as any other: its computer is asked for it, and says whether it has let go of it', async () => {
  const asked: unknown[] = [];
  let isHeldThere = true;
  const { fleet, row } = await lost(async ({ state, availability }, { force }) => {
    asked.push([state, availability, force]);
    if (isHeldThere) throw new WinRMError('denied', 'Another client is connected to this session.');
  });
  const removal = fleet.remove(key, false, { inUse: false });
  await expect(removal).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringMatching(/^nightly was not removed: a still takes the client .* or by force\.$/),
  });
  expect(row()).toMatchObject({ state: 'Broken' });
  isHeldThere = false;
  await fleet.remove(key, false, { inUse: false });
  expect(asked).toEqual([
    ['Disconnected', 'None', false],
    ['Disconnected', 'None', false],
  ]);
});

test('a lost one can be forced: it is not taken for somebody else’s', async () => {
  const asked: boolean[] = [];
  const { fleet } = await lost(async (_, { force }) => void asked.push(force));
  await fleet.remove(key, true, { inUse: false });
  expect(asked).toEqual([true]);
});
