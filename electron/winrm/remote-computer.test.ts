import { beforeEach, describe, expect, test } from 'vitest';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { SimulatedComputer } from '../simulator/computer.ts';
import { JOB } from '../simulator/job-fixture.ts';
import { populate } from '../simulator/populate.ts';
import { Random } from '../simulator/random.ts';
import { SimulatedTime } from '../simulator/simulated-time.ts';
import type { PSSession } from '../../shared/session.ts';
import { WSManClient } from './client.ts';
import type { Post } from './client.ts';
import { WinRMError } from './error.ts';
import { RemoteComputer } from './remote-computer.ts';

const ME = 'LAB\\alice';
const TWO = { ...JOB, name: 'two', hidden: 'twoCommands' } as const;

let computer: SimulatedComputer;
let time: SimulatedTime;
let actions: string[];
let notLeft: string[];

/** A new client of the computer, with what it sends written down. */
function client(): RemoteComputer {
  const caller = { owner: ME, clientIP: '10.0.0.5', isAdministrator: false };
  const channel = openSimulatedChannel(computer, caller, { delay: time.delay, latencyMs: () => 0 });
  const noting = {
    ...channel,
    post: (soap: string, signal: AbortSignal) => {
      actions.push(/\/([A-Za-z]+)<\/a:Action>/.exec(soap)?.[1] ?? '');
      return channel.post(soap, signal);
    },
  };
  let id = 0;
  const options = { to: 'http://web01:5985/wsman', channel: noting, after: time.after };
  return new RemoteComputer('web01', new WSManClient(options), {
    now: time.now,
    nextId: () => ++id,
    wait: (ms, signal) => time.delay(ms, signal).catch(() => undefined),
    onNotLeft: ({ name }, mayBeGone) => notLeft.push(mayBeGone ? `${name}?` : name),
  });
}

async function found(name: string) {
  const { sessions } = await client().list({ name: [name] }, { strict: false });
  const [session] = sessions;
  if (!session) throw new Error(`no session ${name}`);
  return session;
}
const availability = async (name: string) => (await found(name)).availability;

beforeEach(() => {
  time = new SimulatedTime(Date.UTC(2026, 0, 1));
  actions = [];
  notLeft = [];
  const random = new Random(3);
  const surroundings = { now: time.now, delay: time.delay, newGuid: () => random.guid() };
  computer = new SimulatedComputer('web01', surroundings);
  populate(computer, [JOB, TWO], surroundings, random, ME);
});

test('a refused Connect took nothing, so nothing is left', async () => {
  computer.misbehaviours.plan({ action: 'Connect', times: 1, wrong: { kind: 'fault', code: 5 } });
  await expect(client().connect(await found('job'))).rejects.toMatchObject({ kind: 'denied' });
  expect(actions).not.toContain('Disconnect');
  expect(await availability('job')).toBe('None');
});

