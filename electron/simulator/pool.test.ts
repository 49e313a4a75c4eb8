import { beforeEach, describe, expect, test } from 'vitest';
import { WSManClient } from '../winrm/client.ts';
import { fragment } from '../winrm/psrp/fragment.ts';
import { encodeMessage } from '../winrm/psrp/message.ts';
import type { MessageType } from '../winrm/psrp/message.ts';
import { PipelineReader } from '../winrm/psrp/pipeline.ts';
import type { PipelineEvent } from '../winrm/psrp/pipeline.ts';
import { connectXml, PoolReader, sessionCapability } from '../winrm/psrp/runspace-pool.ts';
import { psObject } from '../winrm/psrp/value.ts';
import type { PSValue } from '../winrm/psrp/value.ts';
import {
  connectCommand,
  connectShell,
  createShell,
  disconnectShell,
  receive,
  reconnect,
  send,
  signal,
  startCommand,
} from '../winrm/wsman/pool.ts';
import { listCommands } from '../winrm/wsman/shell.ts';
import { openSimulatedChannel } from './channel.ts';
import { SimulatedComputer } from './computer.ts';
import { Random } from './random.ts';
import { SimulatedTime } from './simulated-time.ts';

const ID = 'B6631D8E-65A0-49F2-9053-A1B156C95777';
const COMMAND = '79590BBD-46E2-486A-85B0-70EA7049235E';
const SHELL = { shellId: ID, resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell' };
const CALLER = { owner: 'LAB\\alice', clientIP: '10.0.0.5', isAdministrator: false };

let time: SimulatedTime;
let computer: SimulatedComputer;

beforeEach(() => {
  time = new SimulatedTime(1_700_000_000_000);
  const random = new Random(7);
  computer = new SimulatedComputer('web01', {
    now: time.now,
    delay: time.delay,
    newGuid: () => random.guid(),
  });
});

/** @param like the client that it continues */
const client = (like?: WSManClient) => {
  const open = () => openSimulatedChannel(computer, CALLER, { delay: time.delay, latencyMs: () => 0 });
  const continued = like ? { sessionId: like.sessionId } : {};
  return new WSManClient({ to: 'http://web01:5985/wsman', channel: open(), openAnother: open, ...continued });
};
const fault = (faultCode: number) =>
  expect.objectContaining({ info: expect.objectContaining({ faultCode }) as unknown });

let objectId = 0n;
const bytes = (messageType: MessageType, data: PSValue | undefined, pipelineId?: string) =>
  Buffer.concat(
    fragment(
      ++objectId,
      encodeMessage({ destination: 'server', messageType, poolId: ID, pipelineId, data }),
      Infinity,
    ),
  );
const creationXml = ({ protocolVersion = '2.3', min = 1, max = 1, hasHost = false } = {}) =>
  Buffer.concat([
    bytes('SESSION_CAPABILITY', sessionCapability(protocolVersion)),
    bytes(
      'INIT_RUNSPACEPOOL',
      psObject({
        extended: {
          MinRunspaces: min,
          MaxRunspaces: max,
          HostInfo: psObject({ extended: { _isHostNull: !hasHost } }),
        },
      }),
    ),
  ]);
const pipeline = (script: string, { noInput = true, hasHost = false } = {}, commandId = COMMAND) => {
  const cmd = psObject({ extended: { Cmd: script, IsScript: true } });
  const PowerShell = psObject({ extended: { Cmds: psObject({ base: { type: 'List', items: [cmd] } }) } });
  const HostInfo = psObject({ extended: { _isHostNull: !hasHost, _useRunspaceHost: false } });
  return bytes(
    'CREATE_PIPELINE',
    psObject({ extended: { NoInput: noInput, PowerShell, HostInfo } }),
    commandId,
  );
};
const open = (by: WSManClient) => by.run(createShell({ ...SHELL, creationXml: creationXml() }));
const start = (by: WSManClient, script: string, options = {}) =>
  by.run(startCommand(SHELL, COMMAND, pipeline(script, options)));

/** Receives until the command is done, or the computer waits for time to pass. */
async function drain(by: WSManClient, commandId = COMMAND): Promise<PipelineEvent[]> {
  const reader = new PipelineReader();
  const events: PipelineEvent[] = [];
  for (;;) {
    const { chunks, done } = await by.run(receive(SHELL, commandId, 1000));
    events.push(...chunks.flatMap((chunk) => reader.receive(chunk)));
    if (done) return events;
  }
}
const said = (events: readonly PipelineEvent[]) =>
  events.map((event) => {
    if (event.kind === 'record')
      return `${event.stream} ${typeof event.value === 'object' ? '…' : event.value}`;
    return event.kind === 'state' ? event.state : event.kind;
  });

/** Lets the computer run until the command has nothing more to do. */
async function ended(by: WSManClient): Promise<void> {
  for (let i = 0; i < 10_000; i++) {
    if ((await by.run(listCommands(ID)))[0]?.state === 'Done') return;
    await time.pass(1);
  }
  throw new Error('The command does not end.');
}

describe('opening a pool', () => {
  const events = async (by: WSManClient, answers: number) => {
    const reader = new PoolReader();
    const all = [];
    for (let i = 0; i < answers; i++) {
      const { chunks } = await by.run(receive(SHELL));
      all.push(chunks.flatMap((chunk) => reader.receive(chunk)).map((event) => event.kind));
    }
    return all;
  };

  test('capability and private data come in one answer, Opened in the next', async () => {
    const alice = client();
    await open(alice);
    expect(await events(alice, 2)).toEqual([['capability', 'privateData'], ['state']]);
  });

  test('a pool that cannot be is made all the same, and fails at Receive after its capability', async () => {
    const alice = client();
    await alice.run(createShell({ ...SHELL, creationXml: creationXml({ min: 3, max: 1 }) }));
    expect(await events(alice, 1)).toEqual([['capability']]);
    await expect(client(alice).run(receive(SHELL))).rejects.toEqual(fault(2152992672));
  });

  test('an unknown protocol version fails it', async () => {
    const alice = client();
    await alice.run(createShell({ ...SHELL, creationXml: creationXml({ protocolVersion: '2.9' }) }));
    await expect(client(alice).run(receive(SHELL))).rejects.toEqual(fault(2152992672));
  });

  test('Receive waits for OperationTimeout and no longer', async () => {
    const alice = client();
    await open(alice);
    await events(alice, 2);
    const waiting = alice.run(receive(SHELL, undefined, 20_000));
    await time.pass(19_999);
    expect(time.waiting).toBe(1);
    await time.pass(1);
    expect(await waiting).toEqual({ chunks: [], done: false });
  });

  test('a second Receive on one stream is refused', async () => {
    const alice = client();
    await open(alice);
    await events(alice, 2);
    const first = alice.run(receive(SHELL, undefined, 1000));
    await time.pass(1);
    await expect(client(alice).run(receive(SHELL))).rejects.toEqual(fault(2150859047));
    await time.pass(1000);
    await first;
  });
});

describe('a pipeline', () => {
  test('says what its script says, then its state, then Done', async () => {
    const alice = client();
    await open(alice);
    await start(alice, "'one'; 2; Write-Warning careful; throw 'enough'");
    expect(said(await drain(alice))).toEqual(['output one', 'output 2', 'warning …', 'Failed']);
    expect(await alice.run(listCommands(ID))).toEqual([
      { commandId: COMMAND, commandLine: '', state: 'Done' },
    ]);
    await alice.run(signal(SHELL, COMMAND, 'terminate'));
    expect(await alice.run(listCommands(ID))).toEqual([]);
  });

  test('tells a client with a host on the host, too', async () => {
    const alice = client();
    await open(alice);
    await start(alice, 'Write-Warning careful', { hasHost: true });
    expect(said(await drain(alice))).toEqual(['warning …', 'hostCall', 'Completed']);
  });

  test('waits with its script for the end of its input', async () => {
    const alice = client();
    await open(alice);
    await start(alice, "'ready'; $input", { noInput: false });
    const events = drain(alice);
    for (const value of ['a', 'b'])
      await alice.run(send(SHELL, bytes('PIPELINE_INPUT', value, COMMAND), COMMAND));
    await alice.run(send(SHELL, bytes('END_OF_PIPELINE_INPUT', undefined, COMMAND), COMMAND));
    expect(said(await events)).toEqual(['output ready', 'output a', 'output b', 'Completed']);
  });

  test('is stopped in its sleep, and says so', async () => {
    const alice = client();
    await open(alice);
    await start(alice, "'before'; Start-Sleep 3600; 'never'");
    const events = drain(alice);
    await time.pass(10);
    const stopped = alice.run(signal(SHELL, COMMAND, 'stop'));
    // Its last words come before the Signal is answered.
    expect(said(await events)).toEqual(['output before', 'Stopped']);
    await time.pass(50);
    await stopped;
  });

  test('waits its turn in a pool of one', async () => {
    const alice = client();
    await open(alice);
    const other = '00000000-0000-4000-8000-000000000002';
    await start(alice, "Start-Sleep 5; 'first'");
    await alice.run(startCommand(SHELL, other, pipeline("'second'", {}, other)));
    const second = drain(alice, other);
    await time.pass(4000);
    const first = drain(alice);
    await time.pass(2000);
    expect([said(await first), said(await second)]).toEqual([
      ['output first', 'Completed'],
      ['output second', 'Completed'],
    ]);
  });

  test('rests while its buffer is full, and loses nothing', async () => {
    const alice = client();
    await open(alice);
    await start(alice, `1..3000 | ForEach-Object { "$_ ${'x'.repeat(1000)}" }`);
    await time.pass(60_000);
    const events = said(await drain(alice));
    expect(events).toHaveLength(3001);
    expect(events.slice(0, 3000).map((one) => Number(one.split(' ')[1]))).toEqual(
      Array.from({ length: 3000 }, (_, i) => i + 1),
    );
  });

  test('told to drop, it forgets the oldest and ends', async () => {
    const alice = client();
    await open(alice);
    await alice.run(disconnectShell(SHELL, { bufferMode: 'Drop' }));
    await alice.run(reconnect(SHELL));
    await start(alice, `1..3000 | ForEach-Object { "$_ ${'x'.repeat(1000)}" }`);
    await ended(alice);
    const events = said(await drain(alice));
    expect(events.length).toBeLessThan(1500);
    expect(events.at(-2)).toMatch(/^output 3000 /);
    expect(events.at(-1)).toBe('Completed');
  });
});

describe('leaving and taking up', () => {
  test('another client gets all that was said meanwhile, once and complete', async () => {
    const [alice, later] = [client(), client()];
    await open(alice);
    await start(alice, "1..40 | ForEach-Object { $_; Start-Sleep 1 }; 'end'");
    await time.pass(5000);
    const seen = await alice.run(receive(SHELL, COMMAND));
    await alice.run(disconnectShell(SHELL));
    await time.pass(60_000);
    const reader = new PoolReader();
    expect(reader.receive(await later.run(connectShell(SHELL, connectXml(ID))))).toEqual([
      expect.objectContaining({ kind: 'capability', protocolVersion: '2.3' }),
      { kind: 'opened', minRunspaces: 1, maxRunspaces: 1 },
    ]);
    await expect(later.run(receive(SHELL, COMMAND))).rejects.toEqual(fault(2150859230));
    await later.run(connectCommand(SHELL, COMMAND));
    const before = seen.chunks.length;
    const events = said(await drain(later));
    expect(before).toBeGreaterThan(0);
    expect(events).toEqual([
      ...Array.from({ length: 40 - before }, (_, i) => `output ${before + i + 1}`),
      'output end',
      'Completed',
    ]);
  });

  test('the same client reconnects shell and command, each by itself', async () => {
    const alice = client();
    await open(alice);
    await start(alice, "'said'");
    await alice.run(disconnectShell(SHELL));
    await alice.run(reconnect(SHELL));
    await expect(alice.run(receive(SHELL, COMMAND))).rejects.toEqual(fault(2150859230));
    await alice.run(reconnect(SHELL, COMMAND));
    expect(said(await drain(alice))).toEqual(['output said', 'Completed']);
  });

  test('disconnecting ends the Receive that waits, and keeps what comes after for the next', async () => {
    const alice = client();
    await open(alice);
    await start(alice, "Start-Sleep 10; 'late'");
    const waiting = expect(alice.run(receive(SHELL, COMMAND))).rejects.toEqual(fault(2150859230));
    await time.pass(1);
    await alice.run(disconnectShell(SHELL));
    await waiting;
    await time.pass(20_000);
    await alice.run(reconnect(SHELL));
    await alice.run(reconnect(SHELL, COMMAND));
    expect(said(await drain(alice))).toEqual(['output late', 'Completed']);
  });

  test('sizes are told swapped, as PowerShell does, and refused when both differ', async () => {
    const [alice, later] = [client(), client()];
    await alice.run(createShell({ ...SHELL, creationXml: creationXml({ min: 2, max: 5 }) }));
    await alice.run(disconnectShell(SHELL));
    const sized = (min: number, max: number) =>
      Buffer.concat([
        bytes('SESSION_CAPABILITY', sessionCapability()),
        bytes('CONNECT_RUNSPACEPOOL', psObject({ extended: { MinRunspaces: min, MaxRunspaces: max } })),
      ]);
    await expect(later.run(connectShell(SHELL, sized(1, 1)))).rejects.toEqual(fault(2152992675));
    const events = new PoolReader().receive(await later.run(connectShell(SHELL, sized(2, 9))));
    expect(events[1]).toEqual({ kind: 'opened', minRunspaces: 5, maxRunspaces: 2 });
  });
});
