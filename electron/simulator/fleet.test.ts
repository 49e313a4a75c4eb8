import { describe, expect, test } from 'vitest';
import { WSManClient } from '../winrm/client.ts';
import { openComputer } from '../winrm/index.ts';
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

describe('taking up a session of the sample fleet', () => {
  function open(name: string) {
    const time = new SimulatedTime(1_763_800_000_000);
    const computer = new SampleFleet({ now: time.now, delay: time.delay }).computers.find(
      ({ computerName }) => computerName === name,
    );
    if (!computer) throw new Error(name);
    return {
      time,
      remote: openComputer({ computerName: name, options: {}, channel: () => computer.channel() }),
    };
  }
  /** Lets time pass until it is settled. */
  async function passing<T>(time: SimulatedTime, promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = () => (settled = true);
    promise.then(done, done);
    for (let i = 0; i < 10_000 && !settled; i++) await time.pass(100);
    return promise;
  }

  test('brings what it said on every stream, once, and then what it goes on to say', async () => {
    const { time, remote } = open('sql02');
    const { sessions } = await passing(time, remote.list({ name: ['NightlyBackup'] }, { strict: true }));
    const held = await passing(time, remote.connect(sessions[0]!));
    const streams = new Map<string, number>();
    const count = (stream: string) => streams.set(stream, (streams.get(stream) ?? 0) + 1);
    const end = await passing(
      time,
      held.receive((event) => count(event.kind === 'record' ? event.stream : event.kind)),
    );
    expect(end).toEqual({ state: 'Completed' });
    expect(Object.fromEntries(streams)).toEqual({
      output: 296,
      verbose: 290,
      debug: 32,
      progress: 9,
      information: 2,
      warning: 1,
      error: 1,
      state: 1,
    });
  });

  test('left again and taken up again it has nothing more to say', async () => {
    const { time, remote } = open('app02');
    const { sessions } = await passing(time, remote.list({ name: ['Hotfix*'] }, { strict: true }));
    const held = await passing(time, remote.connect(sessions[0]!));
    const end = await passing(
      time,
      held.receive(() => undefined),
    );
    expect(end).toMatchObject({ state: 'Failed', error: expect.stringContaining('app.dll') as unknown });
    await passing(time, held.disconnect({}));
    const again = await passing(time, remote.list({ name: ['Hotfix*'] }, { strict: true }));
    expect(again.sessions).toMatchObject([{ state: 'Disconnected', availability: 'None' }]);
  });

  test('is refused while another holds it, and for another user', async () => {
    const { time, remote } = open('sql04');
    const { sessions } = await passing(time, remote.list({}, { strict: true }));
    expect(sessions).toMatchObject([{ name: 'Diagnostics', availability: 'Busy' }, { name: 'Session12' }]);
    await expect(passing(time, remote.connect(sessions[0]!))).rejects.toMatchObject({ name: 'WinRMError' });
    await passing(time, remote.remove(sessions[1]!, { force: true }));
    expect((await passing(time, remote.list({}, { strict: true }))).sessions).toHaveLength(1);
  });
});
