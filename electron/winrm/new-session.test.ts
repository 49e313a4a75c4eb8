import { beforeEach, describe, expect, test } from 'vitest';
import { openSimulatedChannel } from '../simulator/channel.ts';
import { SimulatedComputer } from '../simulator/computer.ts';
import type { Misbehaviour } from '../simulator/misbehaviour.ts';
import type { PowerShellPlugin } from '../simulator/powershell-plugin.ts';
import { Random } from '../simulator/random.ts';
import { SimulatedTime } from '../simulator/simulated-time.ts';
import { WSManClient } from './client.ts';
import { WinRMError } from './error.ts';
import { primitiveDictionary } from './psrp/primitive-dictionary.ts';
import { RemoteComputer } from './remote-computer.ts';
import type { RemoteComputerDeps } from './remote-computer.ts';

const ID = 'b6631d8e-65a0-49f2-9053-a1b156c95777';
const NEW = { name: 'made', instanceId: ID } as const;
const CALLER = { owner: 'LAB\\alice', clientIP: '10.0.0.5', isAdministrator: false };

let computer: SimulatedComputer;
let time: SimulatedTime;
let asked: string[];
let perhaps: string[];
/** Is called with each request before it is handed over. */
let onTheWay: (action: string) => void;

function client(deps: Partial<RemoteComputerDeps> = {}, maxConnectionRetryCount = 1): RemoteComputer {
  const open = () => {
    const channel = openSimulatedChannel(computer, CALLER, { delay: time.delay, latencyMs: () => 0 });
    const post = (soap: string, signal: AbortSignal) => {
      asked.push(soap);
      onTheWay(actionOf(soap));
      return channel.post(soap, signal).catch(asOfNetwork);
    };
    return { ...channel, post };
  };
  const wsman = new WSManClient({
    to: 'http://web01/wsman',
    channel: open(),
    openSecond: open,
    after: time.after,
    maxConnectionRetryCount,
  });
  return new RemoteComputer('web01', wsman, {
    now: time.now,
    nextId: () => 7,
    onPerhapsMade: ({ name }) => perhaps.push(name),
    ...deps,
  });
}

/** The simulated computer breaks connections off without a network to say so. */
function asOfNetwork(error: unknown): never {
  if (!(error instanceof WinRMError) || error.kind !== 'unreachable') throw error;
  throw new WinRMError(error.kind, error.message, { ...error.info, network: 'after' });
}

const actionOf = (soap: string) => /\/([A-Za-z]+)<\/a:Action>/.exec(soap)?.[1] ?? '';
/** But for the question by which it signs in. */
const actions = () => asked.map(actionOf).filter((action) => action !== '');
const wrong = (misbehaviour: Misbehaviour) => computer.misbehaviours.plan(misbehaviour);

/** The clock runs until it is settled. */
async function settled<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  void work.catch(() => undefined).finally(() => (isDone = true));
  for (let turn = 0; turn < 2_000 && !isDone; turn += 1) await time.pass(500);
  return work;
}

beforeEach(() => {
  time = new SimulatedTime(Date.UTC(2026, 0, 1));
  [asked, perhaps, onTheWay] = [[], [], () => undefined];
  const random = new Random(3);
  computer = new SimulatedComputer('web01', {
    now: time.now,
    delay: time.delay,
    newGuid: () => random.guid(),
  });
});

