import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { PSSession } from '../../shared/session.ts';
import { openComputer } from '../winrm/index.ts';
import type { RemoteComputer } from '../winrm/index.ts';
import { openSimulatedChannel } from './channel.ts';
import { livingComputer } from './living-computer.ts';
import type { Pace, SampleSession } from './population.ts';
import { Random } from './random.ts';
import { SimulatedTime } from './simulated-time.ts';

const START = 1_763_800_000_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const JOB = { name: 'job', idle: 5, ran: 9, memoryMB: 50, running: 'Backup', output: 'backup' } as const;
const ME = 'CONTOSO\\me';
let time: SimulatedTime;
beforeEach(() => {
  time = new SimulatedTime(START);
});

/** A computer that nobody has used yet, with what goes on there. */
function living(seed: number, pace?: Pace, sessions: readonly SampleSession[] = []) {
  const random = new Random(~seed);
  const { computer, life } = livingComputer({
    ...{ computerName: 'srv1', sessions, pace, startedOn: START, seed, me: ME },
    ...{ now: time.now, delay: time.delay, newGuid: () => random.guid() },
  });
  const caller = { owner: ME, clientIP: '10.0.4.20', isAdministrator: true };
  const remote = openComputer({
    computerName: 'srv1',
    options: {},
    channel: () => openSimulatedChannel(computer, caller, { delay: time.delay, latencyMs: () => 0 }),
    now: time.now,
  });
  return { life, remote, computer };
}

async function sessionsOf(remote: RemoteComputer): Promise<Omit<PSSession, 'id'>[]> {
  const { sessions } = await remote.list({}, { strict: false });
  return sessions.map(({ id: _, ...session }) => session);
}

/** What is seen to change by who looks once a minute. */
async function watch({ life, computer }: ReturnType<typeof living>, minutes: number): Promise<Set<string>> {
  const seen = new Set<string>();
  const look = () =>
    new Map(
      computer.shells.all.map((shell) => {
        const { connected, commands, inactivityMs, settings } = shell;
        const runs = [...commands.values()].map(({ isFinished }) => (isFinished ? 'done' : 'running')).join();
        const expiresOn = connected ? Infinity : time.now() - inactivityMs + settings.idleTimeoutMs;
        return [shell, { connected, runs, expiresOn }] as const;
      }),
    );
  let before = look();
  for (let minute = 0; minute < minutes; minute++) {
    await time.pass(MINUTE_MS);
    life.catchUp();
    computer.shells.removeIdle();
    const now = look();
    for (const [shell, { connected, runs }] of now) {
      const then = before.get(shell);
      if (!then) seen.add('opened');
      else if (then.connected !== connected) seen.add(connected ? 'connected' : 'left');
      else if (then.runs !== runs) seen.add(`${then.runs || 'nothing'}, then ${runs || 'nothing'}`);
    }
    for (const [shell, then] of before)
      if (!now.has(shell)) seen.add(then.expiresOn <= time.now() ? 'expired' : 'removed');
    before = now;
  }
  return seen;
}

describe('what goes on at a simulated computer', () => {
  test('sessions are opened, left, taken up, removed, expire; commands begin and end, watched or not', async () => {
    const seen = await watch(living(3, 'busy'), 8 * 60);
    for (const change of ['opened', 'left', 'connected', 'removed', 'expired'])
      expect(seen).toContain(change);
    for (const change of ['nothing, then running', 'running, then nothing', 'running, then done'])
      expect(seen).toContain(change);
  });

  test('it comes out the same, however often it is asked', async () => {
    const often = SEEDS.map((seed) => living(seed, 'unsteady'));
    const once = SEEDS.map((seed) => living(seed, 'unsteady'));
    for (let minute = 0; minute < 5 * 60; minute += 7) {
      for (const { remote } of often) await sessionsOf(remote);
      await time.pass(7 * MINUTE_MS);
    }
    const last = await Promise.all(once.map(({ remote }) => sessionsOf(remote)));
    expect(last.flat().length).toBeGreaterThan(SEEDS.length / 2); // some have lost theirs just now
    expect(last).toEqual(await Promise.all(often.map(({ remote }) => sessionsOf(remote))));
    expect(once.map(({ life }) => life.isAway)).toEqual(often.map(({ life }) => life.isAway));
  });

  test('another seed brings other things', async () => {
    const [one, other] = [living(5, 'busy'), living(6, 'busy')];
    await time.pass(3 * HOUR_MS);
    expect(await sessionsOf(one.remote)).not.toEqual(await sessionsOf(other.remote));
  });

  test('nothing moves, and no timer waits, while nobody asks', async () => {
    const { computer, life } = living(5, 'busy');
    await time.pass(3 * HOUR_MS);
    expect(computer.shells.all).toEqual([]);
    expect(time.waiting).toBe(0);
    life.catchUp();
    expect(computer.shells.all.length).toBeGreaterThan(0);
  });

  test('what happened has its own time: a session left an hour ago idles for an hour', async () => {
    const all = SEEDS.map((seed) => living(seed, 'busy'));
    await time.pass(5 * HOUR_MS);
    const sessions = (await Promise.all(all.map(({ remote }) => sessionsOf(remote)))).flat();
    const left = sessions.filter(({ availability }) => availability === 'None');
    expect(left.length).toBeGreaterThan(0);
    for (const { shell } of left) {
      expect(shell.shellInactivityMs).toBeGreaterThan(0);
      expect(shell.shellRunTimeMs).toBeGreaterThanOrEqual(shell.shellInactivityMs!);
      expect(shell.shellInactivityMs).toBeLessThanOrEqual(shell.idleTimeoutMs!);
    }
  });

  test('after a year of sleep the last of it alone is caught up with', async () => {
    const { remote } = living(3, 'busy');
    const drawn = vi.spyOn(Random.prototype, 'next');
    await time.pass(365 * 24 * HOUR_MS);
    await sessionsOf(remote);
    const draws = drawn.mock.calls.length;
    drawn.mockRestore();
    expect(draws).toBeGreaterThan(1_000); // the last day was drawn
    expect(draws).toBeLessThan(30 * 24 * 360); // and no month of slots of ten seconds
  });

  test('without a pace nobody comes or goes, and memory alone rises and falls', async () => {
    const { life, computer } = living(3, undefined, [JOB]);
    const memories = new Set<number | undefined>();
    for (let round = 0; round < 20; round++) {
      life.catchUp();
      memories.add(computer.shells.all[0]?.settings.memoryUsedMB);
      await time.pass(5_000);
    }
    await time.pass(HOUR_MS);
    life.catchUp();
    expect(computer.shells.all).toMatchObject([{ settings: { name: 'job' }, connected: false }]);
    expect(memories.size).toBeGreaterThan(2);
  });
});