test('a Connect whose answer was lost may have taken the session, so it is left', async () => {
  computer.misbehaviours.plan({ action: 'Connect', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
  await expect(client().connect(await found('job'))).rejects.toMatchObject({ kind: 'unreachable' });
  expect(await availability('job')).toBe('None');
});

test('a Connect that nobody wants any more is answered first, so that leaving it does not overtake it', async () => {
  const session = await found('job');
  computer.misbehaviours.plan({ action: 'Connect', times: 1, wrong: { kind: 'slow', ms: 1_500 } });
  const stop = new AbortController();
  const connecting = client().connect(session, stop.signal);
  const refused = expect(connecting).rejects.toThrow('stopped');
  await time.pass(500);
  stop.abort(new Error('stopped'));
  await time.pass(1_000);
  await refused;
  expect(actions.slice(-2)).toEqual(['Connect', 'Disconnect']);
  expect(await availability('job')).toBe('None');
  expect(notLeft).toEqual([]);
});

test('what may be held and cannot be left is told', async () => {
  const session = await found('job');
  computer.misbehaviours.plan({ action: 'Connect', times: 1, wrong: { kind: 'slow', ms: 60_000 } });
  computer.misbehaviours.plan({ action: 'Disconnect', times: 1, wrong: { kind: 'fault', code: 2150859215 } });
  const stop = new AbortController();
  const refused = expect(client().connect(session, stop.signal)).rejects.toThrow('stopped');
  await time.pass(500);
  stop.abort(new Error('stopped'));
  await time.pass(4_000);
  await refused;
  expect(notLeft).toEqual(['job']);
});

test('a Connect that could not be sent took nothing, so nothing is left', async () => {
  const session = await found('job');
  const error = new WinRMError('unreachable', 'Nobody listens.', { network: 'before' });
  const channel = { post: () => Promise.reject(error), close: () => undefined };
  const wsman = new WSManClient({ to: 'http://web01/wsman', channel });
  const told: string[] = [];
  const deps = { now: time.now, nextId: () => 1, onNotLeft: ({ name }: PSSession) => void told.push(name) };
  await expect(new RemoteComputer('web01', wsman, deps).connect(session)).rejects.toBe(error);
  expect(told).toEqual([]);
});

test('a Connect that was stopped before it was handed over is not sent, and nothing is left', async () => {
  const session = await found('job');
  const sent: string[] = [];
  const post: Post = async (soap, signal, limit) => {
    limit?.pause(); // name, TCP, TLS, sign-in
    await time.delay(1_000, signal);
    signal.throwIfAborted();
    limit?.resume();
    sent.push(soap);
    return '';
  };
  const channel = { post, close: () => undefined };
  const wsman = new WSManClient({ to: 'http://web01/wsman', channel, after: time.after });
  const stop = new AbortController();
  const connecting = new RemoteComputer('web01', wsman, { now: time.now, nextId: () => 1 });
  const refused = expect(connecting.connect(session, stop.signal)).rejects.toThrow('stopped');
  await time.pass(100);
  stop.abort(new Error('stopped'));
  await refused;
  await time.pass(5_000);
  expect(sent).toEqual([]);
});

test('one that is gone is not told as one that may be held', async () => {
  const session = await found('job');
  computer.misbehaviours.plan({ action: 'Connect', times: 1, wrong: { kind: 'dropped', carriedOut: false } });
  computer.misbehaviours.plan({ action: 'Disconnect', times: 1, wrong: { kind: 'fault', code: 2150858843 } });
  await expect(client().connect(session)).rejects.toMatchObject({ kind: 'unreachable' });
  expect(notLeft).toEqual([]);
});

test('a session whose commands may not be read is held all the same, and says so', async () => {
  const session = await found('job');
  computer.misbehaviours.plan({ action: 'Enumerate', times: 1, wrong: { kind: 'fault', code: 5 } });
  const held = await client().connect(session);
  expect(held.session).toMatchObject({
    state: 'Opened',
    availability: 'Available',
    unlisted: 'commandsUnreadable',
  });
  expect(await held.receive(() => undefined)).toBeUndefined();
  await held.disconnect();
  expect(await availability('job')).toBe('None');
});

test('a Delete that is refused after the connect leaves the session free', async () => {
  computer.misbehaviours.plan({ action: 'Delete', times: 1, wrong: { kind: 'fault', code: 5 } });
  await expect(client().remove(await found('job'), { force: false })).rejects.toMatchObject({
    kind: 'denied',
  });
  expect(actions.slice(-1)).toEqual(['Disconnect']);
  expect(await availability('job')).toBe('None');
});

test('a session in use is spared unless it is forced; one’s own is ended as its client', async () => {
  const mine = client();
  const held = await mine.connect(await found('job'));
  await expect(client().remove(await found('job'), { force: false })).rejects.toMatchObject({
    kind: 'denied',
  });
  await held.remove();
  await expect(found('job')).rejects.toThrow('no session job');
});

test('several commands cannot be received as one, and the session says that it has them', async () => {
  const held = await client().connect(await found('two'));
  expect(held.session.unlisted).toBe('severalCommands');
  await expect(held.receive(() => undefined)).rejects.toMatchObject({ kind: 'invalid' });
});

test('received once and whole, then the command is closed', async () => {
  const held = await client().connect(await found('job'));
  const streams: string[] = [];
  const done = held.receive((event) => streams.push(event.kind === 'record' ? event.stream : event.kind));
  let outcome: unknown;
  void done.then((value) => (outcome = value));
  for (let i = 0; i < 5_000 && outcome === undefined; i++) await time.pass(1_000);
  expect(outcome).toEqual({ state: 'Completed' });
  expect(streams).toContain('output');
  expect(streams.at(-1)).toBe('state');
  expect(actions.slice(-1)).toEqual(['Signal']);
});

describe('a Delete that had no answer in time', () => {
  const removing = async (force: boolean) => {
    const session = await found('job');
    computer.misbehaviours.plan({ action: 'Delete', times: 1, wrong: { kind: 'slow', ms: 600_000 } });
    computer.misbehaviours.plan({
      action: 'Disconnect',
      times: 1,
      wrong: { kind: 'fault', code: 2150859215 },
    });
    const given = client()
      .remove(session, { force })
      .catch((error: unknown) => error);
    for (let i = 0; i < 100; i++) await time.pass(1_000);
    return given;
  };
  const perhaps = {
    kind: 'timeout',
    info: { remedy: { text: expect.stringContaining('it may have been removed by now') as string } },
  };

  test('may have been carried out, and where the session could not be left that is told of it', async () => {
    expect(await removing(false)).toMatchObject(perhaps);
    expect(notLeft).toEqual(['job?']);
  });

  test('is told so, too, where it was forced', async () => {
    expect(await removing(true)).toMatchObject(perhaps);
    expect(notLeft).toEqual([]);
  });

  test('is told so of one that is held', async () => {
    const held = await client().connect(await found('job'));
    computer.misbehaviours.plan({ action: 'Delete', times: 1, wrong: { kind: 'slow', ms: 600_000 } });
    const given = held.remove().catch((error: unknown) => error);
    for (let i = 0; i < 100; i++) await time.pass(1_000);
    expect(await given).toMatchObject(perhaps);
  });
});

test('a session whose Delete was refused is not told to be gone', async () => {
  computer.misbehaviours.plan({ action: 'Delete', times: 1, wrong: { kind: 'fault', code: 5 } });
  computer.misbehaviours.plan({ action: 'Disconnect', times: 1, wrong: { kind: 'fault', code: 2150859215 } });
  await expect(client().remove(await found('job'), { force: false })).rejects.toMatchObject({
    kind: 'denied',
  });
  expect(notLeft).toEqual(['job']);
});
