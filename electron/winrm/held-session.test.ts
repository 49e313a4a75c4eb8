import { beforeEach, describe, expect, test } from 'vitest';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { SimulatedComputer } from '../simulator/computer.ts';
import { MessageWriter } from '../simulator/message-writer.ts';
import { populate } from '../simulator/populate.ts';
import { Random } from '../simulator/random.ts';
import { SimulatedTime } from '../simulator/simulated-time.ts';
import { concealing } from './concealing.ts';
import { WSManClient } from './client.ts';
import { WinRMError } from './error.ts';
import type { HeldSession } from './held-session.ts';
import { HOST_METHODS } from './psrp/host-call.ts';
import type { MessageType } from './psrp/message.ts';
import type { PipelineEvent } from './psrp/pipeline.ts';
import { POOL_STATES } from './psrp/runspace-pool.ts';
import { psObject } from './psrp/value.ts';
import type { PSValue } from './psrp/value.ts';
import { RemoteComputer } from './remote-computer.ts';
import type { Conceal } from './remote-computer.ts';

const ME = 'LAB\\alice';
const FREE = { name: 'free', idle: 5, ran: 60, memoryMB: 50 } as const;
const JOB = { ...FREE, name: 'job', running: 'Start-Backup', output: 'backup' } as const;
const HOUR_MS = 3_600_000;
const asItIs = <T>(said: T): T => said;

let computer: SimulatedComputer;
let time: SimulatedTime;
let actions: string[];
/** What is asked with it is never answered. */
let isDeafTo: string | undefined;
/** What becomes of it instead of an answer. */
let failsWith: Partial<Record<string, WinRMError>>;

function client(conceal?: Conceal): RemoteComputer {
  const caller = { owner: ME, clientIP: '10.0.0.5', isAdministrator: false };
  const open = () => {
    const channel = openSimulatedChannel(computer, caller, { delay: time.delay, latencyMs: () => 0 });
    const post = (soap: string, signal: AbortSignal) => {
      actions.push(/\/([A-Za-z]+)<\/a:Action>/.exec(soap)?.[1] ?? '');
      if (isDeafTo === actions.at(-1))
        return new Promise<string>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        );
      const failure = failsWith[actions.at(-1) ?? ''];
      return failure ? Promise.reject(failure) : channel.post(soap, signal);
    };
    return { ...channel, post };
  };
  const { now, delay: wait } = time;
  const wsman = new WSManClient({
    to: 'http://web01/wsman',
    channel: open(),
    openAnother: open,
    after: time.after,
  });
  return new RemoteComputer('web01', wsman, { now, wait, nextId: () => 1, conceal });
}

async function take(name: string, conceal?: Conceal): Promise<HeldSession> {
  const remote = client(conceal);
  const { sessions } = await remote.list({ name: [name] }, { strict: false });
  return remote.connect(sessions[0]!);
}

const shellOf = ({ session }: HeldSession) => computer.shells.get(session.shell.shellId)!;

/** What its pool says to whoever holds it. */
function say(held: HeldSession, messageType: MessageType, data: PSValue): void {
  new MessageWriter(computer.objectIds, held.session.instanceId).write(
    shellOf(held).output,
    messageType,
    data,
  );
}

beforeEach(() => {
  time = new SimulatedTime(Date.UTC(2026, 0, 1));
  actions = [];
  isDeafTo = undefined;
  failsWith = {};
  const random = new Random(3);
  const surroundings = { now: time.now, delay: time.delay, newGuid: () => random.guid() };
  computer = new SimulatedComputer('web01', surroundings);
  populate(computer, [FREE, JOB], surroundings, random, ME);
});

test('a session that is listened to outlives its idle time-out; one that is only held does not', async () => {
  const heard = await take('free');
  const unheard = await take('job');
  expect(heard.session.shell.idleTimeoutMs).toBe(2 * HOUR_MS);
  const ended = heard.watch(() => expect.unreachable());
  await time.pass(5 * HOUR_MS);
  await expect(unheard.disconnect()).rejects.toMatchObject({ faultCode: 2150858843 });
  await heard.disconnect();
  expect(await ended).toEqual({ state: 'Disconnected' });
  expect(actions.filter((action) => action === 'Receive').length).toBeGreaterThan(90);
});

test('leaving and removing overtake the Receive that listens', async () => {
  const held = await take('free');
  const ended = held.watch(() => undefined).catch((error: unknown) => error);
  await time.pass(1_000);
  await held.remove();
  expect(await ended).toMatchObject({ kind: 'fault', faultCode: 995 });
});

