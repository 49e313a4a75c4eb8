import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { OutputRenderer, WinRMError } from '../../electron/winrm/index.ts';
import type { PipelineEvent, RemoteComputer } from '../../electron/winrm/index.ts';
import type { PSSession } from '../../shared/session.ts';
import {
  connectionScript,
  missingPowerShellClient,
  startPowerShellClient,
} from '../peers/powershell-client.ts';
import type { PowerShellClient, PowerShellRunspace } from '../peers/powershell-client.ts';
import { announceSkip } from '../peers/skip.ts';
import { said } from './said.ts';
import { clientOf, servers } from './servers.ts';
import type { ClientOptions, Listening } from './servers.ts';

const clientMissing = await missingPowerShellClient();

const fault = (code: number) => expect.objectContaining({ faultCode: code });

for (const server of await servers()) {
  const missing = announceSkip(
    `conversations with ${server.name}, sessions made by real PowerShell`,
    server.missing ?? clientMissing,
  );

  describe.skipIf(missing)(`To ${server.name}, with sessions that real PowerShell made,`, () => {
    let computer: Listening;
    let powerShell: PowerShellClient;
    let owner: PowerShellRunspace;
    const clients: RemoteComputer[] = [];

    const newClient = (options?: ClientOptions) => {
      const client = clientOf(computer, options);
      clients.push(client);
      return client;
    };
    const list = async (client = newClient()) => (await client.list({}, { strict: false })).sessions;
    const find = async (name: string, client?: RemoteComputer): Promise<PSSession> => {
      const found = (await list(client)).find((session) => session.name === name);
      if (!found) throw new Error(`No session ${name}.`);
      return found;
    };

    beforeAll(async () => {
      [computer, powerShell] = await Promise.all([server.start(), startPowerShellClient()]);
      owner = powerShell.runspace('owner');
      await owner.must(connectionScript(computer.port, computer.account));
    });

    afterEach(async () => {
      const cleaner = clientOf(computer);
      for (const session of await list(cleaner)) await cleaner.remove(session, { force: true });
      for (const client of [cleaner, ...clients.splice(0)]) client.close();
      await owner.run('Get-PSSession | Remove-PSSession');
    });

    afterAll(() => Promise.all([powerShell?.stop(), computer?.stop()]));

    test('a computer without sessions lists none and reports no miss', async () => {
      const answer = await newClient().list({ name: ['nothing'] }, { strict: true });
      expect(answer).toEqual({ sessions: [], misses: [] });
    });

    test('Identify tells who answers', async () => {
      expect(await newClient().identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
    });

    test('a session in use is Busy, a disconnected one is free, and both are Disconnected', async () => {
      await owner.must(
        '$null = New-PSSession @at -Name held; $null = New-PSSession @at -Name free | Disconnect-PSSession',
      );
      const sessions = await list();
      expect(sessions.map(({ name, state, availability }) => [name, state, availability])).toEqual([
        ['held', 'Disconnected', 'Busy'],
        ['free', 'Disconnected', 'None'],
      ]);
      const [held, free] = sessions;
      expect(held).not.toHaveProperty('expiresOn');
      expect((free?.expiresOn ?? 0) - (free?.disconnectedOn ?? 0)).toBe(7_200_000);
    });

    test('a list longer than a page is pulled to its end, in order', async () => {
      await owner.must('1..7 | ForEach-Object { $null = New-PSSession @at -Name "s$_" }');
      const client = newClient({ rewrite: (soap) => soap.replaceAll('32000<', '2<') });
      expect((await list(client)).map(({ name }) => name)).toEqual([
        's1',
        's2',
        's3',
        's4',
        's5',
        's6',
        's7',
      ]);
    });

    test('the configuration of a session is shown by its short name', async () => {
      await owner.must('$null = New-PSSession @at -Name jea -ConfigurationName JEA');
      expect(await find('jea')).toMatchObject({
        configurationName: 'JEA',
        shell: {
          resourceUri: 'http://schemas.microsoft.com/powershell/JEA',
          owner: expect.stringContaining('alice') as string,
        },
      });
    });

    test('what runs in a session is listed as its command', async () => {
      await owner.must(
        '$null = Invoke-Command @at -InDisconnectedSession -SessionName busy { Start-Sleep 20 }',
      );
      const client = newClient();
      const commands = await client.commands((await find('busy', client)).instanceId);
      expect(commands).toEqual([
        { commandId: expect.any(String) as string, commandLine: '', state: 'Running' },
      ]);
    });

    test('a session without a command is connected and has nothing to say', async () => {
      await owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
      const client = newClient();
      const held = await client.connect(await find('free', client));
      expect(held.session).toMatchObject({ state: 'Opened', availability: 'Available' });
      expect(await held.receive(() => expect.unreachable())).toBeUndefined();
      expect(await find('free')).toMatchObject({ availability: 'Busy' });
    });

    test('everything that a disconnected session said comes once, complete and in order', async () => {
      await owner.must(
        "$null = Invoke-Command @at -InDisconnectedSession -SessionName talk { 1..3000; Write-Warning careful; Write-Error oops; 'end' }",
      );
      const client = newClient();
      const held = await client.connect(await find('talk', client));
      const events: PipelineEvent[] = [];
      expect(await held.receive((event) => events.push(event))).toEqual({ state: 'Completed' });
      expect(said(events, 'output')).toEqual([...Array.from({ length: 3000 }, (_, i) => i + 1), 'end']);
      expect(said(events, 'error')).toEqual(['oops']);
      // A host's line and the record of it are one to the reader, as they are to PowerShell's.
      const renderer = new OutputRenderer();
      const warnings = events
        .flatMap((event) => renderer.render(event))
        .filter(({ stream }) => stream === 'warning');
      expect(warnings.map(({ text }) => text)).toEqual(['careful']);
      expect(events.at(-1)).toMatchObject({ kind: 'state', state: 'Completed' });
      expect(await newClient().commands(held.session.instanceId)).toEqual([]);
    });

    test('a command that fails says why', async () => {
      await owner.must(
        "$null = Invoke-Command @at -InDisconnectedSession -SessionName bad { 'first'; throw 'broken' }",
      );
      const client = newClient();
      const held = await client.connect(await find('bad', client));
      const events: PipelineEvent[] = [];
      expect(await held.receive((event) => events.push(event))).toEqual({ state: 'Failed', error: 'broken' });
      expect(said(events, 'output')).toEqual(['first']);
    });

    test('a Receive that times out on the computer is asked again until there is output', async () => {
      await owner.must(
        "$null = Invoke-Command @at -InDisconnectedSession -SessionName slow { Start-Sleep -Milliseconds 1500; 'late' }",
      );
      const client = newClient({ operationTimeoutMs: 300 });
      const held = await client.connect(await find('slow', client));
      const events: PipelineEvent[] = [];
      await held.receive((event) => events.push(event));
      expect(said(events, 'output')).toEqual(['late']);
    });

    test('disconnecting ends a Receive that waits, and the next client gets the rest', async () => {
      await owner.must(
        "$null = Invoke-Command @at -InDisconnectedSession -SessionName long { 'one'; Start-Sleep 3; 'two' }",
      );
      const first = newClient();
      const held = await first.connect(await find('long', first));
      const events: PipelineEvent[] = [];
      const heard = new Promise<void>((resolve) => {
        void held
          .receive((event) => {
            events.push(event);
            resolve();
          })
          .then((outcome) => expect(outcome).toEqual({ state: 'Disconnected' }));
      });
      await heard;
      await held.disconnect();
      const second = newClient();
      const again = await second.connect(await find('long', second));
      await again.receive((event) => events.push(event));
      expect(said(events, 'output')).toEqual(['one', 'two']);
    });

    test('the idle time-out and the buffering asked for on leaving are listed', async () => {
      await owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
      const client = newClient();
      const held = await client.connect(await find('free', client));
      await held.disconnect({ idleTimeoutMs: 90_000, bufferMode: 'Drop' });
      expect(await find('free')).toMatchObject({
        availability: 'None',
        shell: { idleTimeoutMs: 90_000, bufferMode: 'Drop', state: 'Disconnected' },
      });
    });

    test('the client that left may reconnect; another may not', async () => {
      await owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
      const client = newClient();
      const held = await client.connect(await find('free', client));
      await held.disconnect();
      await expect(newClient().reconnect(held.session)).rejects.toEqual(fault(2150859206));
      const continued = newClient({ sessionId: client.sessionId });
      expect((await continued.reconnect(await find('free'))).session.state).toBe('Opened');
    });

    test('output goes on after a reconnect', async () => {
      await owner.must(
        "$null = Invoke-Command @at -InDisconnectedSession -SessionName long { 'one'; Start-Sleep 2; 'two' }",
      );
      const client = newClient();
      const held = await client.connect(await find('long', client));
      await held.disconnect();
      const continued = newClient({ sessionId: client.sessionId });
      const again = await continued.reconnect(await find('long'));
      const events: PipelineEvent[] = [];
      expect(await again.receive((event) => events.push(event))).toEqual({ state: 'Completed' });
      expect(said(events, 'output')).toEqual(['one', 'two']);
    });

    test('a session that another client took meanwhile cannot be connected, disconnected or removed', async () => {
      await owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
      const stale = await find('free');
      const fast = newClient();
      await fast.connect(stale);
      const late = newClient();
      await expect(late.connect(stale)).rejects.toEqual(fault(2150859213));
      await expect(late.disconnect(stale)).rejects.toEqual(fault(2150859213));
      await expect(late.remove(stale, { force: false })).rejects.toEqual(fault(2150859213));
      expect(await find('free')).toMatchObject({ availability: 'Busy' });
    });

    test('a session in use is refused before anything is sent, and force removes it', async () => {
      await owner.must('$null = New-PSSession @at -Name held');
      const client = newClient();
      const session = await find('held', client);
      await expect(client.connect(session)).rejects.toMatchObject({
        kind: 'denied',
        info: { errorId: 'InvalidOperation' },
      });
      await expect(client.remove(session, { force: false })).rejects.toMatchObject({ kind: 'denied' });
      await client.remove(session, { force: true });
      expect(await list()).toEqual([]);
    });

    test('a free session is removed, with what runs in it', async () => {
      await owner.must(
        '$null = Invoke-Command @at -InDisconnectedSession -SessionName busy { Start-Sleep 20 }',
      );
      const client = newClient();
      await client.remove(await find('busy', client), { force: false });
      expect(await list()).toEqual([]);
    });

    test('a session that is gone is not found by anything', async () => {
      await owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
      const client = newClient();
      const gone = await find('free', client);
      await client.remove(gone, { force: true });
      const unknown = fault(2150858843);
      await expect(client.commands(gone.instanceId)).rejects.toEqual(unknown);
      await expect(client.connect(gone)).rejects.toEqual(unknown);
      await expect(client.reconnect(gone)).rejects.toEqual(unknown);
      await expect(client.disconnect(gone)).rejects.toEqual(unknown);
      await expect(client.remove(gone, { force: true })).rejects.toEqual(unknown);
    });

    test('a wrong password is refused', async () => {
      const client = newClient({ credential: { username: 'alice', password: 'wrong' } });
      await expect(list(client)).rejects.toMatchObject({
        kind: 'unauthenticated',
        info: { errorId: 'AccessDenied' },
      });
    });

    test('a path that is not served is not found', async () => {
      await expect(list(newClient({ path: '/nothing' }))).rejects.toMatchObject({
        info: { errorId: 'URLNotAvailable' },
      });
    });

    test('connections that broke between requests are replaced', async () => {
      await owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
      const client = newClient();
      await find('free', client);
      await computer.killConnections();
      expect(await find('free', client)).toMatchObject({ availability: 'None' });
    });

    test('a Receive that the network broke fails, and the same client takes the output up again', async () => {
      await owner.must(
        "$null = Invoke-Command @at -InDisconnectedSession -SessionName long { 'one'; Start-Sleep 2; 'two' }",
      );
      const client = newClient();
      const held = await client.connect(await find('long', client));
      const events: PipelineEvent[] = [];
      const broken = new Promise((resolve, reject) => {
        const onEvent = (event: PipelineEvent) => {
          events.push(event);
          // A round trip later the next Receive is on its way.
          find('long')
            .then(() => computer.killConnections())
            .catch(reject);
        };
        held.receive(onEvent).then(resolve, resolve);
      });
      expect(await broken).toMatchObject({ kind: 'unreachable' });
      const again = await client.reconnect(await find('long', client));
      await again.receive((event) => events.push(event));
      expect(said(events, 'output')).toEqual(['one', 'two']);
    });

    test('a connection that breaks under a request fails that request alone', async () => {
      await owner.must("$null = Invoke-Command @at -InDisconnectedSession -SessionName talk { 'said' }");
      const client = newClient();
      const session = await find('talk', client);
      await computer.loseAnswer('Enumerate');
      await expect(list(client)).rejects.toSatisfy(
        (error) => error instanceof WinRMError && error.kind === 'unreachable',
      );
      const held = await client.connect(session);
      const events: PipelineEvent[] = [];
      await held.receive((event) => events.push(event));
      expect(said(events, 'output')).toEqual(['said']);
    });
  });
}
