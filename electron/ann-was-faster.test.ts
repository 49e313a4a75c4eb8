import { expect, test } from 'vitest';
import type { BulkAct } from '../shared/bulk-act.ts';
import type { PSSession } from '../shared/session.ts';
import { BulkActs } from './bulk-acts.ts';
import { heldSession, session, settled, setup } from './fleet-fixture.ts';
import { WinRMError } from './winrm/index.ts';

/** Two sessions of one computer, of which ann takes up the first as soon as something is done to it. */
async function annIsFaster() {
  const own = (name: string): PSSession => ({ ...session, name, instanceId: name });
  const shell = { ...session.shell, owner: 'LAB\\ann', clientIP: '10.0.0.9' };
  let isTaken = false;
  const denied = async (one: PSSession) => {
    if (one.name !== 'first') return;
    isTaken = true;
    throw new WinRMError('denied', 'Another client is connected to this session.');
  };
  const told: BulkAct[] = [];
  const { fleet } = setup(
    async () => ({
      sessions: [isTaken ? { ...own('first'), shell, availability: 'Busy' } : own('first'), own('second')],
      misses: [],
    }),
    { remove: denied, connect: async (one) => (await denied(one), heldSession(false).held) },
  );
  await fleet.refresh(['a']);
  const acts = new BulkActs({
    ...{ fleet, emit: (act: BulkAct) => void told.push(act), notice: () => undefined },
    ...{ now: () => 1, newId: () => 1, gather: (send: () => void) => send() },
  });
  const keys = ['first', 'second'].map((instanceId) => ({ computerId: 'a', instanceId }));
  return { acts, fleet, keys, failures: () => told.at(-1)?.failures?.map(({ error }) => error.message) };
}
const FASTER = 'Someone else was faster: LAB\\ann is in first on a from 10.0.0.9 now.';
const SPARED = 'It was not removed: LAB\\ann is in first on a from 10.0.0.9 now.';

test('that somebody was faster is said as the window asks it: of one alone, and of one of many', async () => {
  const alone = await annIsFaster();
  await expect(alone.acts.connect(alone.keys.slice(0, 1))).rejects.toThrow(FASTER);
  const many = await annIsFaster();
  await many.acts.connect(many.keys);
  expect(many.failures()).toEqual([FASTER]);
});

test('and of removing', async () => {
  const shown = { inUse: false, force: false };
  const alone = await annIsFaster();
  await expect(
    alone.acts.remove(alone.keys.slice(0, 1).map((key) => ({ ...key, ...shown }))),
  ).rejects.toThrow(SPARED);
  const many = await annIsFaster();
  await many.acts.remove(many.keys.map((key) => ({ ...key, ...shown })));
  expect(many.failures()).toEqual([SPARED]);
});

test('who waits for a session is told so, too, while much else is done on its computer', async () => {
  const { fleet, keys } = await annIsFaster();
  const [first, second] = [keys[0]!, keys[1]!];
  let end = () => {};
  const busy = fleet.act([second], () => new Promise((resolve) => (end = resolve)));
  await settled();
  await expect(fleet.connect(first, 'whenFree')).rejects.toThrow(FASTER);
  expect(fleet.session(first)).toMatchObject({ availability: 'Busy' });
  end();
  await busy;
});