describe('a session that is made', () => {
  test('is Opened and Available to its client, and in use to all others', async () => {
    const made = await client().create(NEW);
    expect(made.session).toMatchObject({
      id: 7,
      name: 'made',
      instanceId: ID,
      state: 'Opened',
      availability: 'Available',
      configurationName: 'Microsoft.PowerShell',
      shell: { owner: CALLER.owner, state: 'Connected', profileLoaded: 'Yes' },
    });
    const { sessions } = await client().list({}, { strict: true });
    expect(sessions).toMatchObject([{ name: 'made', state: 'Disconnected', availability: 'Busy' }]);
  });

  test('is asked for as Windows’ client asks', async () => {
    const options = { noMachineProfile: true, openTimeoutMs: 33_000 };
    const leave = { idleTimeoutMs: 120_000, bufferMode: 'Drop' } as const;
    await client({ make: options, leave }).create({ ...NEW, configurationName: 'PowerShell.7' });
    const [, create = ''] = asked;
    expect(create).toContain('>http://schemas.microsoft.com/powershell/PowerShell.7</w:ResourceURI>');
    expect(create).toContain('<w:OperationTimeout>PT33.000S</w:OperationTimeout>');
    expect(create).toContain(
      '<w:OptionSet s:mustUnderstand="true"><w:Option Name="protocolversion" MustComply="true">2.3</w:Option><w:Option Name="WINRS_NOPROFILE">1</w:Option></w:OptionSet>',
    );
    expect(create).toMatch(
      /<s:Body><rsp:Shell Name="made" ShellId="B6631D8E-65A0-49F2-9053-A1B156C95777"><rsp:IdleTimeOut>PT120\.000S<\/rsp:IdleTimeOut><rsp:InputStreams>stdin pr<\/rsp:InputStreams><rsp:OutputStreams>stdout<\/rsp:OutputStreams><rsp:BufferMode>Drop<\/rsp:BufferMode><creationXml /,
    );
    const { settings } = computer.shells.get(ID.toUpperCase())!;
    expect(settings).toMatchObject({ profileLoaded: false, idleTimeoutMs: 120_000, bufferMode: 'Drop' });
  });

  test('keeps long arguments, which a Create has no room for', async () => {
    const text = 'x'.repeat(100_000);
    await client().create({ ...NEW, applicationArguments: primitiveDictionary([['text', text]]) });
    expect(actions().slice(0, 5)).toEqual(['Create', 'Send', 'Send', 'Send', 'Receive']);
    const { plugin } = computer.shells.get(ID.toUpperCase())!;
    const { applicationArguments } = plugin as PowerShellPlugin; // every shell of a configuration has one
    expect(JSON.stringify(applicationArguments)).toContain(text);
  });

  test('opens though an answer is lost on the way, where the computer gives it again', async () => {
    wrong({ action: 'Receive', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    expect((await settled(client().create(NEW))).session).toMatchObject({ state: 'Opened' });
    expect(actions()).not.toContain('Delete');
  });

  test('can be left and ended by its client', async () => {
    const made = await client().create(NEW);
    await made.disconnect();
    expect((await client().list({}, { strict: true })).sessions).toMatchObject([{ availability: 'None' }]);
    await made.remove();
    expect(computer.shells.all).toEqual([]);
  });
});

describe('the account is judged by a question that makes nothing', () => {
  test('comes first', async () => {
    await client().create(NEW);
    expect(asked.map((soap) => soap.includes('<wsmid:Identify/>')).slice(0, 2)).toEqual([true, false]);
  });

  test('and ends there where it is refused', async () => {
    wrong({ action: 'Identify', times: 1, wrong: { kind: 'fault', code: 5 } });
    await expect(client().create(NEW)).rejects.toMatchObject({ kind: 'denied' });
    expect(actions()).toEqual([]);
  });

  test('or where its answer is lost: nothing is sent after it', async () => {
    wrong({ action: 'Identify', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    await expect(client().create(NEW)).rejects.toMatchObject({ kind: 'unreachable' });
    expect([actions(), perhaps]).toEqual([[], []]);
  });

  test('but a computer that has no answer to it may have one to a Create', async () => {
    wrong({ action: 'Identify', times: 1, wrong: { kind: 'fault', code: 2150858771 } });
    expect((await client().create(NEW)).session.name).toBe('made');
  });
});

describe('of a session that fails nothing is left:', () => {
  /** Nothing is there any more, and nobody need wonder. */
  const expectNothing = () => expect([computer.shells.all, perhaps]).toEqual([[], []]);

  test('the computer refuses it, and it is not asked to delete what is not there', async () => {
    const refused = client().create({ ...NEW, configurationName: 'Nothing' });
    await expect(refused).rejects.toMatchObject({
      faultCode: 2150858811,
      message:
        'The WS-Management service cannot process the request. Cannot find the Nothing session configuration in the WSMan: drive on the web01 computer.',
    });
    expect(actions()).toEqual(['Create']);
  });

  test('the answer is lost, and the computer then has something against a second one', async () => {
    wrong({ action: 'Create', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    await expect(settled(client().create(NEW))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(actions()).toEqual(['Create', 'Create', 'Delete']);
    expectNothing();
  });

  test('the answer is lost, and nobody is there for the second try, but is for the Delete', async () => {
    wrong({ action: 'Create', times: 1, wrong: { kind: 'dropped', carriedOut: true } });
    wrong({ action: 'Create', times: 1, wrong: { kind: 'fault', code: 2150859026 } });
    await expect(settled(client().create(NEW))).rejects.toThrow();
    expect(actions().at(-1)).toBe('Delete');
    expectNothing();
  });

  test.each<Misbehaviour>([
    { action: 'Create', times: 1, wrong: { kind: 'garbage', text: 'no XML' } },
    { action: 'Create', times: 1, wrong: { kind: 'wrongRelatesTo' } },
    { action: 'Create', times: 1, wrong: { kind: 'truncated' } },
    { action: 'Receive', times: 1, wrong: { kind: 'fault', code: 2152992672 } },
    { action: 'Receive', times: 1, wrong: { kind: 'garbage', text: 'no XML' } },
  ])('%o', async (misbehaviour) => {
    wrong(misbehaviour);
    await expect(settled(client().create(NEW))).rejects.toThrow();
    expect(actions().at(-1)).toBe('Delete');
    expectNothing();
  });

  test('the pool is not open within OpenTimeout', async () => {
    wrong({ action: 'Receive', wrong: { kind: 'fault', code: 2150858793 } });
    onTheWay = (action) => void (action === 'Receive' && time.pass(300));
    await expect(settled(client({ make: { openTimeoutMs: 1_000 } }).create(NEW))).rejects.toMatchObject({
      kind: 'timeout',
    });
    expectNothing();
  });

  test.each(['Create', 'Receive'])('it is stopped while its %s is out', async (action) => {
    const stop = new AbortController();
    onTheWay = (one) => void (one === action && queueMicrotask(() => stop.abort(new Error('stopped'))));
    await expect(settled(client().create(NEW, stop.signal))).rejects.toThrow('stopped');
    expect(actions().at(-1)).toBe('Delete');
    expectNothing();
  });

  test('it is stopped before anything is sent', async () => {
    await expect(client().create(NEW, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    expect(actions()).toEqual([]);
  });

  test('the computer chose another id, as WinRM 2.0 does', async () => {
    wrong({ action: 'Create', times: 1, wrong: { kind: 'wrongId' } });
    await expect(settled(client().create(NEW))).rejects.toMatchObject({ kind: 'protocol' });
    expectNothing();
  });
});

describe('where nobody knows whether it is there, that is said:', () => {
  test('the answer to the Delete is lost, too', async () => {
    wrong({ action: 'Create', wrong: { kind: 'dropped', carriedOut: true } });
    wrong({ action: 'Delete', wrong: { kind: 'dropped', carriedOut: false } });
    await expect(settled(client({}, 0).create(NEW))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(perhaps).toEqual(['made']);
  });

  test('the Create was cut off and may be on its way still', async () => {
    wrong({ action: 'Create', wrong: { kind: 'dropped', carriedOut: false } });
    await expect(settled(client({}, 0).create(NEW))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(actions()).toEqual(['Create', 'Delete']);
    expect(perhaps).toEqual(['made']);
  });
});
