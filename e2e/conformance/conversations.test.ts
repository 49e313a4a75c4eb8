import { expect, test } from 'vitest';
import { OutputRenderer } from '../../electron/winrm/index.ts';
import type { PipelineEvent } from '../../electron/winrm/index.ts';
import { withEachServer } from './conversation.ts';
import { said } from './said.ts';

const fault = (code: number) => expect.objectContaining({ faultCode: code });

await withEachServer('conversations', (to) => {
  test('a computer without sessions lists none and reports no miss', async () => {
    const answer = await to.newClient().list({ name: ['nothing'] }, { strict: true });
    expect(answer).toEqual({ sessions: [], misses: [] });
  });

  test('Identify tells who answers', async () => {
    expect(await to.newClient().identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
  });

  test('a session in use is Busy, a disconnected one is free, and both are Disconnected', async () => {
    await to.owner.must(
      '$null = New-PSSession @at -Name held; $null = New-PSSession @at -Name free | Disconnect-PSSession',
    );
    const sessions = await to.list();
    expect(sessions.map(({ name, state, availability }) => [name, state, availability])).toEqual([
      ['held', 'Disconnected', 'Busy'],
      ['free', 'Disconnected', 'None'],
    ]);
    const [held, free] = sessions;
    expect(held).not.toHaveProperty('expiresOn');
    expect((free?.expiresOn ?? 0) - (free?.disconnectedOn ?? 0)).toBe(7_200_000);
  });

  test('a list longer than a page is pulled to its end, in order', async () => {
    await to.owner.must('1..7 | ForEach-Object { $null = New-PSSession @at -Name "s$_" }');
    const client = to.newClient({ rewrite: (soap) => soap.replaceAll('32000<', '2<') });
    expect((await to.list(client)).map(({ name }) => name)).toEqual([
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
    await to.owner.must('$null = New-PSSession @at -Name jea -ConfigurationName JEA');
    expect(await to.find('jea')).toMatchObject({
      configurationName: 'JEA',
      shell: {
        resourceUri: 'http://schemas.microsoft.com/powershell/JEA',
        owner: expect.stringContaining('alice') as string,
      },
    });
  });

  test('what runs in a session is listed as its command', async () => {
    await to.owner.must(
      '$null = Invoke-Command @at -InDisconnectedSession -SessionName busy { Start-Sleep 20 }',
    );
    const client = to.newClient();
    const commands = await client.commands((await to.find('busy', client)).instanceId);
    expect(commands).toEqual([
      { commandId: expect.any(String) as string, commandLine: '', state: 'Running' },
    ]);
  });

  test('a session without a command is connected and has nothing to say', async () => {
    await to.owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
    const client = to.newClient();
    const held = await client.connect(await to.find('free', client));
    expect(held.session).toMatchObject({ state: 'Opened', availability: 'Available' });
    expect(await held.receive(() => expect.unreachable())).toBeUndefined();
    expect(await to.find('free')).toMatchObject({ availability: 'Busy' });
  });

  test('everything that a disconnected session said comes once, complete and in order', async () => {
    await to.owner.must(
      "$null = Invoke-Command @at -InDisconnectedSession -SessionName talk { 1..3000; Write-Warning careful; Write-Error oops; 'end' }",
    );
    const client = to.newClient();
    const held = await client.connect(await to.find('talk', client));
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
    expect(await to.newClient().commands(held.session.instanceId)).toEqual([]);
  });

  test('a command that fails says why', async () => {
    await to.owner.must(
      "$null = Invoke-Command @at -InDisconnectedSession -SessionName bad { 'first'; throw 'broken' }",
    );
    const client = to.newClient();
    const held = await client.connect(await to.find('bad', client));
    const events: PipelineEvent[] = [];
    expect(await held.receive((event) => events.push(event))).toEqual({ state: 'Failed', error: 'broken' });
    expect(said(events, 'output')).toEqual(['first']);
  });

  test('a Receive that times out on the computer is asked again until there is output', async () => {
    await to.owner.must(
      "$null = Invoke-Command @at -InDisconnectedSession -SessionName slow { Start-Sleep -Milliseconds 1500; 'late' }",
    );
    const client = to.newClient({ operationTimeoutMs: 300 });
    const held = await client.connect(await to.find('slow', client));
    const events: PipelineEvent[] = [];
    await held.receive((event) => events.push(event));
    expect(said(events, 'output')).toEqual(['late']);
  });

  test('disconnecting ends a Receive that waits, and the next client gets the rest', async () => {
    await to.owner.must(
      "$null = Invoke-Command @at -InDisconnectedSession -SessionName long { 'one'; Start-Sleep 3; 'two' }",
    );
    const first = to.newClient();
    const held = await first.connect(await to.find('long', first));
    const events: PipelineEvent[] = [];
    let hear: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => (hear = resolve));
    const outcome = held.receive((event) => {
      events.push(event);
      hear();
    });
    await heard;
    await held.disconnect();
    expect(await outcome).toEqual({ state: 'Disconnected' });
    const second = to.newClient();
    const again = await second.connect(await to.find('long', second));
    await again.receive((event) => events.push(event));
    expect(said(events, 'output')).toEqual(['one', 'two']);
  });

  test('the idle time-out and the buffering asked for on leaving are listed', async () => {
    await to.owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
    const client = to.newClient();
    const held = await client.connect(await to.find('free', client));
    await held.disconnect({ idleTimeoutMs: 90_000, bufferMode: 'Drop' });
    expect(await to.find('free')).toMatchObject({
      availability: 'None',
      shell: { idleTimeoutMs: 90_000, bufferMode: 'Drop', state: 'Disconnected' },
    });
  });

  test('the client that left may reconnect; another may not', async () => {
    await to.owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
    const client = to.newClient();
    const held = await client.connect(await to.find('free', client));
    await held.disconnect();
    await expect(to.newClient().reconnect(held.session)).rejects.toEqual(fault(2150859206));
    const continued = to.newClient({ sessionId: client.sessionId });
    expect((await continued.reconnect(await to.find('free'))).session.state).toBe('Opened');
  });

  test('output goes on after a reconnect', async () => {
    await to.owner.must(
      "$null = Invoke-Command @at -InDisconnectedSession -SessionName long { 'one'; Start-Sleep 2; 'two' }",
    );
    const client = to.newClient();
    const held = await client.connect(await to.find('long', client));
    await held.disconnect();
    const continued = to.newClient({ sessionId: client.sessionId });
    const again = await continued.reconnect(await to.find('long'));
    const events: PipelineEvent[] = [];
    expect(await again.receive((event) => events.push(event))).toEqual({ state: 'Completed' });
    expect(said(events, 'output')).toEqual(['one', 'two']);
  });

  test('a session that another client took meanwhile cannot be connected, disconnected or removed', async () => {
    await to.owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
    const stale = await to.find('free');
    const fast = to.newClient();
    await fast.connect(stale);
    const late = to.newClient();
    await expect(late.connect(stale)).rejects.toEqual(fault(2150859213));
    await expect(late.disconnect(stale)).rejects.toEqual(fault(2150859213));
    await expect(late.remove(stale, { force: false })).rejects.toEqual(fault(2150859213));
    expect(await to.find('free')).toMatchObject({ availability: 'Busy' });
  });

  test('a session in use is refused before anything is sent, and force removes it', async () => {
    await to.owner.must('$null = New-PSSession @at -Name held');
    const client = to.newClient();
    const session = await to.find('held', client);
    await expect(client.connect(session)).rejects.toMatchObject({
      kind: 'denied',
      info: { errorId: 'InvalidOperation' },
    });
    await expect(client.remove(session, { force: false })).rejects.toMatchObject({ kind: 'denied' });
    await client.remove(session, { force: true });
    expect(await to.list()).toEqual([]);
  });

  test('a free session is removed, with what runs in it', async () => {
    await to.owner.must(
      '$null = Invoke-Command @at -InDisconnectedSession -SessionName busy { Start-Sleep 20 }',
    );
    const client = to.newClient();
    await client.remove(await to.find('busy', client), { force: false });
    expect(await to.list()).toEqual([]);
  });

  test('a session that is gone is not found by anything', async () => {
    await to.owner.must('$null = New-PSSession @at -Name free | Disconnect-PSSession');
    const client = to.newClient();
    const gone = await to.find('free', client);
    await client.remove(gone, { force: true });
    const unknown = fault(2150858843);
    await expect(client.commands(gone.instanceId)).rejects.toEqual(unknown);
    await expect(client.connect(gone)).rejects.toEqual(unknown);
    await expect(client.reconnect(gone)).rejects.toEqual(unknown);
    await expect(client.disconnect(gone)).rejects.toEqual(unknown);
    await expect(client.remove(gone, { force: true })).rejects.toEqual(unknown);
  });

  test('a wrong password is refused', async () => {
    const client = to.newClient({ credential: { username: 'alice', password: 'wrong' } });
    await expect(to.list(client)).rejects.toMatchObject({
      kind: 'unauthenticated',
      info: { errorId: 'AccessDenied' },
    });
  });

  test('a path that is not served is not found', async () => {
    await expect(to.list(to.newClient({ path: '/nothing' }))).rejects.toMatchObject({
      info: { errorId: 'URLNotAvailable' },
    });
  });
});
