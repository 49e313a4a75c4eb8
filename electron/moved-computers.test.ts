import { expect, test } from 'vitest';
import { answer, computer, heldSession, key, session, settled, setup } from './fleet-fixture.ts';
import type { List } from './fleet-fixture.ts';

const never: List = () => new Promise(() => undefined);
const moved = { ...computer('a'), computerName: 'srv77' };

test('a computer that is renamed has nothing of the one before, until it answers itself', async () => {
  let list = answer;
  const { fleet, shown } = setup((...question) => list(...question));
  await fleet.refresh(['a']);
  list = never;
  fleet.setComputers([moved]);
  expect(shown('a')).toMatchObject({ kind: 'waiting', last: { sessions: [], unheard: true } });
  expect(fleet.session(key)).toBeUndefined();
  void fleet.refresh(['a']);
  await settled();
  expect(shown('a')).toMatchObject({ kind: 'querying', last: { sessions: [], unheard: true } });
});

for (const [what, options] of [
  ['port', { port: 81 }],
  ['transport', { useSSL: true }],
  ['ApplicationName', { applicationName: 'other' }],
] as const) {
  test(`another ${what} is another endpoint`, async () => {
    const { fleet, shown } = setup(answer);
    await fleet.refresh(['a']);
    fleet.setComputers([{ ...computer('a'), options }]);
    expect(shown('a')?.last).toMatchObject({ sessions: [], unheard: true });
    await fleet.refresh(['a']);
    expect(shown('a')?.last).not.toHaveProperty('unheard');
    expect(shown('a')).toMatchObject({ kind: 'answered', last: { sessions: [session] } });
  });
}

test('with another account or option what is known stays, as of before, and the letters of a name make no other endpoint', async () => {
  const { fleet, shown } = setup(answer);
  for (const change of [
    { username: 'you' },
    { options: { allowBasicOverHttp: true } },
    { computerName: 'A' },
  ]) {
    fleet.setComputers([computer('a')]);
    await fleet.refresh(['a']);
    const { last } = shown('a')!;
    fleet.setComputers([{ ...computer('a'), ...change }]);
    expect(shown('a')?.kind).toBe('waiting');
    expect(fleet.status('a')?.last?.at).toBe(last?.at);
  }
});

test('a session that is held where a computer was before stays held, says where, and goes when it is left', async () => {
  const taken = heldSession(false);
  let list = answer;
  const { fleet, shown } = setup((...question) => list(...question), { held: taken.held });
  await fleet.refresh(['a']);
  await fleet.connect(key);
  list = async () => ({ sessions: [{ ...session, instanceId: 's2' }], misses: [] });
  fleet.setComputers([moved]);
  const held = { instanceId: 's1', state: 'Opened', computerName: 'a', elsewhere: 'http://a:5985/wsman' };
  expect(shown('a')?.last?.sessions).toMatchObject([held]);
  await fleet.refresh(['a']);
  expect(shown('a')?.last?.sessions).toMatchObject([{ instanceId: 's2' }, held]);
  fleet.setComputers([computer('a')]);
  expect(shown('a')?.last?.sessions[0]).not.toHaveProperty('elsewhere'); // an undo leads back to it
  fleet.setComputers([moved]);
  await fleet.disconnect(key);
  await settled();
  expect(taken.acts).toEqual(['disconnect']);
  expect(shown('a')?.last?.sessions).toMatchObject([{ instanceId: 's2' }]);
});
