import { expect, test } from 'vitest';
import { PLAIN, setup as deskSetup } from './desk-fixture.ts';
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

test('what is known of acts that closing cuts off is kept at once, and put right at the end', async () => {
  const kept: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const { desk, settled: told } = deskSetup([], undefined, undefined, undefined, {
    lastWords: { keep: async (sentences) => void kept.push(sentences), take: async () => [] },
    open: () => ({
      list: async () => ({ sessions: [session], misses: [] }),
      remove: () => new Promise((resolve) => ends.push(resolve)),
      commands: async () => [],
      connect: () => Promise.reject(new Error('unused')),
      close: () => undefined,
    }),
  });
  await desk.start();
  await desk.handlers['computer.add']({ text: 'srv1 srv2', ...PLAIN, signIn: { kind: 'loggedOn' } });
  await told();
  const ids = ['1', '2'].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
  const sessions = ids.map((computerId) => ({ ...key, computerId, inUse: false, force: false }));
  void desk.handlers['session.remove']({ sessions });
  await settled();
  await told();
  expect(kept.splice(0)).toEqual([
    [
      'The app ended by force while it was removing 2 sessions. The audit log has those on which it had been tried.',
    ],
  ]);
  const closed = desk.close();
  await settled();
  const words =
    'The app was closed while it was removing sessions: No session removed, 2 without an answer. The audit log has those on which it was tried to the end.';
  expect([ends.length, kept]).toEqual([2, [[words]]]);
  for (const end of ends) end();
  expect(await closed).toEqual([]);
  expect(kept.slice(1)).toEqual([[]]); // all went well after all
});