test.each(['Broken', 'Closed'] as const)('a pool that says that it is %s has ended', async (state) => {
  const held = await take('free');
  const ended = held.watch(() => undefined);
  await time.pass(1_000);
  const error = psObject({ text: 'out of memory', extended: {} });
  const extended = { RunspaceState: POOL_STATES.indexOf(state), ExceptionAsErrorRecord: error };
  say(held, 'RUNSPACEPOOL_STATE', psObject({ extended }));
  expect(await ended).toEqual({ state, error: 'out of memory' });
});

test('a call of the host from outside of any command is handed on', async () => {
  const held = await take('free');
  const events: PipelineEvent[] = [];
  const ended = held.watch((event) => events.push(event));
  const call = (method: (typeof HOST_METHODS)[number], ...items: PSValue[]) =>
    psObject({
      extended: {
        ci: -100n,
        mi: psObject({ base: HOST_METHODS.indexOf(method) }),
        mp: psObject({ base: { type: 'List', items } }),
      },
    });
  say(held, 'RUNSPACEPOOL_HOST_CALL', call('WriteLine2', 'said'));
  say(held, 'RUNSPACEPOOL_HOST_CALL', call('ReadLine'));
  await time.pass(1_000);
  expect(events).toMatchObject([
    { kind: 'record', stream: 'host', value: 'said\n' },
    { kind: 'hostCall', method: 'ReadLine', isAnswered: true },
  ]);
  await held.disconnect();
  await ended;
});

test('a command that ends without a last word has failed, is closed, and leaves the session held', async () => {
  const held = await take('job');
  const outcome = held.receive(() => undefined);
  await time.pass(1);
  for (const { plugin } of shellOf(held).commands.values()) plugin.close();
  await time.pass(1_000);
  expect(await outcome).toMatchObject({
    state: 'Failed',
    error: expect.stringContaining('without saying') as string,
  });
  expect(actions.at(-1)).toBe('Signal');
  expect(shellOf(held).connected).toBe(true);
});

test('how a command ended is told though the computer does not close it', async () => {
  const held = await take('job');
  isDeafTo = 'Signal';
  const outcome = held.receive(() => undefined);
  await time.pass(1);
  for (const { plugin } of shellOf(held).commands.values()) plugin.close();
  await time.pass(3_000);
  expect(await outcome).toMatchObject({ state: 'Failed' });
  expect(actions.at(-1)).toBe('Signal');
});

test('what closes a command in vain does not hold up leaving', async () => {
  const held = await take('job');
  isDeafTo = 'Signal';
  const received = held.receive(() => undefined);
  for (let i = 0; i < 100; i++) await time.pass(1_000);
  expect(await received).toMatchObject({ state: 'Completed' });
  await held.disconnect({}, AbortSignal.timeout(5_000));
  expect(actions.at(-1)).toBe('Disconnect');
});

test.each([2150859230, 2150859204])('a Receive that is answered %i was left from here', async (code) => {
  const held = await take('free');
  computer.misbehaviours.plan({ action: 'Receive', times: 1, wrong: { kind: 'fault', code } });
  expect(await held.watch(() => undefined)).toEqual({ state: 'Disconnected' });
});

test('a session that is disconnected while its command is read goes on', async () => {
  const held = await take('job');
  const outcome = held.receive(() => undefined);
  await time.pass(1);
  await held.disconnect();
  expect(await outcome).toEqual({ state: 'Disconnected' });
  expect(actions).not.toContain('Signal');
});

test('nothing more is received until the reader has taken what there is', async () => {
  const held = await take('job');
  const received = () => actions.filter((action) => action === 'Receive').length;
  const before = received();
  let takeAll: () => void = () => undefined;
  const isTaken = new Promise<void>((resolve) => (takeAll = resolve));
  const outcome = held.receive(() => isTaken);
  await time.pass(HOUR_MS);
  expect(received()).toBe(before + 1);
  takeAll();
  let ended: unknown;
  void outcome.then((value) => (ended = value));
  for (let i = 0; i < 5_000 && ended === undefined; i++) await time.pass(1_000);
  expect(ended).toEqual({ state: 'Completed' });
  expect(received()).toBeGreaterThan(before + 1);
});

