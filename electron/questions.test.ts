import { expect, test } from 'vitest';
import type { PSSession } from '../shared/session.ts';
import { computer, heldSession, session, settled, setup } from './fleet-fixture.ts';
import { WinRMError } from './winrm/index.ts';

const PREFIX = 'http://schemas.microsoft.com/powershell/';
const of = (instanceId: string, configuration: string): PSSession => ({
  ...session,
  instanceId,
  configurationName: configuration,
  shell: { shellId: instanceId.toUpperCase(), resourceUri: `${PREFIX}${configuration}` },
});
const narrowedTo = (configurationName: string) => [{ ...computer('a'), options: { configurationName } }];
const BOTH = [of('s1', 'Microsoft.PowerShell'), of('s2', 'ITTasks')];

test('a computer that is narrowed to a configuration shows the sessions of that one, by its name or its URI', async () => {
  const { fleet, shown } = setup(async () => ({ sessions: BOTH, misses: [] }));
  const names = async () => {
    await fleet.refresh(['a']);
    return shown('a')?.last?.sessions.map(({ instanceId }) => instanceId);
  };
  expect(await names()).toEqual(['s1', 's2']);
  fleet.setComputers(narrowedTo('ittasks'));
  expect(await names()).toEqual(['s2']);
  fleet.setComputers(narrowedTo(`${PREFIX}ITTasks`));
  expect(await names()).toEqual(['s2']);
  fleet.setComputers(narrowedTo('Other'));
  expect(await names()).toEqual([]);
});

test('a session that is held stays, and reads as held, when its computer is narrowed to another configuration', async () => {
  const { held } = heldSession(false);
  const { fleet, shown } = setup(async () => ({ sessions: BOTH, misses: [] }), { held });
  const key = { computerId: 'a', instanceId: 's1' };
  await fleet.refresh(['a']);
  await fleet.connect(key);
  fleet.setComputers(narrowedTo('ITTasks'));
  await fleet.refresh(['a']);
  const rows = () => shown('a')?.last?.sessions.map(({ instanceId, state }) => [instanceId, state]);
  expect(rows()).toEqual([
    ['s1', 'Opened'],
    ['s2', 'Disconnected'],
  ]);
  await fleet.disconnect(key);
  await settled();
  expect(rows()).toEqual([['s2', 'Disconnected']]); // nobody here is in it any more
});

test('a computer that lists what it says is gone is asked anew once, not for ever', async () => {
  let listed = 0;
  const gone = new WinRMError('fault', 'It is not there.', { faultCode: 2150858843, isFault: true });
  const { fleet, shown } = setup(async () => (listed++, { sessions: BOTH, misses: [] }), {
    commands: () => Promise.reject(gone),
  });
  const look = async () => {
    for (const instanceId of ['s1', 's2', 's1']) {
      await fleet.commands({ computerId: 'a', instanceId });
      await settled();
    }
  };
  await fleet.refresh(['a']);
  await look();
  expect(listed).toBe(2);
  const unlisted = () => shown('a')?.last?.sessions.map((one) => one.unlisted);
  expect(unlisted()).toEqual(['commandsUnreadable', 'commandsUnreadable']);
  await fleet.refresh(['a']); // a person asks, so it may be otherwise by now
  await look();
  expect(listed).toBe(4);
});
