import { describe, expect, test } from 'vitest';
import { resolveComputer } from '../../shared/inheritance.ts';
import { WSManClient } from '../winrm/client.ts';
import { openComputer } from '../winrm/index.ts';
import { toErrorInfo } from '../winrm/error.ts';
import type { WinRMError } from '../winrm/error.ts';
import { listCommands, listShells } from '../winrm/wsman/shell.ts';
import { SampleFleet } from './fleet.ts';
import type { SampleClient, SampleFleetComputer } from './fleet.ts';
import { SAMPLE_USER } from './population.ts';
import { sampleContent } from './sample-content.ts';
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
  const content = sampleContent(sampleFleet());
  const asked = new Map(
    content.computers.map((one) => [one.computerName, resolveComputer(content, one, () => undefined)]),
  );
  for (const computer of sampleFleet()) {
    const { options = {}, username } = asked.get(computer.computerName) ?? {};
    const client = new WSManClient({
      to: 'http://x/wsman',
      channel: computer.channel({ options, username }),
    });
    await client
      .run(listShells())
      .catch((error: unknown) => kinds.set(computer.computerName, (error as { kind: string }).kind));
  }
  expect(Object.fromEntries(kinds)).toEqual({
    web07: 'unauthenticated',
    app06: 'fault',
    app07: 'unreachable',
    app08: 'denied',
    bld03: 'unreachable',
    'br-ham-01': 'unreachable',
    'br-muc-01': 'unauthenticated',
    'br-muc-02': 'unauthenticated',
    'br-zrh-01': 'untrusted',
    'br-ams-01': 'timeout',
    'br-par-01': 'unauthenticated',
    'br-par-02': 'unreachable',
  });
});

test('pinned, or asked as somebody else, the computer shows its sessions', async () => {
  const shells = (name: string, client: SampleClient) =>
    new WSManClient({ to: 'http://x/wsman', channel: find(name).channel(client) }).run(listShells());
  const find = (name: string) => sampleFleet().find(({ computerName }) => computerName === name)!;
  const options = { useSSL: true };
  const refusal = await shells('br-zrh-01', { options }).catch(toErrorInfo);
  const pinnedCertificate = 'certificate' in refusal ? refusal.certificate!.sha256 : '';
  expect(await shells('br-zrh-01', { options: { ...options, pinnedCertificate } })).not.toEqual([]);
  expect(await shells('br-muc-01', { username: SAMPLE_USER })).not.toEqual([]);
});

test('a name that is not in the fleet is one that nobody knows', async () => {
  const time = new SimulatedTime(0);
  const fleet = new SampleFleet({ now: time.now, delay: (_ms, signal) => time.delay(0, signal) });
  expect(fleet.find('SQL02').computerName).toBe('sql02');
  await expect(clientOf(fleet.find('nobody')).run(listShells())).rejects.toMatchObject({
    message: 'No address is known for the name nobody.',
  });
});

test('within an hour sessions come and go on many computers, and of the named sessions those that expire go', async () => {
  const time = new SimulatedTime(1_763_800_000_000);
  const fleet = new SampleFleet({ now: time.now, delay: (_ms, signal) => time.delay(0, signal) });
  const list = async () => {
    const all = fleet.computers.map(async (one) => {
      const shells = await clientOf(one)
        .run(listShells())
        .catch(() => []);
      return shells.map(({ shell }) => `${one.computerName} ${shell.name} ${shell.state} ${shell.shellId}`);
    });
    return (await Promise.all(all)).flat();
  };
  const before = await list();
  await time.pass(60_000);
  const soon = await list();
  await time.pass(50 * 60_000);
  const later = new Set(await list());
  const moved = (all: Iterable<string>) => [...all].filter((one) => !before.includes(one)).length;
  expect(moved(soon)).toBeGreaterThan(0);
  expect(moved(later)).toBeGreaterThan(20);
  const gone = before.filter((one) => !later.has(one)).map((one) => one.replace(/ \S+$/, ''));
  expect(gone.filter((one) => /^(web0[124568]|sql0[2346]|app0[2345]|bld04)/.test(one)).sort()).toEqual([
    // Expired.
    'sql04 Session12 Disconnected',
    'web05 Session7 Disconnected',
    'web08 Session9 Disconnected',
  ]);
});

test('a computer that went away is not reached, and is again later', async () => {
  const time = new SimulatedTime(1_763_800_000_000);
  const fleet = new SampleFleet({ now: time.now, delay: (_ms, signal) => time.delay(0, signal) });
  const client = clientOf(fleet.find('br-vie-01'));
  const seen: string[] = [];
  for (let minute = 0; minute < 4 * 60; minute++) {
    const now = await client.run(listShells()).then(
      () => 'there',
      ({ kind, message }: WinRMError) => `${kind}: ${message}`,
    );
    if (seen.at(-1) !== now) seen.push(now);
    await time.pass(60_000);
  }
  const away = 'unreachable: br-vie-01 did not take the connection on port 5985 within 5 s.';
  expect(seen.slice(0, 3)).toEqual(['there', away, 'there']);
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