test('a reader that takes nothing any more does not keep from stopping', async () => {
  const held = await take('job');
  const stop = new AbortController();
  const outcome = held.receive(() => new Promise(() => undefined), stop.signal);
  await time.pass(1_000);
  stop.abort(new Error('stopped'));
  await expect(outcome).rejects.toThrow('stopped');
});

describe('where the network fails for good', () => {
  const broken = new WinRMError('unreachable', 'It broke off.', { network: 'after' });
  const refused = new WinRMError('unreachable', 'Nobody listens.', { network: 'before' });
  const none = new WinRMError('protocol', 'HTTP 500');
  const fault = new WinRMError('fault', 'No.', { isFault: true });

  /** How a command is read whose computer is heard once, and then no more. */
  async function readUntil(fails: (stop: AbortController) => void) {
    const held = await take('job');
    const events: PipelineEvent[] = [];
    const stop = new AbortController();
    const ended = held
      .receive((event) => {
        if (events.push(event) === 1) fails(stop);
      }, stop.signal)
      .catch((error: unknown) => error);
    let isOver = false;
    void ended.then(() => (isOver = true));
    for (let i = 0; i < 5_000 && !isOver; i++) await time.pass(1_000);
    return {
      error: await ended,
      said: events.filter(({ kind }) => kind !== 'record').map(({ kind }) => kind),
    };
  }

  test.each([
    ['with an answer that may have been on its way, that is told last', broken, ['interrupted', 'unheard']],
    ['and nothing was carried out, nothing is told to be lost', refused, ['interrupted']],
    ['with an answer that is none of WS-Man’s, that is told, too', none, ['unheard']],
    ['with a fault nothing is told to be lost', fault, []],
  ])('%s', async (_, error, told) => {
    expect(await readUntil(() => (failsWith = { Receive: error }))).toEqual({ error, said: told });
  });

  test('by silence, that is told, too', async () => {
    const { error, said } = await readUntil(() => (isDeafTo = 'Receive'));
    expect([error, said.at(-1)]).toMatchObject([{ kind: 'timeout' }, 'unheard']);
  });

  test('and it is stopped meanwhile, whoever stops it is not told', async () => {
    const { said } = await readUntil((stop) => {
      failsWith = { Receive: broken };
      time.after(5_000, () => stop.abort(new Error('stopped')));
    });
    expect(said).toEqual(['interrupted']);
  });

  test('while no command is read, no output is lost', async () => {
    const held = await take('free');
    const events: PipelineEvent[] = [];
    failsWith = { Receive: broken };
    const ended = held.watch((event) => events.push(event)).catch((error: unknown) => error);
    for (let i = 0; i < 100; i++) await time.pass(1_000);
    expect([await ended, events.filter(({ kind }) => kind === 'unheard')]).toEqual([broken, []]);
  });
});

test('what it fails with while it is received or watched quotes no password that was said back', async () => {
  const error = concealing({ username: 'alice', password: 'Passw0rd!x9' });
  const quoting = new WinRMError('protocol', 'The computer sent an element <Passw0rd!x9>.');
  for (const read of ['receive', 'watch'] as const) {
    const held = await take('job', { said: asItIs, listed: asItIs, error });
    failsWith = { Receive: quoting };
    await expect(held[read](() => undefined)).rejects.toThrow('The computer sent an element <(hidden)>.');
    failsWith = {};
    await held.disconnect();
  }
});

test('why a command failed quotes no password that was said back; what it wrote is the reader’s own', async () => {
  const error = concealing({ username: 'alice', password: 'Passw0rd!x9' });
  const held = await take('job', { said: asItIs, listed: asItIs, error });
  const events: PipelineEvent[] = [];
  const received = held.receive((event) => void events.push(event));
  await time.pass(1_000);
  const [running] = shellOf(held).commands.values();
  const { commandId, output } = running!;
  const says = new MessageWriter(computer.objectIds, held.session.instanceId);
  says.write(output, 'PIPELINE_OUTPUT', 'Passw0rd!x9', commandId);
  const record = psObject({ text: 'It said Passw0rd!x9.', extended: {} });
  const extended = { PipelineState: 5, ExceptionAsErrorRecord: record };
  says.write(output, 'PIPELINE_STATE', psObject({ extended }), commandId);
  await time.pass(10_000);
  expect(await received).toEqual({ state: 'Failed', error: 'It said (hidden).' });
  expect(events).toContainEqual(expect.objectContaining({ value: 'Passw0rd!x9' }));
});