describe('a session that somebody took up', () => {
  /** The first of the own sessions that nobody is in, as soon as there is one. */
  async function take(remote: RemoteComputer) {
    for (;;) {
      const { sessions } = await remote.list({}, { strict: false });
      const free = sessions.find(
        ({ availability, shell }) =>
          availability === 'None' && shell.owner === ME && shell.idleTimeoutMs! > HOUR_MS,
      );
      if (free) return { session: free, held: await remote.connect(free) };
      await time.pass(MINUTE_MS);
    }
  }
  const find = async (remote: RemoteComputer, id: string) =>
    (await sessionsOf(remote)).find(({ instanceId }) => instanceId === id);

  test('stays as it is while it is held, for however long, and its computer does not go away', async () => {
    const { remote, life } = living(9, 'unsteady');
    const { session } = await take(remote);
    for (let minute = 0; minute < 110; minute++) {
      await time.pass(MINUTE_MS);
      expect(await find(remote, session.instanceId)).toMatchObject({
        availability: 'Busy',
        name: session.name,
      });
      expect(life.isAway).toBe(false);
    }
  });

  test('and left again, is left alone until it idles out', async () => {
    const { remote } = living(9, 'unsteady');
    const { session, held } = await take(remote);
    await held.disconnect({});
    await time.pass(HOUR_MS);
    expect(await find(remote, session.instanceId)).toMatchObject({
      availability: 'None',
      shell: { shellInactivityMs: HOUR_MS },
    });
    await time.pass(2 * HOUR_MS);
    expect(await find(remote, session.instanceId)).toBeUndefined();
  });

  test('and removed, never comes back', async () => {
    const { remote } = living(9, 'busy');
    const { session, held } = await take(remote);
    await held.remove();
    for (let hour = 0; hour < 5; hour++) {
      expect(await find(remote, session.instanceId)).toBeUndefined();
      await time.pass(HOUR_MS);
    }
  });
});

test('an unsteady computer goes away for minutes, comes back, and has lost its sessions or not', async () => {
  const { life, computer } = living(11, 'unsteady');
  const seen = new Set<string>();
  let awaySince: number | undefined;
  for (let slot = 0; slot < 12 * 360; slot++) {
    const before = computer.shells.all.length;
    life.catchUp();
    if (life.isAway && awaySince === undefined) {
      awaySince = time.now();
      if (before > 0) seen.add(computer.shells.all.length === 0 ? 'restarted' : 'cut off');
    }
    if (!life.isAway && awaySince !== undefined) {
      seen.add('came back');
      expect(time.now() - awaySince).toBeGreaterThanOrEqual(MINUTE_MS - 10_000);
      expect(time.now() - awaySince).toBeLessThanOrEqual(3 * MINUTE_MS + 10_000);
      awaySince = undefined;
    }
    await time.pass(10_000);
  }
  expect([...seen].sort()).toEqual(['came back', 'cut off', 'restarted']);
});

test('a command that ended while nobody was there is Done, and says all it said without waiting', async () => {
  const { remote, computer } = living(3, undefined, [JOB]);
  for (const command of computer.shells.all[0]!.commands.values()) command.finish();
  const { sessions } = await remote.list({}, { strict: true });
  expect(sessions).toMatchObject([{ name: 'job', commands: [{ commandLine: 'Backup', state: 'Done' }] }]);
  const held = await remote.connect(sessions[0]!);
  const records: string[] = [];
  const end = await held.receive((event) => records.push(event.kind));
  expect(end).toEqual({ state: 'Completed' });
  expect(records.length).toBeGreaterThan(600);
  expect(time.now()).toBe(START);
});
