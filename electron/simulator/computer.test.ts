import { beforeEach, describe, expect, test } from 'vitest';
import { WSManClient } from '../winrm/client.ts';
import { identify } from '../winrm/wsman/identify.ts';
import {
  createShell,
  deleteShell,
  disconnectShell,
  getShell,
  receive,
  reconnect,
} from '../winrm/wsman/pool.ts';
import { listCommands, listShells } from '../winrm/wsman/shell.ts';
import { openSimulatedChannel } from './channel.ts';
import { SimulatedComputer } from './computer.ts';
import type { Caller } from './computer.ts';
import type { ComputerOptions } from './shells.ts';
import { Random } from './random.ts';
import { SimulatedTime } from './simulated-time.ts';

const ALICE: Caller = { owner: 'LAB\\alice', clientIP: '10.0.0.5', isAdministrator: false };
const BOB: Caller = { owner: 'LAB\\bob', clientIP: '10.0.0.6', isAdministrator: false };
const ADMINISTRATOR: Caller = { owner: 'LAB\\admin', clientIP: '10.0.0.7', isAdministrator: true };
const SHELL = {
  shellId: 'B6631D8E-65A0-49F2-9053-A1B156C95777',
  resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
};
const NOTHING = new Uint8Array();
const ENUMERATE = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header><a:Action>http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate</a:Action><w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/windows/shell</w:ResourceURI><a:MessageID>uuid:1</a:MessageID><w:OperationTimeout>PT60S</w:OperationTimeout></s:Header><s:Body><n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>9</w:MaxElements></n:Enumerate></s:Body></s:Envelope>`;

let time: SimulatedTime;
let computer: SimulatedComputer;

const start = (options: ComputerOptions = {}) => {
  time = new SimulatedTime(1_700_000_000_000);
  const random = new Random(7);
  computer = new SimulatedComputer(
    'web01',
    { now: time.now, delay: time.delay, newGuid: () => random.guid() },
    options,
  );
};
const client = (caller = ALICE) =>
  new WSManClient({
    to: 'http://web01:5985/wsman',
    maxConnectionRetryCount: 0, // what goes wrong once is looked at once
    channel: openSimulatedChannel(computer, caller, { delay: time.delay, latencyMs: () => 0 }),
  });
const fault = (faultCode: number) =>
  expect.objectContaining({ info: expect.objectContaining({ faultCode }) as unknown });
const create = (by: WSManClient, shellId = SHELL.shellId, name?: string) =>
  by.run(createShell({ ...SHELL, shellId, creationXml: NOTHING, ...(name ? { name } : {}) }));

beforeEach(() => start());

test('Identify tells what answers', async () => {
  expect(await client().run(identify())).toMatchObject({
    productVendor: 'Microsoft Corporation',
    productVersion: expect.stringContaining('Stack: 3.0') as unknown,
  });
});

test('a computer without shells lists none', async () => {
  expect(await client().run(listShells())).toEqual([]);
});

test('a shell tells its name, owner, state and idle time as the clock goes', async () => {
  const alice = client();
  await create(alice, SHELL.shellId, 'Backup');
  await alice.run(disconnectShell(SHELL, { idleTimeoutMs: 90_000, bufferMode: 'Drop' }));
  await time.pass(61_000);
  const [listed] = await alice.run(listShells());
  expect(listed?.shell).toMatchObject({
    shellId: SHELL.shellId,
    name: 'Backup',
    owner: 'LAB\\alice',
    clientIP: '10.0.0.5',
    state: 'Disconnected',
    bufferMode: 'Drop',
    idleTimeoutMs: 90_000,
    maxIdleTimeoutMs: 2_147_483_647,
    shellInactivityMs: 61_000,
    shellRunTimeMs: 61_000,
  });
});

test('a shell that idles longer than it may is gone', async () => {
  const alice = client();
  await create(alice);
  await alice.run(disconnectShell(SHELL, { idleTimeoutMs: 90_000 }));
  await time.pass(90_001);
  expect(await alice.run(listShells())).toEqual([]);
  await expect(alice.run(getShell(SHELL))).rejects.toEqual(fault(2150858843));
});

test('users see their own shells, an administrator those of all, and deletes them by the resource shell', async () => {
  await create(client());
  expect(await client(BOB).run(listShells())).toEqual([]);
  await expect(client(BOB).run(deleteShell(SHELL))).rejects.toEqual(fault(5));
  const administrator = client(ADMINISTRATOR);
  expect(await administrator.run(listShells())).toHaveLength(1);
  await expect(administrator.run(disconnectShell(SHELL))).rejects.toEqual(fault(5));
  await administrator.run(
    deleteShell({ ...SHELL, resourceUri: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell' }),
  );
  expect(await administrator.run(listShells())).toEqual([]);
});

test('a user may have so many shells and no more', async () => {
  start({ maxShells: 2 });
  const alice = client();
  await create(alice, '00000000-0000-4000-8000-000000000001');
  await create(alice, '00000000-0000-4000-8000-000000000002');
  await expect(create(alice, '00000000-0000-4000-8000-000000000003')).rejects.toEqual(fault(2150859173));
  await create(client(BOB), '00000000-0000-4000-8000-000000000004');
});

test('an enumeration comes in pages, and its context is good once', async () => {
  start({ maxElements: 2 });
  const alice = client();
  for (const n of [1, 2, 3, 4, 5]) await create(alice, `00000000-0000-4000-8000-00000000000${n}`);
  expect((await alice.run(listShells())).map(({ shell }) => shell.shellId.at(-1))).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
  ]);
});

test('commands are listed for one shell only, and the filter must name it', async () => {
  await create(client());
  expect(await client().run(listCommands(SHELL.shellId))).toEqual([]);
  const unfiltered = {
    action: 'Enumerate',
    resourceUri: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command',
  } as const;
  await expect(client().send(unfiltered)).rejects.toEqual(fault(2150859200));
  await expect(client().run(listCommands('00000000-0000-4000-8000-000000000009'))).rejects.toEqual(
    fault(2150858843),
  );
});

describe('whose a shell is', () => {
  test('the same client reconnects what it disconnected; another may not', async () => {
    const alice = client();
    await create(alice);
    await alice.run(disconnectShell(SHELL));
    await expect(client().run(reconnect(SHELL))).rejects.toEqual(fault(2150859206));
    await alice.run(reconnect(SHELL));
    await expect(client().run(reconnect(SHELL))).rejects.toEqual(fault(2150859213));
  });

  test('another client can neither disconnect nor read it', async () => {
    await create(client());
    await expect(client().run(disconnectShell(SHELL))).rejects.toEqual(fault(2150859213));
    await expect(client().run(receive(SHELL))).rejects.toEqual(fault(2150859213));
  });

  test('disconnected it takes no second Disconnect, no Send, no Receive', async () => {
    const alice = client();
    await create(alice);
    await alice.run(disconnectShell(SHELL));
    await expect(alice.run(disconnectShell(SHELL))).rejects.toEqual(fault(2150859215));
    await expect(alice.run(receive(SHELL))).rejects.toEqual(fault(2150859230));
    await expect(
      alice.send({ action: 'Send', resourceUri: SHELL.resourceUri, selectors: { ShellId: SHELL.shellId } }),
    ).rejects.toEqual(fault(2150859204));
  });
});

describe('told to misbehave', () => {
  const list = () => client().run(listShells());

  test('it gives any fault', async () => {
    computer.misbehaviours.plan({ wrong: { kind: 'fault', code: 2150859174 }, times: 1 });
    await expect(list()).rejects.toEqual(fault(2150859174));
    expect(await list()).toEqual([]);
  });

  test('it breaks the connection, before or after it did what was asked', async () => {
    computer.misbehaviours.plan(
      { wrong: { kind: 'dropped', carriedOut: false }, action: 'Create', times: 1 },
      { wrong: { kind: 'dropped', carriedOut: true }, action: 'Create', times: 1 },
    );
    await expect(create(client())).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await list()).toHaveLength(0);
    await expect(create(client())).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await list()).toHaveLength(1);
  });

  test.each([{ kind: 'garbage', text: '<html>Bad gateway' }, { kind: 'truncated' }] as const)(
    '$kind is no answer',
    async (wrong) => {
      computer.misbehaviours.plan({ wrong, times: 1 });
      await expect(list()).rejects.toMatchObject({ kind: 'protocol' });
    },
  );

  test('slow, it answers when the time has come', async () => {
    computer.misbehaviours.plan({ wrong: { kind: 'slow', ms: 5000 }, times: 1 });
    const answer = list();
    await time.pass(4999);
    expect(time.waiting).toBe(1);
    await time.pass(1);
    expect(await answer).toEqual([]);
  });

  test('a huge answer is huge', async () => {
    computer.misbehaviours.plan({ wrong: { kind: 'huge', length: 5_000_000 }, times: 1 });
    const soap = await computer.receive(ENUMERATE, ALICE, new AbortController().signal);
    expect(soap.length).toBeGreaterThan(5_000_000);
    expect(await list()).toEqual([]);
  });

  test('an answer can relate to another request', async () => {
    computer.misbehaviours.plan({ wrong: { kind: 'wrongRelatesTo' }, times: 1 });
    const related = async () =>
      /<a:RelatesTo>([^<]*)/.exec(
        await computer.receive(ENUMERATE, ALICE, new AbortController().signal),
      )?.[1];
    expect(await related()).not.toBe('uuid:1');
    expect(await related()).toBe('uuid:1');
  });

  test('an answer can name other shells than there are', async () => {
    await create(client());
    computer.misbehaviours.plan({ wrong: { kind: 'wrongId' }, action: 'Enumerate', times: 1 });
    const shellId = async () => (await list())[0]?.shell.shellId;
    expect(await shellId()).not.toBe(SHELL.shellId);
    expect(await shellId()).toBe(SHELL.shellId);
  });
});

test('what is no SOAP is refused, and an unknown action has its fault', async () => {
  const ask = (soap: string) => computer.answer(soap, ALICE, new AbortController().signal);
  await expect(ask('<html>')).rejects.toMatchObject({ kind: 'protocol' });
  expect(await ask(ENUMERATE.replace('/Enumerate<', '/Nonsense<'))).toMatchObject({
    isFault: true,
    soap: expect.stringContaining('Code="2150858771"') as unknown,
  });
  expect((await ask(ENUMERATE.replace('PT60S', 'soon'))).soap).toContain('Code="2150858767"');
});

test('a released enumeration cannot be pulled', async () => {
  start({ maxElements: 1 });
  for (const n of [1, 2]) await create(client(), `00000000-0000-4000-8000-00000000000${n}`);
  const ask = (soap: string) => computer.receive(soap, ALICE, new AbortController().signal);
  const context = /<n:EnumerationContext>([^<]+)/.exec(await ask(ENUMERATE))?.[1] ?? '';
  const about = (action: string) =>
    ENUMERATE.replace('/Enumerate<', `/${action}<`).replace(
      /<n:Enumerate>.*<\/n:Enumerate>/,
      `<n:${action}><n:EnumerationContext>${context}</n:EnumerationContext></n:${action}>`,
    );
  expect(await ask(about('Release'))).toContain('<s:Body></s:Body>');
  expect(await ask(about('Pull'))).toContain('Code="2150858779"');
});
