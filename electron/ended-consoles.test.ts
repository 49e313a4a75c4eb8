import { expect, test } from 'vitest';
import { heldSession, session, settled, setup } from './fleet-fixture.ts';
import type { Given } from './fleet-fixture.ts';

const LINE = 'x'.repeat(8_000);
/** Some 14.6 MB, more than four of which are not kept of sessions that are over. */
const LINES = 1_800;

test('sessions that are over keep 64 MB together, those that are held all they have', async () => {
  const ids = ['s1', 's2', 's3', 's4', 's5', 's6'];
  const ends = new Map<string, () => void>();
  const connect: Given['connect'] = async (taken) => ({
    ...heldSession(true).held,
    session: { ...taken, state: 'Opened' },
    receive: (sink) => {
      for (let i = 0; i < LINES; i++) sink({ kind: 'record', stream: 'output', value: LINE });
      return new Promise((resolve) => ends.set(taken.instanceId, () => resolve({ state: 'Disconnected' })));
    },
  });
  const sessions = ids.map((instanceId) => ({ ...session, instanceId }));
  const { fleet } = setup(async () => ({ sessions, misses: [] }), { connect });
  await fleet.refresh(['a']);
  for (const instanceId of ids) await fleet.connect({ computerId: 'a', instanceId });
  const kept = () => fleet.held.replay().map(({ lines }) => lines.length);
  for (const id of ['s3', 's1', 's2', 's4']) {
    ends.get(id)!();
    await settled();
  }
  expect(kept()).toEqual(ids.map(() => LINES)); // what is held does not count
  ends.get('s5')!();
  await settled();
  const [, , third = 0, ...others] = kept();
  expect([third < LINES, third > 500, others]).toEqual([true, true, [LINES, LINES, LINES]]);
  const text = fleet.held.text({ computerId: 'a', instanceId: 's3' });
  expect(text.slice(0, 60)).toMatch(new RegExp(`^\\[${LINES - third} earlier lines were not kept\\]\\nxxx`));
});
