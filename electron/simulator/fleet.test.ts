import { expect, test } from 'vitest';
import { WSManClient } from '../winrm/client.ts';
import { listCommands, listShells } from '../winrm/wsman/shell.ts';
import { SampleFleet } from './fleet.ts';
import type { SampleFleetComputer } from './fleet.ts';
import { SimulatedTime } from './simulated-time.ts';

function sampleFleet(seed = 1) {
  const time = new SimulatedTime(1_763_800_000_000);
  const fleet = new SampleFleet({ now: time.now, delay: (_ms, signal) => time.delay(0, signal), seed });
  return fleet.computers;
}
const clientOf = (computer: SampleFleetComputer) =>
  new WSManClient({ to: `http://${computer.computerName}:5985/wsman`, channel: computer.channel() });

test('forty computers in five groups, with names of their own', () => {
  const computers = sampleFleet();
  expect(computers).toHaveLength(40);
  expect(new Set(computers.map(({ computerName }) => computerName)).size).toBe(40);
  expect(new Set(computers.map(({ group }) => group)).size).toBe(5);
});

test('the same seed gives the same sessions, another gives others', async () => {
  const list = async (seed: number) =>
    Promise.all(sampleFleet(seed).map((one) => clientOf(one).run(listShells()).catch(String)));
  const [first, again, other] = await Promise.all([list(3), list(3), list(4)]);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('some computers are dead and some refuse, each with a kind of its own', async () => {
  const kinds = new Map<string, string>();
  for (const computer of sampleFleet()) {
    await clientOf(computer)
      .run(listShells())
      .catch((error: unknown) => kinds.set(computer.computerName, (error as { kind: string }).kind));
  }
  expect(Object.fromEntries(kinds)).toEqual({
    web07: 'unauthenticated',
    app07: 'timeout',
    app08: 'denied',
    bld03: 'unreachable',
    'br-ham-01': 'unreachable',
    'br-par-02': 'unreachable',
  });
});

test('every kind of shell is among them, those that Get-PSSession hides too', async () => {
  const shells = async (name: string) => {
    const computer = sampleFleet().find(({ computerName }) => computerName === name);
    if (!computer) throw new Error(name);
    const client = clientOf(computer);
    const listed = (await client.run(listShells())).map(({ shell }) => shell);
    const commands = await Promise.all(
      listed.map(({ shellId }) =>
        client.run(listCommands(shellId)).then(
          (all) => all.length,
          () => -1,
        ),
      ),
    );
    return listed.map((shell, i) => ({ ...shell, commands: commands[i] }));
  };
  expect(await shells('sql02')).toMatchObject([
    { name: 'NightlyBackup', state: 'Disconnected', commands: 1 },
    { name: 'IndexRebuild', state: 'Disconnected', commands: 1 },
  ]);
  expect(await shells('web04')).toMatchObject([
    { name: 'PatchTuesday', state: 'Connected', owner: 'CONTOSO\\ann', clientIP: '10.0.4.17' },
  ]);
  const [, winrs] = await shells('sql03');
  expect(winrs?.resourceUri).toBe('http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd');
  const [incomplete] = await shells('app03');
  expect(incomplete).not.toHaveProperty('state');
  expect(await shells('sql06')).toMatchObject([{ commands: 2 }]);
  expect(await shells('app04')).toMatchObject([{ commands: -1 }]);
  const [expiring] = await shells('web08');
  expect((expiring?.idleTimeoutMs ?? 0) - (expiring?.shellInactivityMs ?? 0)).toBe(120_000);
});
