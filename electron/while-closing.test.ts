import { expect, test } from 'vitest';
import { setup as deskSetup } from './desk-fixture.ts';
import { answer, computer, heldSession, key, session, settled, setup } from './fleet-fixture.ts';
import type { Given } from './fleet-fixture.ts';

test('of a hundred sessions that are being taken up none is held after closing, and those in the queue say why', async () => {
  let begun = 0;
  const connect: Given['connect'] = (_, signal) => {
    begun++;
    return new Promise((_resolve, reject) =>
      signal?.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  };
  const { fleet, audited } = setup(answer, { connect });
  const ids = Array.from({ length: 100 }, (_, i) => `c${i}`);
  fleet.setComputers(ids.map(computer));
  await fleet.refresh();
  const keys = ids.map((computerId) => ({ computerId, instanceId: session.instanceId }));
  const acting = fleet.act(keys, (one) => fleet.connect(one));
  await settled();
  expect(begun).toBe(32);
  expect(await fleet.close(5_000)).toEqual([]);
  const failures = await acting;
  expect([begun, failures.length, audited.length]).toEqual([32, 100, 32]);
  expect(failures.at(-1)?.error).toMatchObject({
    kind: 'cancelled',
    message: expect.stringContaining('left'),
  });
  expect(keys.filter((one) => fleet.held.isHeld(one))).toEqual([]);
});

test('what is asked while others are left is refused, and nobody is asked any more', async () => {
  let left = () => {};
  const held = heldSession(false, () => new Promise<void>((resolve) => (left = resolve)));
  const { fleet, opened } = setup(answer, { held: held.held });
  await fleet.refresh();
  await fleet.connect(key);
  const closing = fleet.close(5_000);
  const other = { ...key, computerId: 'b' };
  await expect(fleet.connect(other)).rejects.toMatchObject({ kind: 'cancelled' });
  await expect(fleet.remove(other, true)).rejects.toMatchObject({ kind: 'cancelled' });
  left();
  await closing;
  const before = opened.length;
  await fleet.refresh();
  await fleet.commands(other);
  expect([fleet.held.isHeld(other), opened.length]).toEqual([false, before]);
});

test('a desk that closes begins nothing, and still hands out what it has', async () => {
  const { desk, copied } = deskSetup([]);
  await desk.start();
  const closed = desk.close();
  expect(() => desk.handlers['fleet.refresh']({})).toThrow(/being left/);
  expect(() => desk.handlers['session.connect']({ sessions: [key] })).toThrow(/being left/);
  expect(() => desk.handlers['sample.open']({})).toThrow(/being left/);
  void desk.handlers['clipboard.copy']({ text: 'what it said' });
  expect([copied, await closed]).toEqual([['what it said'], []]);
});
